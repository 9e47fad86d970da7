"""The chunks of a PNG file: what its pixels need is kept, the rest falls away unread."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from foundation.mediafiles.colour_spaces import SRGB, ColourSpace, Primaries

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_KEPT: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"eXIf"})
_PROFILE_LIMIT: Final = 16 * 1024 * 1024
_UNIT: Final = 100_000
_SRGB_GAMMA: Final = 45_455


@dataclass(slots=True)
class PngParts:
    """A PNG without what its pixels don't need.

    `pictures` counts the frames of an animation, 1 for a still; `profile` is its ICC profile,
    unpacked; `space` what it says of its colours otherwise; None for nothing, which means sRGB.
    """

    data: bytes = b""
    pictures: int = 1
    profile: bytes | None = None
    space: ColourSpace | None = None
    chunks: dict[bytes, bytes] = field(default_factory=dict)


def read_png(data: bytes) -> PngParts:
    """Take a PNG apart. Texts of any size, odd chunks and wrong checksums of those do no harm.

    Of an animation only the picture stays that programs without animations show.
    """
    found, kept = PngParts(), [SIGNATURE]
    for kind, start, end in _walk(data):
        if kind in _KEPT:
            kept.append(data[start - 8 : end + 4] if end + 4 <= len(data) else data[start - 8 :])
        elif end - start <= _PROFILE_LIMIT:
            found.chunks.setdefault(kind, data[start:end])
    kept.append(_chunk(b"IEND", b""))
    found.data = b"".join(kept)
    found.pictures = max(1, int.from_bytes(found.chunks.get(b"acTL", b"")[:4]))
    found.profile = _profile(found.chunks.get(b"iCCP"))
    found.space = _space(found.chunks)
    return found


def _walk(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Each chunk's name, and where its content begins and ends, to IEND or the file's end."""
    at = len(SIGNATURE)
    while at + 8 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        start, end = at + 8, at + 8 + length
        if kind == b"IEND" or (end > len(data) and kind != b"IDAT"):
            return
        yield kind, start, min(end, len(data))
        at = end + 4


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return len(content).to_bytes(4) + kind + content + checksum.to_bytes(4)


def _profile(content: bytes | None) -> bytes | None:
    """Unpack `iCCP`: a name, a zero, a zero for the method, then deflated bytes."""
    if content is None:
        return None
    _, _, packed = content.partition(b"\x00")
    try:
        return zlib.decompressobj().decompress(packed[1:], _PROFILE_LIMIT)
    except zlib.error:
        return None


def _space(chunks: dict[bytes, bytes]) -> ColourSpace | None:
    """In the order of the PNG specification: cICP above the profile, which is above gAMA."""
    if len(cicp := chunks.get(b"cICP", b"")) == 4:
        return ColourSpace.of_codes(primaries=cicp[0], transfer=cicp[1])
    if b"sRGB" in chunks or b"iCCP" in chunks:
        return None
    gamma = int.from_bytes(chunks.get(b"gAMA", b"")[:4])
    if not gamma:
        return None
    primaries = _primaries(chunks.get(b"cHRM", b""))
    if abs(gamma - _SRGB_GAMMA) < _SRGB_GAMMA / 50 and _is_near(primaries, SRGB):
        return None  # how programs of old said sRGB
    return ColourSpace.of_gamma(_UNIT / gamma, primaries)


def _primaries(content: bytes) -> Primaries:
    """What `cHRM` says, or those of sRGB."""
    if len(content) != 32:
        return SRGB
    numbers = [int.from_bytes(content[at : at + 4]) / _UNIT for at in range(0, 32, 4)]
    return Primaries(*zip(numbers[::2], numbers[1::2], strict=True))


def _is_near(one: Primaries, other: Primaries) -> bool:
    pairs = zip(one, other, strict=True)
    return all(abs(a - b) < 0.01 for p, q in pairs for a, b in zip(p, q, strict=True))
