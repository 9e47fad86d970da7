"""Which videos Pinterest takes, judged apart from PinApp's own rules: neither hides the other.

Source: what Pinterest's help pages allow: format, length, size and ratio.
"""

from typing import BinaryIO, Final

from foundation.mediafiles.film_facts import FilmTrouble
from foundation.mediafiles.films import measure_ms, open_film, read_head

VIDEO_BYTES_LIMIT: Final = 2 * 1024**3
_CONTAINERS: Final = frozenset({"mov", "mp4"})
_CODECS: Final = frozenset({"h264", "hevc"})
_DURATIONS_MS: Final = range(4_000, 15 * 60 * 1000 + 1)
_WIDEST: Final = 1.91
_TALLEST: Final = 0.5


def measure(file: BinaryIO) -> tuple[int, int, int] | None:
    """Duration in ms, width and height in pixels; None for what Pinterest could not process."""
    try:
        with open_film(file) as (container, stream):
            head = read_head(container, stream)
        with open_film(file) as (container, stream):
            duration_ms = measure_ms(container, stream)
    except FilmTrouble:
        return None
    is_taken = (
        head.container in _CONTAINERS
        and head.codec in _CODECS
        and duration_ms in _DURATIONS_MS
        and _has_a_shape_of_pins(head.width, head.height)
    )
    return (duration_ms, head.width, head.height) if is_taken else None


def _has_a_shape_of_pins(width: int, height: int) -> bool:
    """A pixel of rounding is forgiven."""
    return bool(
        width and height and (width - 1) / height <= _WIDEST and width / (height - 1) >= _TALLEST
    )
