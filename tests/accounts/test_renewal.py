"""Access tokens are renewed once, in time, for everybody; and lost only when Pinterest says so."""

import logging
import re
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connections, transaction
from django.db import connection as database
from django.utils import timezone
from django.views.debug import ExceptionReporter

from accounts import wire
from accounts.models import Connection, ConnectionStatus
from accounts.services.connections import disconnect_account, refresh_profile
from accounts.services.tokens import ConnectionLost, call_pinterest, renew, usable_access_token
from pinterest.client import PinterestClient
from pinterest.errors import RefusalReason, Refused, Trouble, Unavailable
from sandbox.faults import Fault

TOKEN_ROUTE = "POST /v5/oauth/token"
LOST = (
    "PinApp can no longer act for @clay-studio. Reconnect the account on the Pinterest accounts "
    "page; its Pins wait until then."
)
NOT_RENEWED = (
    "Pinterest did not renew the permission for this account. "
    "Pinterest says: “The provided authorization grant is invalid or expired.”"
)
TRANSIENT = {
    "an overloaded server": {"kind": "status", "status": 503},
    "a gateway's page": {"kind": "status", "status": 502, "body": "html"},
    "a page instead of an answer": {"kind": "status", "status": 200, "body": "html"},
    "a rate limit": {"kind": "status", "status": 429},
    "a broken connection": {"kind": "drop"},
    "silence": {"kind": "latency", "seconds": 3600},
}


def stored(connection: Connection, column: str = "access_token") -> str:
    connection.refresh_from_db()
    sealed = getattr(connection, f"{column}_sealed")
    return wire.sealer().open(sealed, place=connection.token_place(column))


def calls(sandbox, path: str) -> int:
    return sum(entry.path == path for entry in sandbox.requests)


def refreshes(sandbox) -> int:
    return calls(sandbox, "/v5/oauth/token")


def expires_in(connection: Connection, **span: float) -> None:
    """Set what we believe of the access token's end; Pinterest's own clock stays."""
    Connection.objects.filter(pk=connection.pk).update(
        access_expires_at=timezone.now() + timedelta(**span)
    )


def account_of(connection: Connection) -> str:
    now = timezone.now()
    call = PinterestClient.get_account
    return call_pinterest(connection_id=connection.pk, now=now, call=call).username


# In time


def test_a_token_with_more_than_a_week_left_is_used_as_it_is(connection, sandbox) -> None:
    expires_in(connection, days=7, minutes=1)
    before = stored(connection)
    assert account_of(connection) == "clay-studio"
    assert refreshes(sandbox) == 0
    assert stored(connection) == before


def test_a_token_in_its_last_week_is_renewed_before_it_is_used(connection, sandbox) -> None:
    expires_in(connection, days=7, minutes=-1)
    access, refresh = stored(connection), stored(connection, "refresh_token")
    now = datetime(2030, 5, 1, tzinfo=UTC)
    assert usable_access_token(connection_id=connection.pk, now=now) == stored(connection)
    assert refreshes(sandbox) == 1
    assert stored(connection) != access
    assert stored(connection, "refresh_token") != refresh
    assert connection.tokens_renewed_at == now
    assert connection.access_expires_at == now + timedelta(days=30)
    assert connection.refresh_expires_at == now + timedelta(days=60)


def test_the_rotated_refresh_token_works_next_time(connection, sandbox) -> None:
    for _ in range(3):
        renew(connection_id=connection.pk, spent=stored(connection), now=timezone.now())
    assert account_of(connection) == "clay-studio"
    assert refreshes(sandbox) == 3


def test_scopes_follow_what_pinterest_renews(connection, sandbox, studio) -> None:
    sandbox.set_token_scopes(studio, [*connection.scopes, "boards:read_secret"])
    renew(connection_id=connection.pk, spent=stored(connection), now=timezone.now())
    connection.refresh_from_db()
    assert "boards:read_secret" in connection.scopes


# When Pinterest refuses a token


