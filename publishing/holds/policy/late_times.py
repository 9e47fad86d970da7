"""New times for Pins that waited: one after the other, so many minutes apart."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

SHORTEST_SPACING_MINUTES: Final = 1
LONGEST_SPACING_MINUTES: Final = 7 * 24 * 60
"""A week: who wants more writes single times, or uses the queue."""

AT_ONCE_STEP: Final = timedelta(milliseconds=1)
"""Between Pins that go out at once: keeps their order, and nobody notices it."""


def spaced_times(start: datetime, *, step: timedelta, count: int) -> list[datetime]:
    """`count` instants from `start` on. Raises OverflowError beyond the last date there is.

    A step is real time: across a change of the clocks the wall-clock distance differs.
    """
    return [start + step * place for place in range(count)]
