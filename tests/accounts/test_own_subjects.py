"""What is told of an account is what is so when it is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core import mail

from accounts.models import Connection, ConnectionStatus, Event, Mailing, Succession
from accounts.notifications.own_kinds import ACCOUNT_DISCONNECTED, ACCOUNT_LOST
from accounts.notifications.text import account_of
from accounts.services.events import about, record
from accounts.services.notification_mails import send_due
from accounts.services.telling import tell

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 16, 9, 30, tzinfo=UTC)
ACTIVE, LOST, DISCONNECTED = (
    ConnectionStatus.ACTIVE,
    ConnectionStatus.NEEDS_RECONNECTING,
    ConnectionStatus.DISCONNECTED,
)


@pytest.fixture
def account(connection: Connection) -> Connection:
    Connection.objects.update(lost_reason="Pinterest refused the token.")
    return connection


def mailed() -> str:
    """The text of the mail that is due, empty for none."""
    while tell(now=NOW):
        pass
    Mailing.objects.update(due_at=NOW)
    send_due(now=NOW)
    return mail.outbox[0].body if mail.outbox else ""


@pytest.mark.parametrize(
    ("kind", "status", "says"),
    [
        (
            ACCOUNT_LOST,
            LOST,
            (
                "Pinterest refused the token. Its Pins that come due before somebody reconnects it "
                "are put on hold; reconnected before their time, they go out."
            ),
        ),
        (
            ACCOUNT_DISCONNECTED,
            DISCONNECTED,
            (
                "Somebody disconnected it. Its planned Pins are put on hold: none goes out before "
                "somebody reconnects it and says so."
            ),
        ),
        (ACCOUNT_LOST, ACTIVE, ""),
        (ACCOUNT_LOST, DISCONNECTED, ""),
        (ACCOUNT_DISCONNECTED, ACTIVE, ""),
        (ACCOUNT_DISCONNECTED, LOST, ""),
    ],
)
def test_a_mail_says_what_is_so(account, kind, status: str, says: str) -> None:
    record(kind, [about(account)], by=None, now=NOW)
    tokens = {"access_token_sealed": "", "refresh_token_sealed": ""}
    Connection.objects.update(status=status, **(tokens if status == DISCONNECTED else {}))
    said = mailed()
    assert says in said
    assert bool(said) is bool(says)


def test_of_a_replaced_account_nobody_is_asked_to_reconnect_it(account, workspace, owner) -> None:
    Connection.objects.update(status=LOST)
    record(ACCOUNT_LOST, [about(account)], by=None, now=NOW)
    later = Connection.objects.create(
        workspace=workspace,
        pinterest_id="99",
        username="later",
        connected_at=NOW,
        connected_by=owner,
    )
    Succession.objects.create(
        workspace=workspace,
        earlier=account,
        later=later,
        asked_at=NOW,
        keeps_schedule=True,
        schedule_decided_at=NOW,
    )
    assert mailed() == ""
    said = account_of(list(Event.objects.all()), zone="UTC").text
    assert said == "It is not connected. Another account has taken its place."


def test_the_inbox_says_that_it_is_connected_again(account) -> None:
    record(ACCOUNT_LOST, [about(account, problem="Gone.")], by=None, now=NOW)
    assert account_of(list(Event.objects.all()), zone="UTC").text == "It is connected."
