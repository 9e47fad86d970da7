"""Reads of people, workspaces and connections."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import (
    Connection,
    ConnectionStatus,
    Invitation,
    Membership,
    RowId,
    User,
    Workspace,
)
from accounts.policy import RENEW_AHEAD


def memberships_of(user: User) -> QuerySet[Membership]:
    """A person's places, oldest first."""
    return user.memberships.select_related("workspace").order_by("created_at")


def members_of(workspace: Workspace) -> QuerySet[Membership]:
    """Who is in a workspace, those who joined first at the top."""
    return workspace.memberships.select_related("user").order_by("created_at")


def open_invitations(workspace: Workspace, *, now: datetime) -> QuerySet[Invitation]:
    """Invitations that can still be accepted."""
    return workspace.invitations.filter(
        accepted_at=None, revoked_at=None, expires_at__gt=now
    ).order_by("created_at")


def connections_of(workspace: Workspace) -> QuerySet[Connection]:
    """A workspace's Pinterest accounts, those that work first."""
    return workspace.connections.select_related("connected_by").order_by("status", "connected_at")


def active_connections_of(workspace: Workspace) -> QuerySet[Connection]:
    """The Pinterest accounts a workspace can publish with."""
    return workspace.connections.filter(status=ConnectionStatus.ACTIVE).order_by("connected_at")


def connections_to_renew(*, now: datetime) -> QuerySet[Connection]:
    """Connections whose access token runs out soon."""
    return Connection.objects.filter(
        status=ConnectionStatus.ACTIVE, access_expires_at__lte=now + RENEW_AHEAD
    ).order_by("access_expires_at")


def profiles_to_refresh(*, before: datetime) -> QuerySet[Connection]:
    """Connections whose username, name and picture were last read before `before`."""
    return Connection.objects.filter(
        status=ConnectionStatus.ACTIVE, profile_refreshed_at__lt=before
    ).order_by("profile_refreshed_at")


def account_ids(connection_ids: Iterable[RowId]) -> dict[str, str]:
    """Pinterest's id of each connection's account, by the connection's id as text.

    It never changes, so a process reads each once. A connection that is gone is left out.
    """
    wanted = {str(each) for each in connection_ids}
    unknown = wanted - _ACCOUNT_IDS.keys()
    if unknown:
        rows = Connection.objects.filter(pk__in=unknown).values_list("pk", "pinterest_id")
        _ACCOUNT_IDS.update((str(pk), pinterest_id) for pk, pinterest_id in rows)
    return {each: _ACCOUNT_IDS[each] for each in wanted if each in _ACCOUNT_IDS}


def account_id_of(connection_id: RowId) -> str:
    """Pinterest's id of one connection's account. Raises Connection.DoesNotExist."""
    found = account_ids([connection_id]).get(str(connection_id))
    if found is None:
        raise Connection.DoesNotExist
    return found


_ACCOUNT_IDS: dict[str, str] = {}
