"""Spans of days that people choose to look at. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

LONGEST_DAYS: Final = 366
FIRST_YEAR: Final = 2010
"""No figures are older: nothing of before is asked for, nor reckoned with."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days from the first to the last, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Span:
        """As many days right before."""
        return Span(self.first - timedelta(days=self.days), self.first - timedelta(days=1))


def days_until(last: date, *, days: int) -> Span:
    """So many days, `last` being the last of them."""
    return Span(last - timedelta(days=days - 1), last)


def read_span(
    first: str, last: str, *, today: date, longest: int = LONGEST_DAYS
) -> tuple[Span | None, str]:
    """The span that two texts name, ISO dates; or None and what is wrong with them.

    An empty `last` means today, and what lies ahead is left out. `longest` is in days.
    """
    try:
        start = date.fromisoformat(first)
        end = date.fromisoformat(last) if last else today
    except ValueError:
        return None, "Write both days as 2026-03-31, or choose them in the calendar."
    end = min(end, today)
    if start > end:
        return None, "The first day is after the last. Change one of them."
    if start.year < FIRST_YEAR:
        return None, f"There are no figures from before {FIRST_YEAR}. Choose a later first day."
    if (end - start).days >= longest:
        return None, f"That is more than {longest:,} days. Choose fewer."
    return Span(start, end), ""