def test_a_refused_token_is_renewed_once_and_the_call_made_again(
    connection, sandbox, studio
) -> None:
    sandbox.expire_tokens(studio)
    assert account_of(connection) == "clay-studio"
    assert [(entry.path, entry.status) for entry in sandbox.requests] == [
        ("/v5/user_account", 401),
        ("/v5/oauth/token", 200),
        ("/v5/user_account", 200),
    ]


def test_a_token_refused_twice_is_the_end_of_the_connection(connection, sandbox) -> None:
    sandbox.arm(Fault(route="GET /v5/user_account", kind="status", status=401, times=2))
    with pytest.raises(ConnectionLost, match=f"^{re.escape(LOST)}$"):
        account_of(connection)
    assert refreshes(sandbox) == 1
    connection.refresh_from_db()
    assert connection.status == ConnectionStatus.NEEDS_RECONNECTING
    assert connection.lost_reason.startswith("Pinterest no longer accepts this connection.")


def test_another_refusal_is_the_callers_and_renews_nothing(connection, sandbox, studio) -> None:
    sandbox.set_token_scopes(studio, ["boards:read"])
    with pytest.raises(Refused) as failure:
        account_of(connection)
    assert failure.value.reason is RefusalReason.MISSING_SCOPE
    assert refreshes(sandbox) == 0
    connection.refresh_from_db()
    assert connection.status == ConnectionStatus.ACTIVE


def test_a_connection_that_was_mended_meanwhile_is_not_marked_lost(
    connection, connect, sandbox, studio, workspace
) -> None:
    """The second refusal is of a token that a person has replaced in the meantime."""
    sandbox.expire_tokens(studio)
    tries = []

    def call(client: PinterestClient) -> str:
        tries.append(client)
        if len(tries) == 2:
            sandbox.kill_tokens(studio)
            connect(workspace, studio)
        return client.get_account().username

    answer = call_pinterest(connection_id=connection.pk, now=timezone.now(), call=call)
    assert answer == "clay-studio"
    assert len(tries) == 3
    connection.refresh_from_db()
    assert (connection.status, connection.lost_reason) == (ConnectionStatus.ACTIVE, "")


def test_a_connection_that_was_disconnected_meanwhile_stays_disconnected(
    connection, sandbox, studio, owner
) -> None:
    sandbox.expire_tokens(studio)
    tries = []

    def call(client: PinterestClient) -> str:
        tries.append(client)
        if len(tries) == 2:
            sandbox.kill_tokens(studio)
            disconnect_account(connection=connection, by=owner)
        return client.get_account().username

    with pytest.raises(ConnectionLost):
        call_pinterest(connection_id=connection.pk, now=timezone.now(), call=call)
    connection.refresh_from_db()
    assert connection.status == ConnectionStatus.DISCONNECTED


# When Pinterest refuses to renew


def test_a_refused_grant_asks_for_a_person_and_that_is_kept(connection, sandbox, studio) -> None:
    sandbox.kill_tokens(studio)
    with pytest.raises(ConnectionLost, match=f"^{re.escape(LOST)}$"):
        account_of(connection)
    connection.refresh_from_db()
    assert connection.status == ConnectionStatus.NEEDS_RECONNECTING
    assert connection.lost_reason == NOT_RENEWED
    asked = len(sandbox.requests)
    with pytest.raises(ConnectionLost):
        account_of(connection)
    assert len(sandbox.requests) == asked


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_is_committed_although_the_caller_gets_an_error(
    connection, sandbox, studio
) -> None:
    sandbox.kill_tokens(studio)
    with pytest.raises(ConnectionLost):
        usable_access_token(
            connection_id=connection.pk, now=connection.access_expires_at + timedelta(days=1)
        )
    with ThreadPoolExecutor(1) as elsewhere:
        assert elsewhere.submit(status_seen_elsewhere, connection).result() == "needs_reconnecting"


def status_seen_elsewhere(connection: Connection) -> str:
    try:
        return Connection.objects.get(pk=connection.pk).status
    finally:
        connections.close_all()


