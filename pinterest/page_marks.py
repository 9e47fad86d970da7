"""What a page tells Pinterest about itself. Runs in a bounded process: the page is foreign."""

from __future__ import annotations

from typing import Final

import msgspec

from foundation.bounded import Limits, run_bounded
from foundation.markup import parse_html

_JOB: Final = "pinterest.page_marks:find_nopin"
_LIMITS: Final = Limits(memory_bytes=512 * 1024 * 1024, cpu_s=5, wall_s=10, answer_bytes=1)


class Page(msgspec.Struct, frozen=True, array_like=True):
    """The beginning of a page; `charset` as the answer's header says, if anything."""

    head: bytes
    charset: str


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Page)


def forbids_pins(head: bytes, *, charset: str) -> bool:
    """Whether a page forbids Pins of it. Raises BoundedFailure."""
    # Most pages don't have the word at all, in whatever encoding: those need no process.
    if b"nopin" not in head.replace(b"\0", b"").lower():
        return False
    return bool(run_bounded(_JOB, _ENCODER.encode(Page(head, charset)), limits=_LIMITS))


def find_nopin(request: bytes) -> bytes:
    """The job: a byte for a page that forbids Pins, nothing for one that does not."""
    page = _DECODER.decode(request)
    for meta in parse_html(page.head, charset=page.charset).css("meta"):
        given = meta.attributes
        name = (given.get("name") or "").strip().lower()
        if name == "pinterest" and "nopin" in (given.get("content") or "").lower().split():
            return b"1"
    return b""
