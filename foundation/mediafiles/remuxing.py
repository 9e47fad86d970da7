"""Copy a film's pictures and sounds, byte for byte, into a file with nothing else in it.

Where and with what it was filmed stands beside them: in lists of metadata, in tracks of their own
(positions, telemetry, subtitles), in boxes of XMP. None of that is copied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, Final

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from foundation.mediafiles.film_facts import FilmProblem, FilmTrouble
from foundation.mediafiles.films import Clock

_IN_MP4: Final = frozenset({"aac", "mp3", "mp2", "ac3", "eac3", "alac", "opus", "flac", "vorbis"})
_IN_QUICKTIME: Final = frozenset({"aac", "mp3", "mp2", "ac3", "alac", "amr_nb", "amr_wb"})
"""What a file may hold; a QuickTime file holds plain samples besides."""
_QUICKTIME_BRAND: Final = "qt  "
_KEPT_TAGS: Final = frozenset({"avc1", "avc3", "hvc1", "hev1"})
_TAGS: Final = {"hevc": "hvc1", "h264": "avc1"}
"""The name by which most players know a codec, for files that have other names for it."""


_MOST_WAITING: Final = 64
"""Pictures without a time of decoding in a row; codecs reorder 16 at most."""


def copy_film(
    container: InputContainer,
    stream: VideoStream,
    target: str,
    *,
    longest_ms: int,
    index_first: bool,
) -> int:
    """Write a film's pictures and its sounds to `target` (a path); returns how long it lasts, ms.

    With `index_first` a player can begin before all of it has arrived. Stops when it lasts longer
    than `longest_ms`. Of several sounds those go that no such file can hold. Raises FilmTrouble,
    also where no sound would be left, and OSError when the disk is full.
    """
    quicktime, sounds = _choose(container)
    streams: list[VideoStream | AudioStream] = [stream, *sounds]
    options = {"fflags": "+bitexact", **({"movflags": "+faststart"} if index_first else {})}
    with av.open(target, "w", format="mov" if quicktime else "mp4", options=options) as out:
        try:
            copied = {each.index: _add(out, each) for each in streams}
            return _copy(container, out, stream, copied, longest_ms=longest_ms)
        except FFmpegError as error:
            if isinstance(error, OSError) and error.errno and error.errno < _OWN_ERRORS:
                raise OSError(error.errno, "while copying a film") from None
            raise FilmTrouble(FilmProblem.UNREADABLE) from None
        except (ValueError, OverflowError):
            raise FilmTrouble(FilmProblem.UNREADABLE) from None


_OWN_ERRORS: Final = 1000
"""FFmpeg's own error numbers are beyond those of the system."""


def has_index_first(file: BinaryIO) -> bool:
    """Whether an MP4 or QuickTime file has its index before its pictures, for players online."""
    size = file.seek(0, 2)
    at = 0
    for _ in range(64):
        file.seek(at)
        head = file.read(16)
        length, kind = int.from_bytes(head[:4]), head[4:8]
        if kind in (b"moov", b"mdat") or len(head) < 8:
            return kind == b"moov"
        if length == 1:
            length = int.from_bytes(head[8:16])
        if length < 8 or at + length > size:
            return False
        at += length
    return False


def _choose(container: InputContainer) -> tuple[bool, list[AudioStream]]:
    """Whether to write a QuickTime file, and the sounds that go into it. Raises FilmTrouble."""
    heard = list(container.streams.audio)
    in_mp4 = [each for each in heard if _name(each) in _IN_MP4]
    in_quicktime = [each for each in heard if _fits_quicktime(_name(each))]
    if heard and not in_mp4 and not in_quicktime:
        raise FilmTrouble(FilmProblem.SOUND)
    came_so = container.metadata.get("major_brand") == _QUICKTIME_BRAND
    if (came_so and in_quicktime) or not in_mp4:
        return came_so or bool(in_quicktime), in_quicktime
    return False, in_mp4


def _fits_quicktime(name: str) -> bool:
    return name in _IN_QUICKTIME or name.startswith("pcm_")


def _name(stream: AudioStream) -> str:
    context = stream.codec_context
    return "" if context is None else str(context.codec.canonical_name)


def _add(out: OutputContainer, source: VideoStream | AudioStream) -> VideoStream | AudioStream:
    """A stream like the source: codec, turn, colours and shape; of its words only the language."""
    made = out.add_stream_from_template(source)
    made.time_base = source.time_base
    context = source.codec_context
    if tag := _TAGS.get(str(context.codec.canonical_name)):
        made.codec_context.codec_tag = context.codec_tag if context.codec_tag in _KEPT_TAGS else tag
    language = source.metadata.get("language", "")
    made.metadata.clear()
    if language.isalpha() and len(language) == 3:
        made.metadata["language"] = language
    return made


def _timed(packets: Iterable[av.Packet[Any]]) -> Iterator[tuple[av.Packet[Any], int]]:
    """Packets, each with the time at which it is decoded. Raises FilmTrouble.

    Matroska names none for the first ones where pictures are not stored as they are shown.
    """
    waiting: dict[int, list[av.Packet[Any]]] = {}
    for packet in packets:
        if packet.size == 0 or (packet.dts is None and packet.pts is None):
            continue
        held = waiting.setdefault(packet.stream.index, [])
        if packet.dts is None:
            held.append(packet)
            if len(held) > _MOST_WAITING:
                raise FilmTrouble(FilmProblem.UNREADABLE)
            continue
        # Writing a packet changes its clock: all of them are timed before the first is written.
        steps = [each.duration or 1 for each in held]
        times = [packet.dts - sum(steps[number:]) for number in range(len(held))]
        yield from zip(held, times, strict=True)
        held.clear()
        yield packet, packet.dts
    for held in waiting.values():
        yield from ((each, each.pts or 0) for each in held)


def _copy(
    container: InputContainer,
    out: OutputContainer,
    stream: VideoStream,
    copied: dict[int, VideoStream | AudioStream],
    *,
    longest_ms: int,
) -> int:
    clock, last = Clock(stream), dict[int, int]()
    for packet, dts in _timed(container.demux(*(container.streams[index] for index in copied))):
        index = packet.stream.index
        if index == stream.index:
            clock.see(packet)
            if clock.length_ms > longest_ms:
                return clock.length_ms
        # Recorders that drop pictures let times stand still; files must not.
        packet.dts = last[index] = max(dts, last.get(index, dts - 1) + 1)
        if packet.pts is not None:
            packet.pts = max(packet.pts, packet.dts)
        packet.stream = copied[index]
        out.mux_one(packet)
    clock.check_whole()
    return clock.length_ms
