"""A mail and an inbox say of Pins, imports and the server what is so when they are made."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Connection, ConnectionStatus, Event, Mailing, NotificationItem, User
from accounts.notifications.kinds import Kind
from accounts.notifications.text import account_of
from accounts.services.events import Happening, record
from accounts.services.notification_mails import send_due
from accounts.services.telling import tell as tell_all
from pinterest.errors import RefusalReason, Refused
from publishing.delivery.services import stops
from publishing.models import Pin
from publishing.outlook.views import prospect_text
from publishing.pins.notifications import PIN_ASKS, PIN_FAILED, PIN_GONE, PIN_HELD, PIN_LATE
from publishing.pins.selectors.prospects import with_prospects
from publishing.pins.services.telling import tell_of_pins

pytestmark = pytest.mark.django_db
FAILED = {"problem": "Pinterest refused it.", "remedy": "Choose another board."}
HELD_BY_ACCOUNT = {"held_reason": "account"}
ASKS = {"question": "Is it there?"}


def mailed(now) -> str:
    """The text of the one mail that is due, empty for none."""
    mail.outbox.clear()
    while tell_all(now=now):
        pass
    Mailing.objects.update(due_at=now)
    send_due(now=now)
    return mail.outbox[0].body if mail.outbox else ""


def put_account(status: str) -> None:
    """Put the account into a state; a disconnected one keeps no tokens."""
    tokens = {"access_token_sealed": "", "refresh_token_sealed": ""}
    is_gone = status == ConnectionStatus.DISCONNECTED
    Connection.objects.update(status=status, **(tokens if is_gone else {}))


def told(pin: Pin) -> prospect_text.Told:
    return prospect_text.tell(with_prospects(Pin.objects.filter(pk=pin.pk)).get())


@pytest.mark.parametrize("state", list(ConnectionStatus))
@pytest.mark.parametrize(
    ("kind", "status", "columns"),
    [
        (PIN_FAILED, "failed", FAILED),
        (PIN_ASKS, "uncertain", ASKS),
        (PIN_HELD, "held", {"held_reason": "person"}),
        (PIN_HELD, "held", HELD_BY_ACCOUNT),
        (PIN_HELD, "held", {"held_reason": "spam"}),
        (PIN_LATE, "held", {"held_reason": "late"}),
    ],
)
def test_a_mail_says_what_the_page_says(
    put, connection, now, kind: Kind, status: str, columns: dict[str, str], state: str
) -> None:
    pin = put(status, **columns)
    tell_of_pins(kind, pin_ids=[pin.pk], now=now)
    put_account(state)
    said = mailed(now)
    words = told(pin)
    assert f"{words.text} {words.remedy}".strip() in said
    assert ("Pinterest refused it." in said) is (kind is PIN_FAILED)
    assert "@clay-studio" in said


@pytest.mark.parametrize(
    ("kind", "before", "columns", "after"),
    [
        (PIN_FAILED, "failed", FAILED, {"status": "draft"}),
        (PIN_ASKS, "uncertain", ASKS, {"question": ""}),
        (PIN_HELD, "held", HELD_BY_ACCOUNT, {"status": "draft", "held_reason": ""}),
        (PIN_LATE, "held", {"held_reason": "late"}, {"held_reason": "person"}),
    ],
)
def test_what_is_no_longer_so_is_not_mailed(
    put, owner, now, kind: Kind, before: str, columns: dict[str, str], after: dict[str, str]
) -> None:
    pin = put(before, **columns)
    tell_of_pins(kind, pin_ids=[pin.pk], now=now)
    Pin.objects.filter(pk=pin.pk).update(**after)
    assert mailed(now) == ""
    assert list(NotificationItem.objects.values_list("mail", flat=True)) == ["none"]
    assert told(pin).text in account_of(list(Event.objects.all()), zone="UTC").text


def test_a_pin_that_failed_twice_is_one_pin(put, owner, now) -> None:
    pin = put("failed", **FAILED)
    tell_of_pins(PIN_FAILED, pin_ids=[pin.pk], now=now)
    tell_of_pins(PIN_FAILED, pin_ids=[pin.pk], now=now + timedelta(seconds=5))
    assert "A Pin was not published." in mailed(now + timedelta(seconds=10))


def test_a_pin_that_is_gone_from_here_is_not_mailed_and_the_inbox_says_so(
    put, owner: User, sign_in, now
) -> None:
    pin = put("failed", **FAILED)
    tell_of_pins(PIN_FAILED, pin_ids=[pin.pk], now=now)
    Pin.objects.filter(pk=pin.pk).delete()
    assert mailed(now) == ""
    client: Client = sign_in(owner)
    page = client.get("/notifications/").content.decode()
    assert "It is not in PinApp any more." in page
    assert "Choose another board." not in page


def refuse_the_app(now) -> None:
    refusal = Refused(
        "The app is refused.", remedy="Ask Pinterest.", reason=RefusalReason.APP_NOT_APPROVED
    )
    stops.stop_publishing(refusal=refusal, now=now)
    while tell_all(now=now):
        pass


def test_a_stop_is_mailed(connection, owner, now) -> None:
    refuse_the_app(now)
    assert "The app is refused. Ask Pinterest." in mailed(now)


def test_a_stop_that_is_over_is_not_mailed(connection, owner, now) -> None:
    refuse_the_app(now)
    stops.resume_publishing(by=owner, now=now)
    assert mailed(now) == ""


def test_many_are_told_at_no_query_more(put, owner, now) -> None:
    def queries() -> int:
        events = list(Event.objects.all())
        with CaptureQueriesContext(
            database,
        ) as found:
            account_of(events, zone="UTC")
        return len(found)

    tell_of_pins(PIN_FAILED, pin_ids=[put("failed", **FAILED).pk], now=now)
    assert queries() == 1
    for _ in range(4):
        tell_of_pins(PIN_FAILED, pin_ids=[put("failed", **FAILED).pk], now=now)
    assert queries() == 1


def test_a_pin_that_is_back_on_pinterest_is_not_mailed_as_gone(put, owner, now) -> None:
    pin = put("published")
    happened = Happening(pin.workspace_id, "pin", pin.pk, concerns_id=owner.pk)
    record(PIN_GONE, [happened], by=None, now=now)
    while tell_all(now=now):
        pass
    NotificationItem.objects.update(mail="waiting")
    assert mailed(now) == ""
