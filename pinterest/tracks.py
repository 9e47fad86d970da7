"""Read what a film says of itself: how long it is, and of its picture the size and the codec."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pinterest.boxes import Box, Boxes, BrokenBoxError

_VERSION_BYTES: Final = 4
_TRACKS_LIMIT: Final = 64
_FIXED_POINT_ONE: Final = 1 << 16
_UNKNOWN: Final = {4: 0xFFFF_FFFF, 8: 0xFFFF_FFFF_FFFF_FFFF}
_ENABLED: Final = 1


@dataclass(frozen=True, slots=True)
class Track:
    """A track of pictures: its size in pixels as shown, and the four letters of its codec."""

    width: int
    height: int
    format: bytes
    enabled: bool


@dataclass(frozen=True, slots=True)
class Movie:
    """A film; `duration_ms` is None when the file does not say, `picture` when it has none."""

    duration_ms: int | None
    picture: Track | None


def read_movie(boxes: Boxes) -> Movie:
    """Read the film's own description; raises BrokenBoxError.

    A file without a description is one whose recording broke off: it is written last.
    """
    top = {box.kind: box for box in boxes.top()}
    moov = top.get(b"moov")
    if moov is None or not top.keys() & {b"mdat", b"moof"}:
        raise BrokenBoxError(cut_off=True)
    header = boxes.first(moov, b"mvhd")
    if header is None:
        raise BrokenBoxError
    tracks = list(_pictures(boxes, moov))
    shown = [track for track in tracks if track.enabled] or tracks
    return Movie(_duration_ms(boxes, moov, header), shown[0] if shown else None)


def _duration_ms(boxes: Boxes, moov: Box, header: Box) -> int | None:
    """Read the length; a film in fragments has it in `mvex`, where it has it at all."""
    width = _time_width(boxes, header)
    skip = _VERSION_BYTES + 2 * width
    timescale = int.from_bytes(boxes.content(header, 4, skip=skip))
    units = _time(boxes, header, width, skip + 4)
    fragments = boxes.first(moov, b"mvex", b"mehd")
    if not units and fragments is not None:
        units = _time(boxes, fragments, _time_width(boxes, fragments), _VERSION_BYTES)
    return units * 1000 // timescale if units and timescale else None


def _time_width(boxes: Boxes, box: Box) -> int:
    """Tell how many bytes a time has in this box: four, or eight in version 1."""
    return 8 if boxes.content(box, 1)[0] == 1 else 4


def _time(boxes: Boxes, box: Box, width: int, skip: int) -> int:
    """Read a time; all bits set means that it is not known, which is 0 here as in fragments."""
    units = int.from_bytes(boxes.content(box, width, skip=skip))
    return 0 if units == _UNKNOWN[width] else units


def _pictures(boxes: Boxes, moov: Box) -> Iterator[Track]:
    """Go through the tracks that show something."""
    found = (box for box in boxes.inside(moov) if box.kind == b"trak")
    for number, track in enumerate(found):
        if number >= _TRACKS_LIMIT:
            raise BrokenBoxError
        handler = boxes.first(track, b"mdia", b"hdlr")
        if handler is not None and boxes.content(handler, 4, skip=8) == b"vide":
            yield _read_track(boxes, track)


def _read_track(boxes: Boxes, track: Box) -> Track:
    header = boxes.first(track, b"tkhd")
    samples = boxes.first(track, b"mdia", b"minf", b"stbl", b"stsd")
    if header is None or samples is None:
        raise BrokenBoxError
    entry = next(boxes.inside(Box(b"stsd", samples.start + 8, samples.end)), None)
    if entry is None:
        raise BrokenBoxError
    width, height = _shown_size(boxes, header) or _stored_size(boxes, entry)
    if _is_turned(boxes, header):
        width, height = height, width
    enabled = bool(boxes.content(header, 1, skip=3)[0] & _ENABLED)
    return Track(width, height, entry.kind, enabled)


def _matrix_at(boxes: Boxes, header: Box) -> int:
    """Tell where in `tkhd` the matrix begins: after times, ids and a block that never changes."""
    return _VERSION_BYTES + 3 * _time_width(boxes, header) + 8 + 16


def _shown_size(boxes: Boxes, header: Box) -> tuple[int, int] | None:
    """Read the size a player is to show, in whole pixels; None when the track leaves it open."""
    raw = boxes.content(header, 8, skip=_matrix_at(boxes, header) + 36)
    width, height = (round(int.from_bytes(part) / _FIXED_POINT_ONE) for part in (raw[:4], raw[4:]))
    return (width, height) if width and height else None


def _stored_size(boxes: Boxes, entry: Box) -> tuple[int, int]:
    """Read the size of the coded pictures."""
    raw = boxes.content(entry, 4, skip=24)
    return int.from_bytes(raw[:2]), int.from_bytes(raw[2:])


def _is_turned(boxes: Boxes, header: Box) -> bool:
    """Tell whether the pictures are shown turned by a quarter, as a phone held upright writes."""
    raw = boxes.content(header, 20, skip=_matrix_at(boxes, header))
    a, b, _, c, d = (int.from_bytes(raw[at : at + 4], signed=True) for at in range(0, 20, 4))
    return abs(b) > abs(a) and abs(c) > abs(d)
