"""Series: which there are, which are due, and their days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Connection, ConnectionStatus, Succession, User, Workspace
from analytics.models import DayRow, Digest, Series, Snapshot, TopPin
from analytics.policy.chains import Merge, day_that_counts, taken_over
from analytics.policy.figures import COUNTS, Day, column_of
from analytics.policy.windows import utc_day
from pinterest.figures import Filters


def series_of(workspace: Workspace, *, account_id: str, filters: Filters) -> Series | None:
    """The workspace's series of an account under these filters, if it is kept."""
    return Series.objects.filter(
        workspace=workspace,
        account_id=account_id,
        content_type=filters.content_type,
        source=filters.source,
        claimed=filters.claimed,
    ).first()


def accounts_of(workspace: Workspace) -> list[tuple[str, str]]:
    """Accounts whose figures are kept or about to be: Pinterest's id and the username, by name."""
    kept = Series.objects.filter(workspace=workspace).values_list("account_id", "username")
    active = Connection.objects.filter(workspace=workspace, status=ConnectionStatus.ACTIVE)
    connected = active.values_list("pinterest_id", "username")
    # A connection knows the newer name.
    found = {**dict(kept), **dict(connected)}
    return sorted(found.items(), key=lambda account: (account[1], account[0]))


def connections_without_series(filters: Filters) -> list[Connection]:
    """Active connections whose account has no series of these filters in their workspace yet."""
    kept = Series.objects.filter(
        workspace=OuterRef("workspace"),
        account_id=OuterRef("pinterest_id"),
        content_type=filters.content_type,
        source=filters.source,
        claimed=filters.claimed,
    )
    active = Connection.objects.filter(status=ConnectionStatus.ACTIVE)
    return list(active.filter(~Exists(kept)).select_related("workspace").order_by("connected_at"))


def active_connection(workspace_id: UUID, account_id: str) -> Connection | None:
    """The workspace's connection to ask Pinterest by for an account, known by Pinterest's id."""
    return Connection.objects.filter(
        workspace=workspace_id, pinterest_id=account_id, status=ConnectionStatus.ACTIVE
    ).first()


def lost_and_found() -> QuerySet[Series]:
    """Series that wait for their account, and whose account is connected (again)."""
    active = Connection.objects.filter(
        workspace=OuterRef("workspace"),
        pinterest_id=OuterRef("account_id"),
        status=ConnectionStatus.ACTIVE,
    )
    return Series.objects.filter(Exists(active), next_pull_at=None, stopped_at=None)


def due_series(*, now: datetime) -> QuerySet[Series]:
    """Series to pull now that no worker has in hand."""
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    return Series.objects.filter(free, next_pull_at__lte=now, stopped_at=None)


def workers_wanted(*, now: datetime, most: int) -> int:
    """How many more workers could read now, so that at most `most` do."""
    waiting = due_series(now=now)[:most].count()
    in_hand = Series.objects.filter(leased_until__gte=now)[:most].count()
    return max(0, min(waiting, most - in_hand))


@dataclass(frozen=True, slots=True)
class Chain:
    """Series that are read as one, the latest account's last, and from when on each counts."""

    series: Sequence[Series]
    since: Sequence[date | None]


def chain_of(series: Series) -> Chain:
    """A series and those whose history a member has merged with it."""
    told = Succession.objects.filter(workspace=series.workspace_id, merges_history=True)
    merges = [
        Merge(earlier, later, utc_day(asked_at))
        for earlier, later, asked_at in told.values_list(
            "earlier__pinterest_id", "later__pinterest_id", "asked_at"
        )
    ]
    since = taken_over(series.account_id, merges)
    if len(since) == 1:
        return Chain([series], [None])
    rows = Series.objects.filter(
        workspace=series.workspace_id,
        account_id__in=since,
        content_type=series.content_type,
        source=series.source,
        claimed=series.claimed,
    )
    found = {row.account_id: row for row in rows}
    accounts = [account_id for account_id in since if account_id in found]
    return Chain([found[each] for each in accounts], [since[each] for each in accounts])


def days_of(chain: Chain | None, *, first: date, last: date) -> list[Day]:
    """The kept days, in order, of series that are read as one."""
    if chain is None:
        return []
    places = {each.pk: place for place, each in enumerate(chain.series)}
    rows = DayRow.objects.filter(series__in=list(places), date__gte=first, date__lte=last)
    found: dict[date, dict[int, Day]] = {}
    for row in rows:
        place = places[row.series_id]
        day = _day(row, chain.series[place].username)
        found.setdefault(row.date, {})[place] = day
    return [day_that_counts(day, found[day], chain.since) for day in sorted(found)]


def first_day_of(chain: Chain) -> date | None:
    """The first day that is kept of any of them."""
    rows = DayRow.objects.filter(series__in=chain.series).order_by("date")
    return rows.values_list("date", flat=True).first()


def snapshots_of(workspace_id: UUID, account_id: str, *, first: date, last: date) -> list[Snapshot]:
    """Followers and the like, day by day."""
    rows = Snapshot.objects.filter(workspace=workspace_id, account_id=account_id)
    return list(rows.filter(date__gte=first, date__lte=last).order_by("date"))


def has_digest(workspace: Workspace, user: User) -> bool:
    """Whether a member is mailed the week's figures."""
    return Digest.objects.filter(workspace=workspace, user=user).exists()


def top_pins_of(series: Series, *, sort_by: str, most: int) -> list[TopPin]:
    """The best Pins of the last 30 days."""
    rows = TopPin.objects.filter(series=series, sort_by=sort_by).select_related("series")
    return list(rows.order_by("rank")[:most])


def _day(row: DayRow, username: str) -> Day:
    counts = {name: getattr(row, column_of(name)) for name in COUNTS}
    return Day(row.date, row.status, counts, username)
