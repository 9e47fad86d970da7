"""Where a wait is long by design, the Pin's page says when it will be known."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from accounts.limits import counters
from accounts.moments import moment_words
from pinterest.ratelimit import Answer, RateLimit
from publishing.models import Attempt, Pin
from sandbox.faults import Fault
from tests.publishing.rounds import publish_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def text_of(sign_in, viewer):
    """What a Pin's page says below its status."""
    browser = sign_in(viewer)
    return lambda pin: browser.get(reverse("pin_detail", args=[pin.pk])).context["pin"][
        "status_text"
    ]


def berlin(moment) -> str:
    return moment_words(moment, zone="Europe/Berlin")


@pytest.mark.parametrize(
    ("status", "resends", "minutes", "then"),
    [
        (None, 0, 15, "it is sent once more"),
        (None, 1, 15, "you are asked"),
        (400, 0, 15, "it is sent once more"),
        (400, 1, 60, "it is sent once more"),
        (400, 3, 15, "you are asked"),
    ],
)
def test_a_pin_in_doubt_says_when_it_will_be_known(
    put, now, text_of, status, resends, minutes, then
):
    pin = put("uncertain", scheduled_at=now - timedelta(hours=9), due_at=now)
    for number in range(resends + 1):
        Attempt.objects.create(
            pin=pin,
            number=number + 1,
            worker="w",
            fingerprint="f",
            board_id="1",
            started_at=now - timedelta(seconds=1),
            finished_at=now,
            outcome="uncertain",
            http_status=status,
        )
    at = berlin(now + timedelta(minutes=minutes))
    assert text_of(pin).endswith(
        f"It is known by {at} if Pinterest answers: found, it counts as published; else {then}."
    )


def test_something_went_wrong_at_pinterest(write_pin, sandbox, now, text_of):
    fault = {"status": 400, "message": "Something went wrong on our end. Sorry about that!"}
    sandbox.arm(Fault(route="POST /v5/pins", kind="status", **fault))
    pin = write_pin(at=now)
    publish_due(now=now)
    pin.refresh_from_db()
    assert pin.status == "uncertain"
    assert "It is known by " in text_of(pin)
    assert "; else it is sent once more." in text_of(pin)


def test_a_pin_that_waits_for_a_limit_says_until_when(write_pin, connection, now, text_of):
    pin, later = write_pin(at=now), write_pin(at=now + timedelta(hours=1))
    assert "limit" not in text_of(pin)
    told = RateLimit(limit=100, remaining=0, reset_after_s=1800, category="org_write")
    answer = Answer("create_pin", "org_write", 429, None, told, duration_s=0.1)
    counters.learn(connection.pinterest_id, answer)
    at = counters.room_at(account_id=connection.pinterest_id, category="org_write", now=now)
    assert timedelta(minutes=25) < at - now < timedelta(minutes=45)
    until = at.astimezone(ZoneInfo("Europe/Berlin"))
    assert f"@clay-studio may send again from {until:%a %-d %b %Y, %H:%M}" in text_of(pin)
    assert "limit" not in text_of(later)


def test_looking_for_room_counts_nothing(connection, now):
    asked = {"account_id": connection.pinterest_id, "category": "org_write"}
    before = counters.free_capacity([connection.pinterest_id], "org_write")
    assert [counters.room_at(**asked, now=now) for _ in range(200)] == [None] * 200
    assert counters.free_capacity([connection.pinterest_id], "org_write") == before


def test_a_retry_says_when(put, now, text_of):
    pin = put("scheduled", due_at=now + timedelta(minutes=7), problem="Pinterest was away.")
    assert text_of(Pin.objects.get(pk=pin.pk)).startswith(
        f"PinApp tries again by itself at {berlin(now + timedelta(minutes=7))}."
    )
