"""The parts of a JPEG file: what its pixels need is kept, the rest falls away unread."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_NEXT_MARKER: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
# Tables, frames and restart intervals (ITU T.81, table B.1): everything but APPn, COM and JPGn.
_OF_PIXELS: Final = frozenset({*range(0xC0, 0xD0), 0xDB, 0xDC, 0xDD, 0xDE, 0xDF}) - {0xC8}
_KEPT: Final = {
    0xE0: (b"JFIF\x00",),
    0xE1: (b"Exif\x00\x00",),
    0xE2: (b"ICC_PROFILE\x00",),
    0xEE: (b"Adobe",),
}
_EXIF: Final = 0xE1
_WITHOUT_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xD8)})


@dataclass(frozen=True, slots=True)
class JpegParts:
    """A JPEG without what its pixels don't need.

    `scans` is how often a decoder goes over the picture; `is_cut` says that the file ended before
    the picture did, and `data` was given an end.
    """

    data: bytes
    scans: int
    is_cut: bool


def read_jpeg(data: bytes) -> JpegParts:
    """Take a JPEG apart, up to its first end: what follows (a phone's second picture) is left out.

    Comments, thumbnails, XMP and all else of any size go; Exif, colour profile and Adobe's mark of
    the colours stay. Bytes between the parts are passed over, as viewers do.
    """
    kept, scans, at = [data[:2]], 0, 2
    seen_exif = False
    while (found := _NEXT_MARKER.search(data, at)) is not None:
        marker, at = data[found.start() + 1], found.end()
        if marker == _END:
            return JpegParts(b"".join([*kept, b"\xff\xd9"]), scans, is_cut=False)
        if marker in _WITHOUT_LENGTH or marker == _START:
            continue
        length = int.from_bytes(data[at : at + 2])
        end = at + length
        if length < 2 or end > len(data):
            break
        if marker == _SCAN:
            scans += 1
            end = _end_of_scan(data, end)
        if _is_needed(marker, data[at + 2 : at + 16]) and not (marker == _EXIF and seen_exif):
            kept.append(data[found.start() : end])
            seen_exif = seen_exif or marker == _EXIF
        at = end
    return JpegParts(b"".join([*kept, b"\xff\xd9"]), scans, is_cut=True)


def _end_of_scan(data: bytes, start: int) -> int:
    found = _NEXT_MARKER.search(data, start)
    return len(data) if found is None else found.start()


def _is_needed(marker: int, start: bytes) -> bool:
    return marker == _SCAN or marker in _OF_PIXELS or start.startswith(_KEPT.get(marker, ()))
