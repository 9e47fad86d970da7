"""Access tokens: opening them, renewing them one at a time, losing them.

Renewal holds the connection's row lock across the call to Pinterest, so that one worker renews and
the others wait and then use what it got; the new refresh token is stored in that same transaction,
because Pinterest may have made the old one worthless.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction

from accounts import wire
from accounts.limits.counters import Granted
from accounts.limits.throttle import Pace
from accounts.models import Connection, ConnectionStatus, RowId
from accounts.notifications.own_kinds import ACCOUNT_LOST
from accounts.policy import renewal_is_due
from accounts.sealing import SealBroken
from accounts.selectors import account_id_of
from accounts.services.events import about, record
from pinterest import oauth
from pinterest.client import PinterestClient
from pinterest.errors import PinterestError, RefusalReason, Refused
from pinterest.types import TokenGrant

logger = logging.getLogger(__name__)
T = TypeVar("T")

TOKEN_COLUMNS = [
    "access_token_sealed",
    "refresh_token_sealed",
    "access_expires_at",
    "refresh_expires_at",
    "tokens_renewed_at",
]


class ConnectionLost(Exception):
    """Pinterest no longer lets us act for this account; a person must reconnect it."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(
            f"PinApp can no longer act for {connection}. Reconnect the account on the "
            "Pinterest accounts page; its Pins wait until then."
        )


class TokensUnreadable(ConnectionLost):
    """The stored tokens can't be opened: TOKEN_KEYS lacks their key, or they were altered."""

    message = "The tokens stored for this account can't be opened."
    remedy = (
        "Reconnect the account, or ask whoever runs this server to put the missing key back into "
        "TOKEN_KEYS."
    )

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}"


def call_pinterest(
    *,
    connection_id: RowId,
    now: datetime,
    call: Callable[[PinterestClient], T],
    granted: Granted | None = None,
    token: str | None = None,
) -> T:
    """Run `call` with a client for the connection, renewing its token when it must be.

    A token that Pinterest refuses (401 code 2) is renewed once and the call made again: that
    refusal proves that the first call had no effect. It is made a last time with the tokens of
    somebody who has reconnected meanwhile. Raises ConnectionLost, what `call` raises, and
    Unavailable before anything is sent while a rate limit has no room; `granted` is a call that
    the caller has taken from the limits already, `token` one that it has found usable just now.
    """
    pace = Pace(account_id_of(connection_id), granted=granted)
    token = token or usable_access_token(connection_id=connection_id, now=now)
    try:
        return call(_client(token, pace))
    except Refused as error:
        if error.reason is not RefusalReason.TOKEN_DEAD:
            raise
    token = renew(connection_id=connection_id, spent=token, now=now)
    try:
        return call(_client(token, pace))
    except Refused as error:
        if error.reason is not RefusalReason.TOKEN_DEAD:
            raise
        token = _token_after_refusal(connection_id, refused=token, error=error, now=now)
    return call(_client(token, pace))


def usable_access_token(*, connection_id: RowId, now: datetime) -> str:
    """An access token good for a call now. Raises ConnectionLost and PinterestError."""
    return token_of(Connection.objects.get(pk=connection_id), now=now)


def token_of(connection: Connection, *, now: datetime) -> str:
    """The same for a connection that was read just now."""
    token = _open_access_token(connection)
    if not renewal_is_due(expires_at=_expiry(connection), now=now):
        return token
    if not connection.refresh_token_sealed and not connection.access_is_expired(now=now):
        # It can't be renewed, but it works to its end.
        return token
    try:
        return renew(connection_id=connection.pk, spent=token, now=now)
    except PinterestError:
        # Renewal comes a week early: an outage at Pinterest is no reason to stop working.
        if connection.access_is_expired(now=now):
            raise
        return token


