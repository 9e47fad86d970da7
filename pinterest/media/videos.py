"""Check a video by its content before it travels, and take from it what says where it was made.

The reading happens in a bounded process (`pinterest/media/video_job.py`).
"""

import errno
from dataclasses import dataclass, field
from enum import StrEnum
from typing import BinaryIO, Final, Literal

import msgspec

from foundation.bounded import BoundedFailure, FailureReason, Limits, run_bounded
from foundation.mediafiles.film_facts import FilmProblem
from foundation.mediafiles.kinds import PictureKind, picture_kind

# What Pinterest's help pages allow.
VIDEO_BYTES_LIMIT: Final = 2 * 1024**3
SHORTEST_MS: Final = 4_000
LONGEST_MS: Final = 15 * 60 * 1000

STILL_WIDTH: Final = 600
"""Pixels; sharp at the largest size a page shows a Pin in."""

Codec = Literal["h264", "h265"]
_AUDIO_BRANDS: Final = frozenset({b"M4A ", b"M4B ", b"M4P "})
_MOVIE_STARTS: Final = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_OTHER_STARTS: Final = (
    (0, b"\x1aE\xdf\xa3", "WebM or Matroska"),
    (8, b"AVI ", "AVI"),
    (0, b"FLV", "Flash video"),
    (0, b"0&\xb2u", "Windows Media"),
    (0, b"OggS", "Ogg"),
    (0, b"\x00\x00\x01\xba", "MPEG"),
)

_PACKET: Final = 188
START_BYTES: Final = 2 * _PACKET
"""So many bytes from a file's beginning are enough for `looks_like_video`."""

_TAKE_JOB: Final = "pinterest.media.video_job:take"
_STILL_JOB: Final = "pinterest.media.video_job:draw"
_MEMORY: Final = 1_500_000_000
_STILL_LIMITS: Final = Limits(
    memory_bytes=_MEMORY, cpu_s=20, wall_s=30.0, answer_bytes=4 * 1024 * 1024
)
_SLOWEST_DISK: Final = 20_000_000
"""Bytes a second that a video is at least copied with: 2 GB have two minutes."""


class VideoProblem(StrEnum):
    """Why a video cannot be used."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_A_VIDEO = "not_a_video"
    UNSUPPORTED_TYPE = "unsupported_type"
    UNSUPPORTED_CODEC = "unsupported_codec"
    TRUNCATED = "truncated"
    UNREADABLE = "unreadable"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_WIDE = "too_wide"
    TOO_TALL = "too_tall"
    TOO_SLOW = "too_slow"
    BUSY = "busy"


class VideoRejected(ValueError):  # reads as the event it is, like Refused
    """The video cannot be used; `message` says why and what to do, `code` is a VideoProblem."""

    def __init__(self, code: VideoProblem, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class CheckedVideo:
    """A video that Pinterest takes.

    `width` and `height` in pixels as it is shown, a phone's turn to portrait included; `size`
    in bytes.
    """

    duration_ms: int
    width: int
    height: int
    codec: Codec
    size: int


@dataclass(frozen=True, slots=True)
class TakenVideo:
    """A checked video in a file of its own: the same pictures and sounds, and nothing else.

    `sha256` of that file in hexadecimal; `still` is its first picture, a JPEG of at most
    STILL_WIDTH pixels.
    """

    checked: CheckedVideo
    sha256: str
    still: bytes = field(repr=False)


class TakeOrder(msgspec.Struct, frozen=True, array_like=True):
    """What the bounded process is asked: the path of a video, and of the file to write."""

    source: str
    target: str


class TakeAnswer(msgspec.Struct, frozen=True, array_like=True):
    """What it answers: a video, a problem with its sentence, or the disk's error number."""

    video: TakenVideo | None = None
    problem: VideoProblem | None = None
    message: str = ""
    errno: int = 0


class StillOrder(msgspec.Struct, frozen=True, array_like=True):
    """Which picture of which video is wanted; the answer is a JPEG, empty for none."""

    source: str
    second: int


def take_video(source: str, target: str) -> TakenVideo:
    """Check the video at a path and write what goes to Pinterest to another.

    Taken is whatever players play whose pictures Pinterest takes. They are not encoded anew: the
    bytes of each picture and sound are copied, and all else is left out (place, device, subtitles,
    other tracks). `target` is written over; what it holds after a failure is worthless. Raises
    VideoRejected, and OSError when the disk is full.
    """
    with open(source, "rb") as file:  # noqa: PTH123 - a path that was made, not read
        size = file.seek(0, 2)
        check_start(file)
    seconds = 30 + 2 * size / _SLOWEST_DISK
    limits = Limits(
        memory_bytes=_MEMORY, cpu_s=int(seconds), wall_s=seconds, answer_bytes=4 * 1024 * 1024
    )
    order = msgspec.msgpack.encode(TakeOrder(source, target))
    try:
        raw = run_bounded(_TAKE_JOB, order, limits=limits)
    except BoundedFailure as failure:
        raise _rejected_by(failure.reason) from None
    answer = msgspec.msgpack.decode(raw, type=TakeAnswer)
    if answer.errno:
        raise OSError(answer.errno, errno.errorcode.get(answer.errno, "while copying a video"))
    if answer.video is None:
        raise VideoRejected(answer.problem or VideoProblem.UNREADABLE, answer.message)
    return answer.video


