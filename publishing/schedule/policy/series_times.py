"""When the same Pin goes to one board after the other. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from publishing.schedule.policy.times import MissingHour, first_time_after_gap, resolve_local_time

_DAY_HOURS = 24


def spread(first: datetime, *, count: int, hours: int, zone: str) -> list[datetime]:
    """`count` instants from `first` on, `hours` apart.

    Whole days keep the time on the clock, so that a Pin a day stays at nine o'clock when the
    clocks change; a time that they skip is the first one after the gap.
    """
    if hours % _DAY_HOURS:
        return [first + timedelta(hours=hours * number) for number in range(count)]
    local = first.astimezone(ZoneInfo(zone))
    days = hours // _DAY_HOURS
    return [first, *(_days_later(local, days * number, zone) for number in range(1, count))]


def hours_text(hours: int) -> str:
    """A span as people say it: "3 hours", "1 day", "2 weeks"."""
    for name, length in (("week", 168), ("day", 24), ("hour", 1)):
        if hours % length == 0:
            count = hours // length
            return f"{count} {name}{'' if count == 1 else 's'}"
    return f"{hours} hours"


def _days_later(local: datetime, days: int, zone: str) -> datetime:
    wall = local.replace(tzinfo=None, fold=0) + timedelta(days=days)
    if not days:
        return local.astimezone(UTC)
    try:
        return resolve_local_time(wall, zone=zone).instant
    except MissingHour:
        return first_time_after_gap(wall, zone=zone)
