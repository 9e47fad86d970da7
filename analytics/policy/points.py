"""Days put together to points of a chart: single days, weeks or months of 28 days. Pure.

A point's count is the sum of the days that tell it; of days that tell nothing it has none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from analytics.policy.figures import Day
from analytics.policy.statuses import is_settled, may_grow, reason_of

_MOST_DAYS: Final = 100
_MOST_WEEKS: Final = 100 * 7


@dataclass(frozen=True, slots=True)
class Point:
    """Days from the first to the last, both included, and their count, None where none is told.

    `kind`: settled, moving (it still grows) or gap. `note`: what a person should know beside the
    number. `has_seam`: another account's history begins in it.
    """

    first: date
    last: date
    value: int | None
    kind: str
    note: str
    has_seam: bool = False
    pins: int = 0


def days_to_a_point(days: int) -> int:
    """So that a chart has a hundred points or so at most."""
    if days <= _MOST_DAYS:
        return 1
    return 7 if days <= _MOST_WEEKS else 28


def points_of(
    dates: Sequence[date],
    found: Mapping[date, Day],
    *,
    count: str,
    pins: Mapping[date, int] | None = None,
    step: int | None = None,
) -> list[Point]:
    """The points of these days, in order. The last one is whole; the first one may be shorter.

    `found`: each of them as it stands today (`standing_days`).
    `pins`: Pins of ours that went out on a day; `step`: days to a point, if not as many as usual.
    """
    step = step or days_to_a_point(len(dates))
    points, account_id = [], ""
    for chunk in _chunks(dates, step):
        known = [found[day] for day in chunk]
        accounts = [account_id] * bool(account_id) + [
            day.account_id for day in known if day.account_id
        ]
        points.append(
            Point(
                first=chunk[0],
                last=chunk[-1],
                value=_sum(known, count),
                kind=_kind(known, count),
                note=_note(chunk, known, count),
                has_seam=len(set(accounts)) > 1,
                pins=sum((pins or {}).get(day, 0) for day in chunk),
            )
        )
        account_id = accounts[-1] if accounts else account_id
    return points


def dates_of(first: date, days: int) -> list[date]:
    """So many days from the first on."""
    return [first + timedelta(days=number) for number in range(days)]


def _chunks(dates: Sequence[date], step: int) -> list[Sequence[date]]:
    """Counted back from the last day, which is the one people look at."""
    rest = len(dates) % step
    starts = [0] if rest else []
    starts += range(rest, len(dates), step)
    return [dates[start : rest if start < rest else start + step] for start in starts]


def _sum(known: Sequence[Day], count: str) -> int | None:
    values = [value for day in known if (value := day.counts.get(count)) is not None]
    return sum(values) if values else None


def _kind(known: Sequence[Day], count: str) -> str:
    told = [day for day in known if day.counts.get(count) is not None]
    if not told:
        return "gap"
    return "moving" if any(may_grow(day.status) for day in told) else "settled"


def _note(chunk: Sequence[date], known: Sequence[Day], count: str) -> str:
    told = [day for day in known if day.counts.get(count) is not None]
    if len(chunk) == 1 or not told:
        status = known[-1].status
        return "" if told and is_settled(status) else reason_of(status)
    notes = []
    if len(told) < len(chunk):
        notes.append(f"Of {len(told)} of {len(chunk)} days: the others have no figures.")
    if any(may_grow(day.status) for day in told):
        notes.append("Pinterest is still counting.")
    if not all(is_settled(day.status) or may_grow(day.status) for day in told):
        notes.append("Some of these days were never settled.")
    return " ".join(notes)
