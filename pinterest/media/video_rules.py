"""Which videos Pinterest takes, of those that could be read."""

from typing import Final

from foundation.mediafiles.film_facts import FilmHead, FilmProblem
from pinterest.media.videos import (
    LONGEST_MS,
    SHORTEST_MS,
    CheckedVideo,
    Codec,
    VideoProblem,
    VideoRejected,
    rejected_for,
    unsupported,
)

_CODECS: Final[dict[str, Codec]] = {"h264": "h264", "hevc": "h265"}
_NAMES_OF_CODECS: Final = {
    "av1": "AV1",
    "vp8": "VP8",
    "vp9": "VP9",
    "mpeg4": "MPEG-4 Part 2",
    "msmpeg4v3": "MPEG-4 of old",
    "mpeg2video": "MPEG-2",
    "mpeg1video": "MPEG-1",
    "prores": "ProRes",
    "dnxhd": "DNxHD",
    "mjpeg": "Motion JPEG",
    "theora": "Theora",
    "wmv3": "Windows Media",
    "vc1": "VC-1",
    "flv1": "Flash video",
    "h263": "H.263",
    "svq3": "Sorenson video",
    "vvc": "H.266",
}
_COPIED: Final = frozenset({"mov", "matroska", "mpegts", "flv"})
"""Sorts of file whose pictures are copied into an MP4 where they are H.264 or H.265."""


def judge_head(head: FilmHead) -> None:
    """Hold what a film says of itself against what Pinterest takes. Raises VideoRejected."""
    if head.codec not in _CODECS:
        name = _NAMES_OF_CODECS.get(head.codec, head.codec or "another format")
        raise VideoRejected(
            VideoProblem.UNSUPPORTED_CODEC,
            f"The pictures in this video are stored as {name}, which Pinterest does not take."
            " Save it as MP4 with H.264.",
        )
    if head.container not in _COPIED:
        raise unsupported(head.container.upper())
    if not head.width or not head.height:
        raise rejected_for(FilmProblem.UNREADABLE)
    _check_shape(head.width, head.height)


def judge(head: FilmHead, duration_ms: int, size: int) -> CheckedVideo:
    """Hold the length that was measured against what Pinterest takes. Raises VideoRejected."""
    judge_head(head)
    check_duration(duration_ms)
    return CheckedVideo(duration_ms, head.width, head.height, _CODECS[head.codec], size)


def check_duration(duration_ms: int) -> None:
    """Raises VideoRejected for what is too short or too long."""
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
