"""Take one picture out of a film, as a player shows it."""

from __future__ import annotations

import io
from typing import Final

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream
from PIL import Image

from foundation.mediafiles.colour_spaces import ColourSpace
from foundation.mediafiles.colours import to_srgb
from foundation.mediafiles.film_facts import FilmProblem, FilmTrouble
from foundation.mediafiles.films import shown_size

_HIGH_RANGE: Final = frozenset({16, 18})
_QUALITY: Final = 82


def draw_still(
    container: InputContainer, stream: VideoStream, *, second: float, width: int
) -> bytes:
    """The picture shown at a second, or the last one, as a JPEG of at most so many pixels wide.

    Raises FilmTrouble.
    """
    try:
        frame = _frame_at(container, stream, second)
    except (FFmpegError, ValueError, OverflowError):
        frame = None
    if frame is None:
        raise FilmTrouble(FilmProblem.UNREADABLE)
    return _as_jpeg(stream, frame, width)


def _frame_at(
    container: InputContainer, stream: VideoStream, second: float
) -> av.VideoFrame | None:
    base = stream.time_base or 1
    wanted = (stream.start_time or 0) + int(second / base)
    container.seek(wanted, stream=stream)
    found = None
    for frame in container.decode(stream):
        if found is not None and frame.pts is not None and frame.pts > wanted:
            break
        found = frame
    return found


def _as_jpeg(stream: VideoStream, frame: av.VideoFrame, width: int) -> bytes:
    shown_width, shown_height = shown_size(stream, frame)
    share = min(1.0, width / shown_width)
    turn = round(frame.rotation / 90) % 4
    size = (max(2, round(shown_width * share)), max(2, round(shown_height * share)))
    stored = size[::-1] if turn % 2 else size
    image = _to_image(frame, stored)
    if turn:
        image = image.transpose(_TURNS[turn])
    if int(frame.color_trc) in _HIGH_RANGE:
        space = ColourSpace.of_codes(
            primaries=int(frame.color_primaries), transfer=int(frame.color_trc)
        )
        image = to_srgb(image, profile=None, space=space)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _to_image(frame: av.VideoFrame, size: tuple[int, int]) -> Image.Image:
    """Scaled as it is converted: a frame of a large film is never whole in memory as RGB."""
    plane = frame.reformat(width=size[0], height=size[1], format="rgb24").planes[0]
    return Image.frombytes("RGB", size, bytes(plane), "raw", "RGB", plane.line_size)


_TURNS: Final = {
    1: Image.Transpose.ROTATE_90,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_270,
}
