"""Series that are read as one, and their days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from accounts.models import Succession, Workspace
from analytics.models import DayRow, Series
from analytics.policy.chains import Merge, Turn, day_that_counts, leading, turns_of
from analytics.policy.figures import COUNTS, Day, column_of
from pinterest.figures import Filters


@dataclass(frozen=True, slots=True)
class Chain:
    """The series of the accounts that are read as one with `head`, and whose turn is when."""

    head: Series
    series: Sequence[Series]
    turns: Sequence[Turn]


def chain_of(series: Series) -> Chain:
    """A series and those whose history a member has merged with it."""
    turns = turns_of(series.account_id, _merges_of(series.workspace_id))
    if len(turns) == 1:
        return Chain(series, [series], turns)
    accounts = {turn.account_id for turn in turns}
    rows = Series.objects.filter(
        workspace=series.workspace_id,
        account_id__in=accounts,
        content_type=series.content_type,
        source=series.source,
        claimed=series.claimed,
    )
    return _chain(series, {row.account_id: row for row in rows}, turns)


def chains_in(workspace: Workspace, filters: Filters) -> list[Chain]:
    """All of a workspace's series under these filters, each in one chain, by the name."""
    rows = Series.objects.filter(
        workspace=workspace,
        content_type=filters.content_type,
        source=filters.source,
        claimed=filters.claimed,
    )
    found = {row.account_id: row for row in rows.order_by("username", "account_id")}
    merges = _merges_of(workspace.pk)
    turns = leading({account_id: turns_of(account_id, merges) for account_id in found})
    return [_chain(found[each], found, turns[each]) for each in found if each in turns]


def days_of(chain: Chain | None, *, first: date, last: date) -> list[Day]:
    """The kept days of a chain, in order."""
    return days_by_chain([chain], first=first, last=last)[0] if chain else []


def days_by_chain(chains: Sequence[Chain], *, first: date, last: date) -> list[list[Day]]:
    """The same of several chains, in one query; a list for each of them."""
    names = {each.pk: each for chain in chains for each in chain.series}
    rows = DayRow.objects.filter(series__in=list(names), date__gte=first, date__lte=last)
    found: dict[str, dict[date, Day]] = defaultdict(dict)
    for series_id, day, status, *counts in rows.values_list(
        "series_id", "date", "status", *map(column_of, COUNTS)
    ):
        series, told = names[series_id], dict(zip(COUNTS, counts, strict=True))
        found[series.account_id][day] = Day(day, status, told, series.account_id, series.username)
    return [_days(chain, found) for chain in chains]


def first_day_of(chain: Chain) -> date | None:
    """The first day that is kept of any of them."""
    rows = DayRow.objects.filter(series__in=chain.series).order_by("date")
    return rows.values_list("date", flat=True).first()


def _merges_of(workspace_id: UUID) -> list[Merge]:
    told = Succession.objects.filter(workspace=workspace_id, merges_history=True)
    return [
        Merge(*each)
        for each in told.values_list("earlier__pinterest_id", "later__pinterest_id", "asked_at")
    ]


def _chain(head: Series, found: dict[str, Series], turns: Iterable[Turn]) -> Chain:
    kept = [turn for turn in turns if turn.account_id in found]
    accounts = dict.fromkeys(turn.account_id for turn in kept)
    return Chain(head, [found[each] for each in accounts], kept)


def _days(chain: Chain, found: Mapping[str, Mapping[date, Day]]) -> list[Day]:
    """One row for each day of which any account of the chain has one. `found` by account."""
    own = {each.account_id: found[each.account_id] for each in chain.series}
    return [
        day_that_counts(
            day, {key: rows[day] for key, rows in own.items() if day in rows}, chain.turns
        )
        for day in sorted(set[date]().union(*own.values()))
    ]
