"""Series: which there are, which are due, and their days."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Connection, ConnectionStatus, User, Workspace
from analytics.models import Digest, Series, Snapshot, TopPin
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
