"""Which days to ask Pinterest for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from analytics.policy.statuses import may_grow

REACH: Final = timedelta(days=89)
"""Pinterest refuses what is more than 90 days ago; a day less is safe around midnight UTC."""

TRAIL: Final = timedelta(days=13)
"""The last fourteen days are read again each time until they are settled."""

EVERY: Final = timedelta(hours=6)
"""How often a series is read."""

_AFTER_MIDNIGHT: Final = time(0, 15, tzinfo=UTC)

_SHORTER: Final = (timedelta(days=82), timedelta(days=44), TRAIL)
"""Pinterest sometimes refuses a span it should give ("last 90 days"); a shorter one passes.

Its words for it are not promised, so each refusal of what was asked is taken for this, and the
tries are few.
"""


@dataclass(frozen=True, slots=True)
class Window:
    """Days to ask for, in UTC, both included."""

    first: date
    last: date

    def and_shorter(self) -> list[Window]:
        """This one, then those to try in its place, which end with it and begin later."""
        later = [first for span in _SHORTER if (first := self.last - span) > self.first]
        return [self, *(Window(first, self.last) for first in later)]


def utc_day(now: datetime) -> date:
    """Pinterest's day of a moment: days are UTC's."""
    return now.astimezone(UTC).date()


def next_pull(now: datetime) -> datetime:
    """Six hours on, and soon after each UTC midnight, when a new day begins."""
    midnight = datetime.combine(utc_day(now) + timedelta(days=1), _AFTER_MIDNIGHT)
    return min(now + EVERY, midnight)


def window_to_read(known: Mapping[date, str], *, today: date) -> Window:
    """From the first day that is missing or may change, to today.

    `known`: the statuses of days that are kept. What says that there is nothing to come is looked
    at again only while it is one of the last fourteen days.
    """
    oldest = today - REACH
    day = oldest
    while day < today - TRAIL:
        status = known.get(day)
        if status is None or may_grow(status):
            break
        day += timedelta(days=1)
    return Window(day, today)