def renew(*, connection_id: RowId, spent: str, now: datetime) -> str:
    """Replace the token `spent` under the row's lock; the first caller renews for all.

    Raises ConnectionLost when Pinterest refuses the grant, PinterestError (unavailable, uncertain
    or a refusal of the app itself) when the connection may still be good: it is left as it was.
    """
    with transaction.atomic():
        connection = Connection.objects.select_for_update().get(pk=connection_id)
        token = _open_access_token(connection)
        if token != spent:
            return token
        refusal = _renew_locked(connection, now=now)
    if not connection.is_active:
        # Outside the block: raising inside would roll back the mark that was just made.
        raise ConnectionLost(connection) from refusal
    return _open_access_token(connection)


def store_grant(*, connection: Connection, grant: TokenGrant, now: datetime) -> None:
    """Put a grant's tokens, sealed for this row, on `connection` (the caller saves)."""
    sealer = wire.sealer()
    connection.access_token_sealed = sealer.seal(
        grant.access_token, place=connection.token_place("access_token")
    )
    connection.access_expires_at = now + timedelta(seconds=grant.expires_in)
    if grant.refresh_token is not None:
        connection.refresh_token_sealed = sealer.seal(
            grant.refresh_token, place=connection.token_place("refresh_token")
        )
        lifetime = grant.refresh_token_expires_in
        connection.refresh_expires_at = now + timedelta(seconds=lifetime) if lifetime else None
    connection.tokens_renewed_at = now


def forget_tokens(connection: Connection) -> None:
    """Wipe a connection's tokens (the caller saves)."""
    connection.access_token_sealed = connection.refresh_token_sealed = ""
    connection.access_expires_at = connection.refresh_expires_at = None


def _renew_locked(connection: Connection, *, now: datetime) -> Refused | None:
    """Renew a locked row, or mark it lost; returns the refusal that lost it, if one did."""
    if not connection.refresh_token_sealed:
        _lose(connection, reason="Pinterest gave no way to renew this permission.", now=now)
        return None
    try:
        grant = oauth.refresh(
            session=wire.pinterest_session(),
            app=wire.pinterest_app(),
            refresh_token=_open(connection, "refresh_token", connection.refresh_token_sealed),
        )
    except Refused as error:
        if error.reason is not RefusalReason.GRANT_REFUSED:
            raise
        _lose(connection, reason=error.message, now=now)
        return error
    store_grant(connection=connection, grant=grant, now=now)
    if grant.scopes:
        connection.scopes = sorted(grant.scopes)
    connection.save(update_fields=[*TOKEN_COLUMNS, "scopes"])
    logger.info("token_renewed connection=%s", connection.pk)
    return None


def _token_after_refusal(
    connection_id: RowId, *, refused: str, error: Refused, now: datetime
) -> str:
    """The token somebody has put in the place of the refused one; or else the connection is lost.

    Raises ConnectionLost.
    """
    with transaction.atomic():
        connection = Connection.objects.select_for_update().get(pk=connection_id)
        token = _open_access_token(connection)
        if token != refused:
            return token
        _lose(connection, reason=error.message, now=now)
    raise ConnectionLost(connection) from error


def _lose(connection: Connection, *, reason: str, now: datetime) -> None:
    connection.status = ConnectionStatus.NEEDS_RECONNECTING
    connection.lost_reason = reason[:500]
    connection.save(update_fields=["status", "lost_reason"])
    record(ACCOUNT_LOST, [about(connection, problem=connection.lost_reason)], by=None, now=now)
    logger.warning("connection_lost connection=%s", connection.pk)


def _client(token: str, pace: Pace) -> PinterestClient:
    return PinterestClient(
        session=wire.pinterest_session(),
        api_url=wire.pinterest_app().api_url,
        access_token=token,
        before_call=pace.before_call,
        on_answer=pace.on_answer,
    )


def _expiry(connection: Connection) -> datetime:
    if connection.access_expires_at is None:
        raise ConnectionLost(connection)
    return connection.access_expires_at


def _open_access_token(connection: Connection) -> str:
    if not connection.is_active:
        raise ConnectionLost(connection)
    return _open(connection, "access_token", connection.access_token_sealed)


def _open(connection: Connection, column: str, sealed: str) -> str:
    try:
        return wire.sealer().open(sealed, place=connection.token_place(column))
    except SealBroken as error:
        raise TokensUnreadable(connection) from error
