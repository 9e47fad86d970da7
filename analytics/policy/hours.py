"""At which hours Pins went out that were seen most. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

FEWEST: Final = 3
"""Pins of an hour from which on its median says something."""


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of the day: how many Pins went out in it, and the median of their impressions.

    None where too few went out to say.
    """

    hour: int
    pins: int
    impressions: float | None


def hours_of(publications: Iterable[tuple[datetime, int]], *, zone: ZoneInfo) -> list[Hour]:
    """All 24 hours of `zone`. A median, so that one Pin with luck makes no best hour."""
    found: dict[int, list[int]] = {hour: [] for hour in range(24)}
    for at, impressions in publications:
        found[at.astimezone(zone).hour].append(impressions)
    return [
        Hour(hour, len(seen), median(seen) if len(seen) >= FEWEST else None)
        for hour, seen in found.items()
    ]
