"""Several accounts' histories read as one. Pure.

A member has said that one account took another's place. From the day on which it did, its figures
count, before that the earlier one's. Where the one that counts tells nothing, another does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from analytics.policy.figures import Day


@dataclass(frozen=True, slots=True)
class Merge:
    """`later` took the place of `earlier` on a day; both by Pinterest's account ids."""

    earlier: str
    later: str
    day: date


def taken_over(account_id: str, merges: Iterable[Merge]) -> dict[str, date | None]:
    """The accounts whose history is read with this one's, itself among them.

    With the day from which each counts, None for as long as there is anything; in that order.
    """
    known = list(merges)
    found, new = {account_id}, [account_id]
    while new:
        later = new.pop()
        before = {merge.earlier for merge in known if merge.later == later} - found
        found |= before
        new += sorted(before)
    since = {
        each: max((merge.day for merge in known if merge.later == each), default=None)
        for each in found
    }
    return dict(sorted(since.items(), key=lambda item: (item[1] or date.min, item[0])))


def day_that_counts(day: date, rows: Mapping[int, Day], since: Sequence[date | None]) -> Day:
    """The row to show of a day. `rows` by the place of their account in `since`; at least one."""
    places = range(len(since))
    taken = [place for place in places if (begins := since[place]) is None or begins <= day]
    counts = taken[-1] if taken else 0
    order = [counts, *range(counts + 1, len(since)), *reversed(range(counts))]
    there = [rows[place] for place in order if place in rows]
    telling = [row for row in there if any(value is not None for value in row.counts.values())]
    return (telling or there)[0]