def test_without_a_refresh_token_the_account_must_be_reconnected(
    connect, workspace, owner, studio, sandbox
) -> None:
    connection = connect(workspace, studio, refresh_token=None, refresh_token_expires_in=None)
    sandbox.expire_tokens(studio)
    with pytest.raises(ConnectionLost, match=f"^{re.escape(LOST)}$"):
        account_of(connection)
    connection.refresh_from_db()
    assert connection.status == ConnectionStatus.NEEDS_RECONNECTING
    assert connection.lost_reason == "Pinterest gave no way to renew this permission."
    assert refreshes(sandbox) == 0


def test_without_a_refresh_token_a_living_token_is_used_to_its_end(
    connect, workspace, owner, studio, sandbox
) -> None:
    connection = connect(workspace, studio, refresh_token=None, refresh_token_expires_in=None)
    expires_in(connection, days=3)
    assert account_of(connection) == "clay-studio"
    connection.refresh_from_db()
    assert connection.status == ConnectionStatus.ACTIVE


def test_a_wrong_app_secret_is_not_the_connections_fault(
    connection, sandbox, studio, settings
) -> None:
    settings.PINTEREST_APP_SECRET = "mistyped"
    sandbox.expire_tokens(studio)
    with pytest.raises(Refused) as failure:
        account_of(connection)
    assert failure.value.reason is RefusalReason.APP_CREDENTIALS_WRONG
    connection.refresh_from_db()
    assert connection.status == ConnectionStatus.ACTIVE
    settings.PINTEREST_APP_SECRET = "sandbox-secret"
    assert account_of(connection) == "clay-studio"


# When Pinterest is away


@pytest.mark.parametrize("trouble", TRANSIENT)
def test_an_outage_does_not_stop_a_token_that_still_lives(
    connection, sandbox, trouble: str
) -> None:
    expires_in(connection, days=1)
    sandbox.arm(Fault(route=TOKEN_ROUTE, **TRANSIENT[trouble]))
    assert account_of(connection) == "clay-studio"
    connection.refresh_from_db()
    assert connection.status == ConnectionStatus.ACTIVE


@pytest.mark.parametrize("trouble", TRANSIENT)
def test_an_outage_keeps_the_connection_for_later(
    connection, sandbox, studio, trouble: str
) -> None:
    sandbox.expire_tokens(studio)
    before = stored(connection), stored(connection, "refresh_token")
    sandbox.arm(Fault(route=TOKEN_ROUTE, **TRANSIENT[trouble]))
    with pytest.raises(Unavailable):
        account_of(connection)
    connection.refresh_from_db()
    assert connection.status == ConnectionStatus.ACTIVE
    assert (stored(connection), stored(connection, "refresh_token")) == before


def test_an_expired_token_is_not_tried_while_it_cannot_be_renewed(connection, sandbox) -> None:
    expires_in(connection, seconds=-1)
    sandbox.arm(Fault(route=TOKEN_ROUTE, kind="status", status=503))
    with pytest.raises(Unavailable) as failure:
        account_of(connection)
    assert failure.value.reason is Trouble.SERVER_ERROR
    assert calls(sandbox, "/v5/user_account") == 0


def test_tokens_that_could_not_be_saved_leave_the_old_ones_in_place(connection, sandbox) -> None:
    before = stored(connection), stored(connection, "refresh_token")

    def refuse(execute, sql, params, many, context):
        if sql.startswith('UPDATE "accounts_connection"'):
            raise DatabaseError("the disk is full")
        return execute(sql, params, many, context)

    with (
        pytest.raises(DatabaseError, match=r"^the disk is full$"),
        database.execute_wrapper(refuse),
        transaction.atomic(),
    ):
        renew(connection_id=connection.pk, spent=before[0], now=timezone.now())
    assert refreshes(sandbox) == 1
    assert (stored(connection), stored(connection, "refresh_token")) == before
    assert connection.status == ConnectionStatus.ACTIVE


# Everybody at once