def draw_still(source: str, *, second: int) -> bytes | None:
    """The picture that the video at a path shows at a second, or its last one: a small JPEG.

    None where there is none to be had.
    """
    order = msgspec.msgpack.encode(StillOrder(source, second))
    try:
        return run_bounded(_STILL_JOB, order, limits=_STILL_LIMITS) or None
    except BoundedFailure:
        return None


def check_start(file: BinaryIO) -> None:
    """Refuse by length and first bytes, before any demuxer sees the file. Raises VideoRejected."""
    size = file.seek(0, 2)
    if size == 0:
        raise VideoRejected(VideoProblem.EMPTY, "The file is empty. Choose a video.")
    if size > VIDEO_BYTES_LIMIT:
        raise VideoRejected(
            VideoProblem.TOO_LARGE,
            f"The video has {size / 1024**3:.1f} GB; Pinterest takes up to 2 GB."
            " Save it at a lower quality or resolution.",
        )
    file.seek(0)
    start = file.read(START_BYTES)
    file.seek(0)
    if start[4:12] in {b"ftyp" + brand for brand in _AUDIO_BRANDS}:
        raise unsupported("sound")
    if kind := picture_kind(start):
        raise unsupported("HEIC" if kind is PictureKind.HEIC else kind)
    if start[4:8] not in _MOVIE_STARTS and not _name_of(start):
        raise _not_a_video()


def looks_like_video(start: bytes) -> bool:
    """Whether a file that begins so (START_BYTES of it) is to be taken as a video."""
    if picture_kind(start) is not None:
        return False
    return start[4:8] in _MOVIE_STARTS or bool(_name_of(start))


def rejected_for(problem: FilmProblem) -> VideoRejected:
    """What is said of a film that can't be read."""
    if problem is FilmProblem.CUT:
        return VideoRejected(
            VideoProblem.TRUNCATED,
            "The video is incomplete. Copy it again from where it was made, then upload it.",
        )
    if problem is FilmProblem.NO_PICTURES:
        return VideoRejected(
            VideoProblem.NOT_A_VIDEO,
            "This file has no moving picture in it. Choose a video, not a sound recording.",
        )
    if problem is FilmProblem.SOUND:
        return VideoRejected(
            VideoProblem.UNSUPPORTED_CODEC,
            "The sound in this video is stored in a way that MP4 does not know. Save it as MP4 with"
            " H.264 and AAC.",
        )
    if problem is FilmProblem.PROTECTED:
        return VideoRejected(
            VideoProblem.UNSUPPORTED_CODEC,
            "The video is protected against copying. Choose one without protection.",
        )
    return VideoRejected(
        VideoProblem.UNREADABLE,
        "The video could not be read. Open it in a video editor and save it again as MP4.",
    )


def _rejected_by(reason: FailureReason) -> VideoRejected:
    """What a job that did not end well says of its video."""
    if reason is FailureReason.BUSY:
        return VideoRejected(
            VideoProblem.BUSY, "PinApp is busy with other videos. Add it again in a minute."
        )
    if reason is FailureReason.TIME:
        return VideoRejected(
            VideoProblem.TOO_SLOW,
            "The video takes too long to read. Open it in a video editor and save it again as MP4.",
        )
    return rejected_for(FilmProblem.UNREADABLE)


def _name_of(start: bytes) -> str:
    if start[:1] == start[_PACKET : _PACKET + 1] == b"G":
        return "MPEG"
    found = (name for at, magic, name in _OTHER_STARTS if start[at : at + len(magic)] == magic)
    return next(found, "")


def _not_a_video() -> VideoRejected:
    return VideoRejected(
        VideoProblem.NOT_A_VIDEO, "This file is not a video. Choose an MP4, MOV or M4V."
    )


def unsupported(name: str) -> VideoRejected:
    """The refusal of a sort of file that Pinterest does not take."""
    article = "an" if name[0] in "AEIO" else "a"
    return VideoRejected(
        VideoProblem.UNSUPPORTED_TYPE,
        f"This is {article} {name} file. Save it as MP4 or MOV and upload that.",
    )
