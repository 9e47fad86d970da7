"""Several accounts' histories read as one. Pure.

A member has said that one account took another's place. From the day on which it did, its figures
count, before that the earlier one's. Where the one that counts tells nothing, another does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from analytics.policy.figures import Day
from analytics.policy.windows import utc_day


@dataclass(frozen=True, slots=True)
class Merge:
    """`later` took the place of `earlier`, by Pinterest's account ids; `at`: when, in UTC."""

    earlier: str
    later: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """From when on an account counts; None for as long as there is anything."""

    account_id: str
    since: date | None


def turns_of(account_id: str, merges: Iterable[Merge]) -> list[Turn]:
    """Whose figures count from when on, in that order, for what is read with this account's.

    An account may have two turns, having got its place back.
    """
    found = _joined(account_id, list(merges))
    turns: list[Turn] = []
    for merge in sorted(found, key=lambda each: (each.at, each.later, each.earlier)):
        if all(turn.account_id != merge.earlier for turn in turns):
            turns.append(Turn(merge.earlier, None))
        if (turn := Turn(merge.later, utc_day(merge.at))) not in turns:
            turns.append(turn)
    turns.sort(key=lambda turn: turn.since or date.min)
    return turns or [Turn(account_id, None)]


def _joined(account_id: str, merges: Sequence[Merge]) -> list[Merge]:
    """The merges that lead to this account, over however many others."""
    accounts, found = {account_id}, []
    while new := [each for each in merges if each.later in accounts and each not in found]:
        found += new
        accounts |= {each.earlier for each in new}
    return found


def day_that_counts(day: date, rows: Mapping[str, Day], turns: Sequence[Turn]) -> Day:
    """The row to show of a day. `rows` by account, at least one, each of them in `turns`."""
    begun = [turn.account_id for turn in turns if turn.since is None or turn.since <= day]
    ahead = [turn.account_id for turn in turns if turn.account_id not in begun]
    there = [rows[each] for each in (*reversed(begun), *ahead) if each in rows]
    telling = [row for row in there if any(value is not None for value in row.counts.values())]
    return (telling or there)[0]


def leading(turns: Mapping[str, Sequence[Turn]]) -> dict[str, list[Turn]]:
    """The accounts whose lines, put together, have every account once, and the turns of each.

    `turns` by the account they are read for. Who got the place last speaks for the others; an
    account that two have followed is spoken for by one of them.
    """

    def last_of(account_id: str) -> tuple[date, int, str]:
        own = [turn.since for turn in turns[account_id] if turn.account_id == account_id]
        return max(since or date.min for since in own), len(turns[account_id]), account_id

    chosen: dict[str, list[Turn]] = {}
    spoken_for: set[str] = set()
    for account_id in sorted(turns, key=last_of, reverse=True):
        if account_id not in spoken_for:
            own = [turn for turn in turns[account_id] if turn.account_id not in spoken_for]
            chosen[account_id] = own
            spoken_for |= {turn.account_id for turn in own}
    return chosen
