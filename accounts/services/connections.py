"""Connecting Pinterest accounts to a workspace, and keeping what we show of them fresh."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Connection, ConnectionStatus, RowId, User, Workspace
from accounts.notifications.own_kinds import ACCOUNT_DISCONNECTED
from accounts.services.events import about, record
from accounts.services.successions import ask_about_earlier
from accounts.services.tokens import TOKEN_COLUMNS, call_pinterest, forget_tokens, store_grant
from accounts.signals import account_disconnected
from pinterest.client import PinterestClient
from pinterest.oauth import REQUIRED_SCOPES, missing_scopes
from pinterest.types import Account, TokenGrant

logger = logging.getLogger(__name__)

PROFILE_COLUMNS = [
    "username",
    "display_name",
    "picture_url",
    "account_type",
    "profile_refreshed_at",
]


class ScopesMissing(Exception):
    """The person did not allow everything that publishing needs."""

    def __init__(self, missing: frozenset[str]) -> None:
        self.missing = missing
        super().__init__(
            "Pinterest did not grant everything PinApp needs to publish. Missing: "
            f"{', '.join(sorted(missing))}. Connect again and allow all of it."
        )


@dataclass(frozen=True, slots=True)
class Connected:
    """What connecting did: `renewed` when the account was known here already."""

    connection: Connection
    renewed: bool


def connect_account(
    *,
    workspace: Workspace,
    by: User,
    account: Account,
    grant: TokenGrant,
    now: datetime,
    meant: RowId | None = None,
) -> Connected:
    """Store a grant for the account with this id; the same id again swaps its tokens.

    Another id never takes over what belongs to an account that was lost: that is asked. `meant`
    is the connection that was to be reconnected. Raises ScopesMissing; then nothing is stored.
    """
    missing = missing_scopes(granted=grant.scopes, required=REQUIRED_SCOPES)
    if missing:
        raise ScopesMissing(missing)
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=workspace.pk)
        known = Connection.objects.filter(workspace=workspace, pinterest_id=account.id).first()
        connection = known or Connection(workspace=workspace, pinterest_id=account.id)
        connection.status = ConnectionStatus.ACTIVE
        connection.lost_reason = ""
        connection.connected_by = by
        connection.connected_at = now
        connection.scopes = sorted(grant.scopes)
        _copy_profile(connection, account, now=now)
        store_grant(connection=connection, grant=grant, now=now)
        connection.save()
        ask_about_earlier(later=connection, is_new=known is None, meant=meant, now=now)
    logger.info("account_connected connection=%s renewed=%s", connection.pk, known is not None)
    return Connected(connection=connection, renewed=known is not None)


def disconnect_account(*, connection: Connection, by: User) -> list[str]:
    """Stop acting for an account: its tokens are wiped, its history stays.

    Returns what else became of it, in sentences: its planned Pins are put on hold, for one.
    """
    with transaction.atomic():
        connection = Connection.objects.select_for_update().get(pk=connection.pk)
        connection.status = ConnectionStatus.DISCONNECTED
        forget_tokens(connection)
        connection.save(update_fields=["status", *TOKEN_COLUMNS])
        record(ACCOUNT_DISCONNECTED, [about(connection)], by=by, now=timezone.now())
        told = account_disconnected.send(sender=Connection, connection=connection, by=by)
    logger.info("account_disconnected connection=%s by=%s", connection.pk, by.pk)
    return [answer for _, answer in told if isinstance(answer, str) and answer]


def refresh_profile(*, connection_id: RowId, now: datetime) -> None:
    """Read username, name and picture again. Raises ConnectionLost and PinterestError."""
    account = call_pinterest(connection_id=connection_id, now=now, call=PinterestClient.get_account)
    with transaction.atomic():
        connection = Connection.objects.select_for_update().get(pk=connection_id)
        _copy_profile(connection, account, now=now)
        connection.save(update_fields=PROFILE_COLUMNS)


def _copy_profile(connection: Connection, account: Account, *, now: datetime) -> None:
    connection.username = account.username[:100]
    connection.display_name = (account.business_name or "")[:200]
    connection.picture_url = _short_address(account.profile_image)
    connection.account_type = (account.account_type or "")[:30]
    connection.profile_refreshed_at = now


def _short_address(url: str | None) -> str:
    """An address that its column holds; a cut one would lead nowhere."""
    return url if url and len(url) <= 2048 else ""
