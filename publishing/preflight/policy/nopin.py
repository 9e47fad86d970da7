"""How a page forbids Pins of it: `<meta name="pinterest" content="nopin">`. Pure.

Source: Pinterest's announcement of the tag, as reported by Marketing Land. Pinterest refuses such
Pins with "site doesn't allow you to save Pins".
"""

from __future__ import annotations

from typing import Final

import msgspec

from foundation.documents.markup import parse_html


class PageHead(msgspec.Struct, frozen=True, array_like=True):
    """The beginning of a page; `charset` as the answer's header says, if anything."""

    head: bytes
    charset: str


_DECODER: Final = msgspec.msgpack.Decoder(PageHead)


def may_forbid(head: bytes) -> bool:
    """Whether the word is there at all, in whatever encoding: most pages don't have it."""
    return b"nopin" in head.replace(b"\0", b"").lower()


def find_nopin(request: bytes) -> bytes:
    """A PageHead in; a byte out for a page that forbids Pins, nothing for one that does not.

    The page is foreign: to be run in a bounded process.
    """
    page = _DECODER.decode(request)
    for meta in parse_html(page.head, charset=page.charset).css("meta"):
        given = meta.attributes
        name = (given.get("name") or "").strip().lower()
        if name == "pinterest" and "nopin" in (given.get("content") or "").lower().split():
            return b"1"
    return b""
