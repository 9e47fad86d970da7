"""Due Pins are taken in hand, each once."""

from datetime import timedelta

import pytest

from accounts.models import ConnectionStatus
from publishing.models import Pin
from publishing.policy.statuses import PinStatus
from publishing.services import claims

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)


def test_the_longest_due_pins_are_claimed_first_up_to_the_limit(write_pin, now):
    late, later, latest = [write_pin(at=now - timedelta(minutes=n)) for n in (1, 2, 3)]
    assert claims.claim_due(now=now, limit=2) == [str(latest.pk), str(later.pk)]
    assert claims.claim_due(now=now, limit=2) == [str(late.pk)]
    assert claims.claim_due(now=now, limit=2) == []
    assert set(Pin.objects.values_list("status", "claimed_at")) == {("claimed", now)}


def test_a_pin_is_claimed_at_its_time_and_not_before(write_pin, now):
    pin = write_pin(at=now + timedelta(hours=1))
    assert claims.claim_due(now=pin.scheduled_at - MOMENT, limit=10) == []
    assert claims.claim_due(now=pin.scheduled_at, limit=10) == [str(pin.pk)]


@pytest.mark.parametrize("status", [s for s in PinStatus if s is not PinStatus.SCHEDULED])
def test_only_scheduled_pins_are_claimed(put, now, status):
    pin = put(status)
    assert claims.claim_due(now=now + timedelta(days=9), limit=10) == []
    pin.refresh_from_db()
    assert pin.status == status


def test_pins_of_a_lost_account_are_held_instead_of_claimed(write_pin, connection, now):
    due, future = write_pin(), write_pin(at=now + timedelta(hours=1))
    connection.status = ConnectionStatus.NEEDS_RECONNECTING
    connection.save(update_fields=["status"])
    assert claims.claim_due(now=now, limit=10) == []
    assert claims.hold_due_without_connection(now=now) == 1
    due.refresh_from_db()
    future.refresh_from_db()
    assert (due.status, due.problem, due.remedy) == (
        "held",
        "The Pinterest account is not connected, so this Pin waits.",
        "Reconnect the account, then publish the Pin or give it a new time.",
    )
    assert future.status == "scheduled"


def test_pins_of_working_accounts_are_not_held(write_pin, now):
    write_pin()
    assert claims.hold_due_without_connection(now=now) == 0
