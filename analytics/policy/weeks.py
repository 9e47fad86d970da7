"""When a week's figures are mailed, and which week they are of. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_MORNING: Final = time(8)
_MOST_OF_A_WEEK: Final = 4


def next_monday(now: datetime, *, zone: ZoneInfo) -> datetime:
    """The next Monday, 8 o'clock in `zone`, in UTC."""
    here = now.astimezone(zone)
    ahead = (7 - here.weekday()) % 7
    for days in (ahead, ahead + 7):
        found = datetime.combine(here.date() + timedelta(days=days), _MORNING, zone)
        if found > now:
            return found.astimezone(UTC)
    raise AssertionError("one of two Mondays lies ahead")


def last_monday(now: datetime, *, zone: ZoneInfo) -> datetime:
    """The Monday that has begun, 8 o'clock in `zone`, in UTC: at most a week ago."""
    # Subtracted by the wall's clock: it is eight o'clock there, too, if clocks changed since.
    ahead = next_monday(now, zone=zone).astimezone(zone)
    return (ahead - timedelta(days=7)).astimezone(UTC)


def week_before(now: datetime) -> tuple[date, date]:
    """The last seven UTC days that Pinterest has counted: they end the day before yesterday."""
    last = now.astimezone(UTC).date() - timedelta(days=2)
    return last - timedelta(days=6), last


def was_mailed(week: tuple[date, date], *, mailed_until: date | None) -> bool:
    """Whether the greater part of a week was in the last mail, which ended with that day.

    Weeks are a day apart where the workspace moved to another time zone between two Mondays.
    """
    _, last = week
    return mailed_until is not None and (last - mailed_until).days < _MOST_OF_A_WEEK
