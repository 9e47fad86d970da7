"""Tokens that die, expire or can't be opened while Pins are due."""

import base64
from datetime import timedelta

import pytest

from accounts import wire
from publishing.choices.statuses import PinStatus
from sandbox.faults import Fault
from tests.publishing.rounds import attempt_facts, publish_due

pytestmark = pytest.mark.django_db


def test_a_dead_token_is_renewed_once_and_one_pin_is_made(
    write_pin, sandbox, account_tokens, sent, renewals, now
):
    pin = write_pin()
    account_tokens.kill_access()
    publish_due(now=now)
    pin.refresh_from_db()
    assert (pin.status, sent(), renewals()) == ("published", [401, 201], [200])
    assert (len(sandbox.pins()), pin.attempts.count()) == (1, 1)


def test_a_pin_whose_account_refuses_renewal_is_held(
    write_pin, sandbox, studio, connection, sent, now
):
    pin = write_pin()
    sandbox.kill_tokens(studio)
    publish_due(now=now)
    pin.refresh_from_db()
    connection.refresh_from_db()
    assert (pin.status, pin.problem) == (
        "held",
        "The Pinterest account is not connected, so this Pin waits.",
    )
    assert connection.status == "needs_reconnecting"
    assert [outcome for _, outcome, *_ in attempt_facts(pin)] == ["refused"]
    assert sent() == [401]


def test_an_expired_token_that_cannot_be_renewed_now_costs_no_attempt(
    write_pin, sandbox, connection, sent, now
):
    pin = write_pin()
    connection.access_expires_at = now - timedelta(days=1)
    connection.save(update_fields=["access_expires_at"])
    sandbox.arm(Fault(route="POST /v5/oauth/token", kind="status", status=500))
    publish_due(now=now)
    pin.refresh_from_db()
    assert (pin.status, pin.due_at) == ("scheduled", now + timedelta(seconds=15))
    assert (pin.attempts.count(), sent()) == (0, [])
    publish_due(now=now + timedelta(seconds=15))
    pin.refresh_from_db()
    assert (pin.status, pin.attempts.count()) == ("published", 1)


@pytest.fixture
def account_tokens(sandbox, connection):
    class Tokens:
        def kill_access(self):
            sandbox.kill_token(
                wire.sealer().open(
                    connection.access_token_sealed, place=connection.token_place("access_token")
                )
            )

    return Tokens()


def test_a_pin_waits_while_the_stored_tokens_cannot_be_opened(
    write_pin, now, sandbox, settings, studio
):
    pin = write_pin()
    settings.TOKEN_KEYS = [base64.urlsafe_b64encode(b"k" * 32).decode()]
    publish_due(now=now)
    pin.refresh_from_db()
    assert (pin.status, pin.problem) == (
        PinStatus.HELD,
        "The tokens stored for this account can't be opened.",
    )
    assert sandbox.pins() == []
