"""Sums and rates. Pure.

A rate is a sum by a sum, never a mean of daily rates. What is missing is not zero: a sum of
nothing is None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from analytics.policy.statuses import is_settled

COUNTS: Final = ("impression", "engagement", "save", "pin_click", "outbound_click")
LABELS: Final = {
    "impression": "Impressions",
    "engagement": "Engagements",
    "save": "Saves",
    "pin_click": "Pin clicks",
    "outbound_click": "Outbound clicks",
}
_COLUMNS: Final = {"save": "save_count"}
RATES: Final = ("engagement", "save", "pin_click", "outbound_click")

_MOST: Final = 2**62

Counts = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Day:
    """A day's counts; None for what Pinterest did not tell. `status` is Pinterest's word.

    `account_id` and `username`: whose figures they are. An account that was made anew may have the
    name of the one before.
    """

    date: date
    status: str
    counts: Counts
    account_id: str = ""
    username: str = ""


def column_of(count: str) -> str:
    """The column of a count; `save` is what Django calls a method."""
    return _COLUMNS.get(count, count)


def as_count(value: float | None) -> int | None:
    """A number of Pinterest's as a count; None for what is missing and what can be no count."""
    return round(value) if value is not None and 0 <= value <= _MOST else None


def sum_up(days: Iterable[Day]) -> dict[str, int | None]:
    """The sum of each count over the days that tell it; None where none does."""
    sums: dict[str, int | None] = dict.fromkeys(COUNTS)
    for day in days:
        for name in COUNTS:
            value = day.counts.get(name)
            if value is not None:
                sums[name] = (sums[name] or 0) + value
    return sums


def rate(part: int | None, whole: int | None) -> float | None:
    """A fraction; 0 where nothing was seen, None where one of the two is not known."""
    if part is None or whole is None:
        return None
    return part / whole if whole else 0.0


def change(now: int | None, before: int | None) -> float | None:
    """By what fraction it is more than before; None where that can't be told."""
    if now is None or not before:
        return None
    return (now - before) / before


def rate_of(days: Iterable[Day], count: str) -> float | None:
    """A count by impressions, both summed over the days that tell both; None where none does."""
    told = [
        (part, whole)
        for day in days
        if (part := day.counts.get(count)) is not None
        and (whole := day.counts.get("impression")) is not None
    ]
    if not told:
        return None
    return rate(sum(part for part, _ in told), sum(whole for _, whole in told))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Sums over the days that can be compared with one so many days before, and their number."""

    now: int
    before: int
    days: int

    @property
    def change(self) -> float | None:
        return change(self.now, self.before)


def compare(
    days: Iterable[Day], before: Iterable[Day], count: str, *, apart: timedelta
) -> Comparison:
    """Day by day with the one `apart` earlier, where both tell the count and are settled.

    A day that is missing on one side would make the other look better than it is.
    """
    earlier = {day.date + apart: day for day in before}
    pairs = [
        (value, was)
        for day in days
        if is_settled(day.status)
        and (past := earlier.get(day.date)) is not None
        and is_settled(past.status)
        and (value := day.counts.get(count)) is not None
        and (was := past.counts.get(count)) is not None
    ]
    return Comparison(sum(now for now, _ in pairs), sum(was for _, was in pairs), len(pairs))


def add_up(comparisons: Iterable[Comparison]) -> Comparison:
    """Several accounts' comparisons as one."""
    listed = list(comparisons)
    return Comparison(
        sum(each.now for each in listed),
        sum(each.before for each in listed),
        sum(each.days for each in listed),
    )


def summary(days: Iterable[Day]) -> dict[str, Any]:
    """The summary that Ayrshare's users know: camelCase, rates from sums, and the days."""
    listed = list(days)
    sums = sum_up(listed)
    body: dict[str, Any] = {"impression": sums["impression"]}
    for name in RATES:
        body[_camel(name)] = sums[name]
        body[f"{_camel(name)}Rate"] = rate_of(listed, name)
    body["daily"] = [_daily(day) for day in listed]
    return body


def _daily(day: Day) -> dict[str, Any]:
    metrics: dict[str, int | float] = {}
    for name in COUNTS:
        if (value := day.counts.get(name)) is not None:
            metrics[name.upper()] = value
    for name in RATES:
        found = rate(day.counts.get(name), day.counts.get("impression"))
        if found is not None:
            metrics[f"{name.upper()}_RATE"] = found
    told = {"date": day.date.isoformat(), "metrics": metrics, "data_status": day.status}
    if day.account_id:
        told |= {"account_id": day.account_id, "username": day.username}
    return told


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)
