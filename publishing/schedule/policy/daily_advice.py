"""How many Pins a day an account should publish by Pinterest's own advice. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

DAILY_PINS: Final = 50
NEWCOMER_PINS: Final = 10
"""Pins a day of one account; a new one that begins with many is taken for spam."""

WARM_UP: Final = timedelta(days=14)


def daily_pins(at: datetime, *, active_since: datetime) -> int:
    """How many Pins a day are fine at an instant for an account that has been active so long."""
    return NEWCOMER_PINS if at - active_since < WARM_UP else DAILY_PINS


def crowded_days(
    new: Iterable[datetime],
    there: Iterable[datetime],
    *,
    zone: str,
    active_since: datetime,
) -> dict[date, tuple[int, int]]:
    """Days on which new Pins make more than is advised: how many there are then, and how many
    are fine. Days are those of the zone."""
    place = ZoneInfo(zone)
    days = {at.astimezone(place).date(): at for at in sorted(new, reverse=True)}
    counts = Counter(at.astimezone(place).date() for at in [*new, *there])
    limits = {day: daily_pins(at, active_since=active_since) for day, at in days.items()}
    return {day: (counts[day], limits[day]) for day in sorted(days) if counts[day] > limits[day]}