@pytest.mark.django_db(transaction=True)
def test_eight_callers_at_once_renew_once_and_all_get_the_new_token(
    connection, sandbox, studio
) -> None:
    sandbox.expire_tokens(studio)
    spent = stored(connection)
    start = threading.Barrier(8)

    def act(_number: int) -> tuple[str, str]:
        try:
            start.wait()
            token = renew(connection_id=connection.pk, spent=spent, now=timezone.now())
            return token, account_of(connection)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(act, range(8)))
    token = stored(connection)
    assert token != spent
    assert answers == [(token, "clay-studio")] * 8
    assert refreshes(sandbox) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_calls_with_a_dead_token_renew_it_once(connection, sandbox, studio) -> None:
    sandbox.expire_tokens(studio)
    start = threading.Barrier(8)

    def act(_number: int) -> str:
        try:
            start.wait()
            return account_of(connection)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as callers:
        assert list(callers.map(act, range(8))) == ["clay-studio"] * 8
    assert refreshes(sandbox) == 1


# Secrets stay inside

SECRETS = re.compile(r"pin[ar]_\w+|sandbox-secret|mistyped-secret")


def test_no_log_line_holds_a_token(connection, sandbox, studio, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    sandbox.expire_tokens(studio)
    account_of(connection)
    sandbox.kill_tokens(studio)
    with pytest.raises(ConnectionLost):
        account_of(connection)
    assert "token_renewed" in caplog.text
    assert "connection_lost" in caplog.text
    assert SECRETS.findall(caplog.text) == []


def test_a_connection_shows_no_token(connection) -> None:
    assert repr(connection) == "<Connection: @clay-studio>"
    assert SECRETS.findall(str(vars(connection))) == []


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(
    "broken_line", ["call", "renew", "refresh"], ids=lambda name: f"while-in-{name}"
)
def test_an_error_report_shows_no_token(
    connection, sandbox, studio, settings, rf, monkeypatch, *, debug: bool, broken_line: str
) -> None:
    """Django's report lists the local variables of every frame."""
    settings.DEBUG = debug
    token, refresh_token = stored(connection), stored(connection, "refresh_token")
    report = ExceptionReporter(rf.get("/"), *crash(connection, sandbox, studio, broken_line))
    for text in (report.get_traceback_html(), report.get_traceback_text()):
        assert token not in text
        assert refresh_token not in text
        assert SECRETS.findall(text) == []


def crash(connection, sandbox, studio, where: str):
    """Make a defect of ours strike at the worst moments; returns the exception's facts."""

    def explode(_client: PinterestClient) -> None:
        raise ZeroDivisionError

    def explode_on_update(execute, sql, params, many, context):
        if sql.startswith('UPDATE "accounts_connection"'):
            raise ZeroDivisionError
        return execute(sql, params, many, context)

    now = timezone.now()
    try:
        if where == "call":
            call_pinterest(connection_id=connection.pk, now=now, call=explode)
        elif where == "renew":
            with database.execute_wrapper(explode_on_update):
                renew(connection_id=connection.pk, spent=stored(connection), now=now)
        else:
            sandbox.handle = lambda *_args, **_options: 1 / 0
            renew(connection_id=connection.pk, spent=stored(connection), now=now)
    except ZeroDivisionError:
        return sys.exc_info()
    raise AssertionError("nothing went wrong")


# Profiles


def test_a_refreshed_profile_shows_what_pinterest_has_now(connection, sandbox, studio) -> None:
    studio.username, studio.name = "clay-works", "Clay Works"
    now = datetime(2026, 12, 1, 12, tzinfo=UTC)
    Connection.objects.filter(pk=connection.pk).update(access_expires_at=now + timedelta(days=20))
    refresh_profile(connection_id=connection.pk, now=now)
    connection.refresh_from_db()
    assert connection.username == "clay-works"
    assert connection.display_name == "Clay Works"
    assert connection.profile_refreshed_at == now


def test_disconnecting_wipes_the_tokens_and_keeps_the_row(connection, owner) -> None:
    disconnect_account(connection=connection, by=owner)
    connection.refresh_from_db()
    assert connection.status == ConnectionStatus.DISCONNECTED
    assert (connection.access_token_sealed, connection.refresh_token_sealed) == ("", "")
    assert (connection.access_expires_at, connection.refresh_expires_at) == (None, None)
    with pytest.raises(ConnectionLost, match=f"^{re.escape(LOST)}$"):
        account_of(connection)
