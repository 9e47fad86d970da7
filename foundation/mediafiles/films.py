"""Read films: what they are, how long they last, what they show. To be run in a bounded process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any, BinaryIO, Final

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.stream import VideoStream

from foundation.mediafiles.film_facts import FilmHead, FilmProblem, FilmTrouble

Source = str | BinaryIO
"""A path, or a file that can seek."""

# Nothing that leads elsewhere: playlists and references name other files, and the network.
_FORMATS: Final = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,flv,mpegts,mpeg,ogg,asf"
_OPEN: Final = {"format_whitelist": _FORMATS, "protocol_whitelist": "file"}
_PROTECTED: Final = frozenset({"encv", "drmi"})
_BROKEN: Final = (FFmpegError, ValueError, IndexError, KeyError, TypeError, OverflowError)
_TRACKS_LIMIT: Final = 64
_THREADS: Final = 2
_INDEX_OF_ALL: Final = 5_000_000
"""Packets; 15 minutes of pictures and three sounds have some 200,000."""

# A film without its index is one whose recording broke off: it is written last.
_ISO_STARTS: Final = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})


@contextmanager
def open_film(source: Source) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Open a film for as long as the block lasts; its pictures come along. Raises FilmTrouble."""
    if not isinstance(source, str):
        source.seek(0)
    try:
        container = av.open(_named(source), mode="r", options=_OPEN, metadata_errors="ignore")
    except _BROKEN as error:
        raise FilmTrouble(_problem_of(source, error)) from None
    with container:
        stream = _pictures(container)
        if stream.codec_context is not None:
            stream.codec_context.thread_count = _THREADS
        yield container, stream


def read_head(container: InputContainer, stream: VideoStream) -> FilmHead:
    """Read what a film says of itself, and decode its first picture. Raises FilmTrouble."""
    if getattr(stream.codec_context, "codec_tag", "") in _PROTECTED:
        raise FilmTrouble(FilmProblem.PROTECTED)
    sort = container.format.name.partition(",")[0]
    said_ms = (container.duration or 0) // 1000
    if not _codec(stream):
        return FilmHead(sort, "", 0, 0, said_ms)
    try:
        first = next(container.decode(stream))
    except (*_BROKEN, StopIteration):
        raise FilmTrouble(FilmProblem.UNREADABLE) from None
    return FilmHead(sort, _codec(stream), *shown_size(stream, first), said_ms)


def shown_size(stream: VideoStream, frame: av.VideoFrame) -> tuple[int, int]:
    """Width and height in pixels as a player shows a frame: stretched, then turned."""
    ratio = stream.sample_aspect_ratio
    width = round(frame.width * ratio) if ratio and ratio > 0 else frame.width
    is_turned = abs(frame.rotation) % 180 == 90
    return (frame.height, width) if is_turned else (width, frame.height)


def measure_ms(container: InputContainer, stream: VideoStream) -> int:
    """Read all of a film and tell how long its pictures last. Raises FilmTrouble.

    Films made in fragments say nothing of it, or only how long the first fragment is.
    """
    clock = Clock(stream)
    try:
        for packet in container.demux(stream):
            clock.see(packet)
    except _BROKEN:
        raise FilmTrouble(FilmProblem.UNREADABLE) from None
    clock.check_whole()
    return clock.length_ms


class Clock:
    """Measures a stream by its packets as they go by."""

    def __init__(self, stream: VideoStream) -> None:
        self._stream = stream
        self._expected = stream.frames
        self._count = self._start = self._end = self._longest = 0
        self._broken = 0

    def see(self, packet: av.Packet[Any]) -> None:
        """Count a packet of the stream. Raises FilmTrouble when there is no end to them."""
        if packet.size == 0:
            return
        self._count += 1
        if self._count > _INDEX_OF_ALL:
            raise FilmTrouble(FilmProblem.UNREADABLE)
        self._broken += packet.is_corrupt
        if packet.pts is None or packet.is_discard:
            return
        duration = packet.duration or 0
        self._longest = max(self._longest, duration)
        first = self._end == self._start == 0
        self._start = packet.pts if first else min(self._start, packet.pts)
        self._end = max(self._end, packet.pts + duration)

    def check_whole(self) -> None:
        """Raises FilmTrouble when there were clearly fewer pictures than the film says."""
        if not self._count:
            raise FilmTrouble(FilmProblem.CUT)
        missing = self._expected - self._count + self._broken
        if missing > max(1, self._expected // 100):
            raise FilmTrouble(FilmProblem.CUT)

    @property
    def length_ms(self) -> int:
        """From the first picture's beginning to the last one's end."""
        base = self._stream.time_base or Fraction(0)
        return int((self._end - self._start) * base * 1000)


def _named(source: Source) -> Source:
    return f"file:{source}" if isinstance(source, str) else source


def _pictures(container: InputContainer) -> VideoStream:
    """The stream that players show: one that is switched on, and no cover picture of a song."""
    if len(container.streams) > _TRACKS_LIMIT:
        raise FilmTrouble(FilmProblem.UNREADABLE)
    moving = [
        each for each in container.streams.video if not each.disposition & Disposition.attached_pic
    ]
    if not moving:
        raise FilmTrouble(FilmProblem.NO_PICTURES)
    shown = [each for each in moving if each.disposition & Disposition.default] or moving
    # What can't be told is a track of a kind that nothing plays, such as a camera's data.
    return next((each for each in shown if _codec(each)), shown[0])


def _codec(stream: VideoStream) -> str:
    context = stream.codec_context
    return "" if context is None else str(context.codec.canonical_name)


def _problem_of(source: Source, error: Exception) -> FilmProblem:
    if isinstance(source, str):
        with open(source, "rb") as file:  # noqa: PTH123 - as the other branch reads it
            start = file.read(8)
    else:
        source.seek(0)
        start = source.read(8)
    is_iso = start[4:8] in _ISO_STARTS
    return FilmProblem.CUT if is_iso and isinstance(error, FFmpegError) else FilmProblem.UNREADABLE
