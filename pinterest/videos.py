"""Check a video file by its content before it travels: how long, how large, which codec.

Only the boxes that say so are read (ISO/IEC 14496-12, the same in QuickTime), never the pictures,
and every count and size in them is bounded, so a hostile file costs no more than an honest one.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, Final, Literal

from pinterest.boxes import Boxes, BrokenBoxError
from pinterest.tracks import Movie, Track, read_movie

# What Pinterest's help pages allow.
VIDEO_BYTES_LIMIT: Final = 2 * 1024**3
SHORTEST_MS: Final = 4_000
LONGEST_MS: Final = 15 * 60 * 1000

Codec = Literal["h264", "h265"]
_CODECS: Final[dict[bytes, Codec]] = {
    b"avc1": "h264",
    b"avc3": "h264",
    b"hvc1": "h265",
    b"hev1": "h265",
}
_OTHER_CODECS: Final = {
    b"av01": "AV1",
    b"vp08": "VP8",
    b"vp09": "VP9",
    b"mp4v": "MPEG-4 Part 2",
    b"apch": "ProRes",
    b"apcn": "ProRes",
    b"apcs": "ProRes",
    b"apco": "ProRes",
    b"ap4h": "ProRes",
    b"jpeg": "Motion JPEG",
    b"encv": "protected",
}
# QuickTime files of old begin without `ftyp`, with one of these.
_QUICKTIME_STARTS: Final = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_PICTURE_BRANDS: Final = frozenset({b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis"})
_AUDIO_BRANDS: Final = frozenset({b"M4A ", b"M4B ", b"M4P "})
_OTHER_KINDS: Final = (
    (0, b"\x1aE\xdf\xa3", "WebM or Matroska"),
    (8, b"AVI ", "AVI"),
    (0, b"FLV", "Flash video"),
    (0, b"0&\xb2u", "Windows Media"),
    (0, b"GIF8", "GIF"),
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"\x89PNG", "PNG"),
    (0, b"OggS", "Ogg"),
    (0, b"\x00\x00\x01\xba", "MPEG"),
)


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


def check_video(file: BinaryIO) -> CheckedVideo:
    """Check an MP4, MOV or M4V by its content; where the file stands afterwards is not said.

    Needs a file that can seek. Raises VideoRejected for whatever the content may be; an OSError
    of the disk passes through.
    """
    size = file.seek(0, 2)
    _check_size(size)
    try:
        boxes = Boxes(file, size)
        _check_kind(boxes)
        movie = read_movie(boxes)
    except BrokenBoxError as error:
        raise _broken(cut_off=error.cut_off) from None
    return _judge(movie, size)


def _check_size(size: int) -> None:
    if size == 0:
        raise VideoRejected(VideoProblem.EMPTY, "The file is empty. Choose a video.")
    if size > VIDEO_BYTES_LIMIT:
        raise VideoRejected(
            VideoProblem.TOO_LARGE,
            f"The video has {size / 1024**3:.1f} GB; Pinterest takes up to 2 GB."
            " Save it at a lower quality or resolution.",
        )


def _check_kind(boxes: Boxes) -> None:
    """Tell from the first bytes whether this is an MP4 or QuickTime file at all."""
    start = boxes.read(0, min(12, boxes.size))
    for offset, magic, name in _OTHER_KINDS:
        if start[offset:].startswith(magic):
            raise _unsupported(name)
    if start[4:8] == b"ftyp":
        if start[8:12] in _PICTURE_BRANDS:
            raise _unsupported("picture")
        if start[8:12] in _AUDIO_BRANDS:
            raise _unsupported("sound")
    elif start[4:8] not in _QUICKTIME_STARTS:
        raise VideoRejected(
            VideoProblem.NOT_A_VIDEO, "This file is not a video. Choose an MP4, MOV or M4V."
        )


def _judge(movie: Movie, size: int) -> CheckedVideo:
    """Hold what the file says of itself against what Pinterest takes."""
    track = movie.picture
    if track is None:
        raise VideoRejected(
            VideoProblem.NOT_A_VIDEO,
            "This file has no moving picture in it. Choose a video, not a sound recording.",
        )
    codec = _codec_of(track)
    if movie.duration_ms is None or not track.width or not track.height:
        raise _broken(cut_off=False)
    _check_duration(movie.duration_ms)
    _check_shape(track.width, track.height)
    return CheckedVideo(movie.duration_ms, track.width, track.height, codec, size)


def _codec_of(track: Track) -> Codec:
    codec = _CODECS.get(track.format)
    if codec is None:
        name = _OTHER_CODECS.get(track.format, "another format")
        raise VideoRejected(
            VideoProblem.UNSUPPORTED_CODEC,
            f"The pictures in this video are stored as {name}, which Pinterest does not take."
            " Save it as MP4 with H.264.",
        )
    return codec


def _check_duration(duration_ms: int) -> None:
    if duration_ms < SHORTEST_MS:
        raise VideoRejected(
            VideoProblem.TOO_SHORT,
            f"The video lasts {duration_ms / 1000:.1f} seconds; Pinterest takes 4 seconds and up."
            " Choose a longer one.",
        )
    if duration_ms > LONGEST_MS:
        raise VideoRejected(
            VideoProblem.TOO_LONG,
            f"The video lasts {_minutes(duration_ms)} minutes; Pinterest takes up to 15 minutes."
            " Trim it.",
        )


def _check_shape(width: int, height: int) -> None:
    """Hold the ratio between 1.91:1 and 1:2; a pixel of rounding is forgiven."""
    if (width - 1) * 100 > height * 191:
        raise VideoRejected(
            VideoProblem.TOO_WIDE,
            f"At {width} × {height} pixels the video is wider than 1.91:1, the most Pinterest"
            " takes. Crop it to 1:1 or 2:3.",
        )
    if height - 1 > width * 2:
        raise VideoRejected(
            VideoProblem.TOO_TALL,
            f"At {width} × {height} pixels the video is taller than 1:2, the most Pinterest"
            " takes. Crop it to 9:16 or 2:3.",
        )


def _minutes(duration_ms: int) -> str:
    seconds = -(-duration_ms // 1000)
    return f"{seconds // 60}:{seconds % 60:02d}"


def _unsupported(name: str) -> VideoRejected:
    return VideoRejected(
        VideoProblem.UNSUPPORTED_TYPE,
        f"This is a {name} file. Save it as MP4 or MOV and upload that.",
    )


def _broken(*, cut_off: bool) -> VideoRejected:
    if cut_off:
        return VideoRejected(
            VideoProblem.TRUNCATED,
            "The video is incomplete. Copy it again from where it was made, then upload it.",
        )
    return VideoRejected(
        VideoProblem.UNREADABLE,
        "The video could not be read. Open it in a video editor and save it again as MP4.",
    )
