"""Days and hours as the clocks of a place show them, on the nights they are changed too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EARLIEST_DAY = date(2000, 1, 3)
LATEST_DAY = date(2099, 12, 27)
"""Days a calendar can show: a Monday and a Sunday, far from where arithmetic of dates ends."""

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time: `start` belongs to it, `end` does not. Instants in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Hour:
    """A row of a day: what the clock shows when it starts; `again` when it shows it twice."""

    span: Span
    clock: time
    again: bool


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A night's change: the clock shows `before`, and in the same instant `after`."""

    before: datetime
    after: datetime

    @property
    def is_forward(self) -> bool:
        return self.after > self.before


def as_day(text: str, *, otherwise: date) -> date:
    """The day that an address names (`2026-11-24`), or another for what is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return min(max(day, EARLIEST_DAY), LATEST_DAY)


def week_of(day: date) -> list[date]:
    """The seven days of a week, from Monday."""
    monday = day - day.weekday() * _DAY
    return [monday + number * _DAY for number in range(7)]


def month_of(day: date) -> list[date]:
    """Whole weeks that hold a month: 28 to 42 days, from a Monday to a Sunday."""
    first = day.replace(day=1)
    last = following_month(day) - _DAY
    monday = week_of(first)[0]
    return [monday + number * _DAY for number in range((week_of(last)[-1] - monday).days + 1)]


def following_month(day: date) -> date:
    """The first day of the next month."""
    return (day.replace(day=1) + 31 * _DAY).replace(day=1)


def month_before(day: date) -> date:
    """The first day of the month before."""
    return (day.replace(day=1) - _DAY).replace(day=1)


def day_span(day: date, *, zone: str) -> Span:
    """From a day's first instant to the next one's: 23 to 25 hours where clocks are changed."""
    return Span(start=_start_of(day, zone), end=_start_of(day + _DAY, zone))


def hours_of(day: date, *, zone: str) -> list[Hour]:
    """The hours of a day in order: the one that is skipped is missing, a repeated one comes twice.

    Where clocks are moved by half an hour, the hour of the change is a short one.
    """
    place, day_is = ZoneInfo(zone), day_span(day, zone=zone)
    hours, start = [], day_is.start
    while start < day_is.end:
        shown = start.astimezone(place)
        end = start + _HOUR - timedelta(minutes=shown.minute, seconds=shown.second)
        end = min(_first_change(start, end, place) or end, day_is.end)
        hours.append(Hour(span=Span(start, end), clock=shown.time(), again=bool(shown.fold)))
        start = end
    return hours


def clock_change_on(day: date, *, zone: str) -> ClockChange | None:
    """How the clocks are changed on a day; None on nearly all of them.

    A missing hour belongs to the day that lacks it, a doubled one to the day that has it twice.
    """
    place, day_is = ZoneInfo(zone), day_span(day, zone=zone)
    at = _first_change(day_is.start - _SECOND, day_is.end, place)
    if at is None:
        return None
    after = at.astimezone(place).replace(tzinfo=None, fold=0)
    before = (at - _SECOND).astimezone(place).replace(tzinfo=None, fold=0) + _SECOND
    change = ClockChange(before=before, after=after)
    return change if min(before, after).date() == day else None


def _start_of(day: date, zone: str) -> datetime:
    # Where midnight is skipped, this is the first instant after the gap.
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _first_change(start: datetime, end: datetime, place: ZoneInfo) -> datetime | None:
    """The first second after `start`, up to `end`, with another offset than `start` has."""
    offset = start.astimezone(place).utcoffset()
    if end.astimezone(place).utcoffset() == offset:
        return None
    same, other = start, end
    while other - same > _SECOND:
        middle = (same + (other - same) // 2).replace(microsecond=0)
        if middle.astimezone(place).utcoffset() == offset:
            same = middle
        else:
            other = middle
    return other
