"""Where Pinterest sees spam, nothing more is sent the same way; a refused app stops everything."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from publishing.delivery.services import claims, engine
from publishing.models import AppStop, Pin
from sandbox.faults import Fault
from tests.publishing.rounds import publish_due

pytestmark = pytest.mark.django_db
CREATE = "POST /v5/pins"
BLOCKED = [
    {"status": 429, "code": 9, "message": "Sorry! We blocked this. This may lead to spam."},
    {"status": 400, "code": 9, "message": "This looks like spam to us."},
]


@pytest.mark.parametrize("fault", BLOCKED)
def test_other_pins_to_the_same_site_are_held_and_explained(
    write_pin, crowd, sandbox, sent, now, fault
):
    sandbox.arm(Fault(route=CREATE, kind="status", times=None, **fault))
    tomorrow = now + timedelta(days=1)
    blocked = write_pin(link="https://www.shop.example/a", at=now - timedelta(minutes=1))
    due = write_pin(link="https://shop.example/b")
    future = write_pin(link="http://SHOP.example:8080/c", at=tomorrow)
    others = [
        write_pin(link="https://example.com/?from=shop.example", at=tomorrow),
        write_pin(link="https://shop.example.org/a", at=tomorrow),
        write_pin(link="", at=tomorrow),
        write_pin(link="https://shop.example/d", at=None),
    ]
    (theirs,) = crowd(accounts=1, boards=1, at=[tomorrow])
    Pin.objects.filter(pk=theirs.pk).update(link="https://shop.example/a")
    publish_due(now=now)
    blocked.refresh_from_db()
    assert (blocked.status, blocked.problem) == (
        "failed",
        f"Pinterest blocked this as possible spam. Pinterest says: “{fault['message']}”",
    )
    assert blocked.remedy
    for pin in (due, future):
        pin.refresh_from_db()
        assert (pin.status, pin.held_reason, pin.due_at, pin.claimed_at) == (
            "held",
            "spam",
            None,
            None,
        )
        assert pin.problem == (
            "Pinterest took a Pin that leads to shop.example for spam, so this one waits."
        )
        assert pin.remedy.endswith("publish this Pin, give it a new time, or change its link.")
        event = pin.events.get(kind="held")
        assert (event.actor, event.at, event.note) == (None, now, pin.problem)
    for pin in (*others, theirs):
        pin.refresh_from_db()
    assert [pin.status for pin in (*others, theirs)] == ["scheduled"] * 3 + ["draft", "scheduled"]
    cache.clear()
    publish_due(now=now + timedelta(hours=1))
    assert sent() == [fault["status"]]


def test_the_same_site_is_held_however_its_name_is_written(write_pin, sandbox, now):
    sandbox.arm(Fault(route=CREATE, kind="status", times=None, **BLOCKED[0]))
    tomorrow = now + timedelta(days=1)
    write_pin(link="https://straße.example/a", at=now)
    same = write_pin(link="https://xn--strae-oqa.example/b", at=tomorrow)
    another = write_pin(link="https://strasse.example/c", at=tomorrow)
    publish_due(now=now)
    same.refresh_from_db()
    another.refresh_from_db()
    assert (same.status, another.status) == ("held", "scheduled")
    assert "leads to straße.example for spam" in same.problem


def test_spam_without_a_link_holds_nothing_else(write_pin, sandbox, now):
    sandbox.arm(Fault(route=CREATE, kind="status", **BLOCKED[1]))
    pin, other = write_pin(link=""), write_pin(link="", at=now + timedelta(days=1))
    publish_due(now=now)
    pin.refresh_from_db()
    other.refresh_from_db()
    assert (pin.status, other.status) == ("failed", "scheduled")


def test_a_refused_app_gives_back_what_is_in_hand_and_says_so_once(
    crowd, sandbox, sent, sign_in, owner, now
):
    sandbox.set_tier("trial")
    crowd(accounts=2, boards=5)
    in_hand = claims.claim_due(now=now, limit=100)
    assert len(in_hand) == 10
    for pin_id in in_hand:
        engine.publish(pin_id=pin_id, worker="w", clock=lambda: now)
    assert (sent(), AppStop.objects.count()) == ([403], 1)
    assert set(Pin.objects.values_list("status", "claimed_at")) == {("scheduled", None)}
    html = sign_in(owner).get(reverse("dashboard")).content.decode()
    words = "This server&#x27;s Pinterest app has Trial access, which may not create Pins."
    assert html.count(words) == 1
