"""What follows when Pinterest refuses, is not to be had, or does not say."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from publishing.choices.statuses import PinStatus
from publishing.delivery.services import claims, engine, recovery
from publishing.delivery.services.recovery import Recovered
from publishing.delivery.services.stops import resume_publishing
from publishing.media.services.media import store_picture
from publishing.models import AppStop, Pin
from publishing.pins.policy.leases import LOOK_DELAYS
from publishing.pins.services.pins import (
    publish_now,
)
from sandbox.faults import Fault
from tests import factories
from tests.pinterest.loopback import free_port
from tests.publishing.rounds import attempt_facts, publish_due

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)


def test_a_board_deleted_meanwhile_fails_the_pin_with_words(write_pin, sandbox, bowls, now):
    pin = write_pin()
    sandbox.delete_board(bowls.pinterest_id)
    publish_due(now=now)
    pin.refresh_from_db()
    assert (pin.status, pin.problem, pin.remedy, pin.due_at) == (
        "failed",
        (
            "Pinterest does not let this account use that board. "
            "Pinterest says: “You are not permitted to access that resource.”"
        ),
        "Choose another board. The board may have been deleted or belong to someone else.",
        None,
    )
    assert attempt_facts(pin) == [(1, "refused", 403, 29, pin.problem)]


@pytest.mark.parametrize(
    ("fault", "status", "problem"),
    [
        (
            {"status": 403, "code": 233, "message": "too small"},
            "failed",
            "The image is too small for Pinterest. Pinterest says: “too small”",
        ),
        (
            {"status": 429, "code": 9, "message": "Sorry! This may lead to spam."},
            "failed",
            (
                "Pinterest blocked this as possible spam. "
                "Pinterest says: “Sorry! This may lead to spam.”"
            ),
        ),
        (
            {"status": 403, "code": 29, "message": "Apps with Trial access may not create Pins"},
            "scheduled",
            (
                "This server's Pinterest app has Trial access, which may not create Pins. "
                "Pinterest says: “Apps with Trial access may not create Pins”"
            ),
        ),
        (
            {"status": 400, "code": 10**12, "message": "Invalid request"},
            "failed",
            (
                "Pinterest found something in this it does not accept. "
                "Pinterest says: “Invalid request”"
            ),
        ),
    ],
)
def test_a_refusal_is_told_in_words(write_pin, sandbox, sent, now, fault, status, problem):
    sandbox.arm(Fault(route="POST /v5/pins", kind="status", **fault))
    pin = write_pin()
    publish_due(now=now)
    pin.refresh_from_db()
    assert (pin.status, pin.problem) == (status, problem)
    assert pin.remedy
    assert pin.attempts.get().outcome == "refused"
    assert publish_due(now=now + timedelta(days=2)) == []
    assert sent() == [fault["status"]]


def test_trial_access_stops_all_publishing_until_a_person_says_to_go_on(
    write_pin, sandbox, sent, owner, now
):
    sandbox.set_tier("trial")
    pins = [write_pin(), write_pin(at=now + timedelta(minutes=1))]
    publish_due(now=now)
    assert publish_due(now=now + timedelta(hours=1)) == []
    assert (Pin.objects.filter(status="scheduled").count(), sent()) == (2, [403])
    stop = AppStop.objects.get()
    assert stop.reason == "trial_access"
    assert stop.message.startswith(
        "This server's Pinterest app has Trial access, which may not create Pins. "
        "Pinterest says: “Apps with Trial access may not create Pins in production."
    )
    sandbox.set_tier("standard")
    resume_publishing(by=owner, now=now)
    publish_due(now=now + timedelta(hours=1))
    assert {pin.status for pin in Pin.objects.filter(pk__in=[p.pk for p in pins])} == {"published"}
    assert len(sandbox.pins()) == 2


def test_a_picture_that_cannot_be_fetched_has_three_tries_each_time_it_is_published(
    write_pin, owner, sandbox, now
):
    unfetched = {"status": 400, "code": 1, "message": "Sorry! We could not fetch the image."}
    sandbox.arm(Fault(route="POST /v5/pins", kind="status", times=None, **unfetched))
    pin = write_pin()
    for _ in range(2):
        seen, moment = [], now
        for _ in range(3):
            publish_due(now=moment)
            pin.refresh_from_db()
            seen.append((pin.status, pin.due_at and pin.due_at - moment))
            moment = pin.due_at or moment
        assert seen == [
            ("scheduled", timedelta(minutes=5)),
            ("scheduled", timedelta(minutes=10)),
            ("failed", None),
        ]
        now = moment + timedelta(hours=1)
        publish_now(pin=pin, by=owner, now=now)


def test_what_pinterest_could_not_fetch_goes_along_as_our_own_copy(
    write_pin, workspace, owner, now, sandbox, sent
):
    gone = "http://127.0.0.1:9/bowl.jpg"
    stored = store_picture(workspace=workspace, by=owner, data=factories.picture(), origin_url=gone)
    pin = write_pin(media=stored)
    publish_due(now=now)
    pin.refresh_from_db()
    assert (pin.status, sent()) == (PinStatus.SCHEDULED, [400])
    publish_due(now=pin.due_at)
    pin.refresh_from_db()
    assert (pin.status, sent()) == (PinStatus.PUBLISHED, [400, 201])


def test_a_pin_that_needs_attention_comes_first_in_its_list(write_pin, sandbox, now):
    older, newer = write_pin(at=now), write_pin(at=now + timedelta(hours=1))
    sandbox.set_tier("trial")
    publish_due(now=newer.scheduled_at)
    older.refresh_from_db()
    assert older.updated_at == newer.scheduled_at


def test_a_rate_limit_is_waited_for_and_then_the_pin_goes_out(write_pin, sandbox, sent, now):
    sandbox.arm(Fault(route="POST /v5/pins", kind="status", status=429))
    pin = write_pin()
    publish_due(now=now)
    pin.refresh_from_db()
    again = now + timedelta(seconds=45)
    assert (pin.status, pin.due_at, pin.scheduled_at) == ("scheduled", again, now)
    assert pin.problem == "Pinterest asks us to slow down."
    assert publish_due(now=again - MOMENT) == []
    cache.clear()  # limits end by the cache server's clock, which a test can't set
    assert publish_due(now=again) == [str(pin.pk)]
    pin.refresh_from_db()
    assert (pin.status, pin.problem, pin.remedy) == ("published", "", "")
    assert [outcome for _, outcome, *_ in attempt_facts(pin)] == ["unavailable", "published"]
    assert (sent(), len(sandbox.pins())) == ([429, 201], 1)


def test_a_pinterest_that_cannot_be_reached_is_tried_again_later(
    write_pin, sandbox, settings, monkeypatch, now
):
    pin = write_pin()
    api_url = settings.PINTEREST_API_URL
    settings.PINTEREST_API_URL = f"http://127.0.0.1:{free_port()}/v5"
    publish_due(now=now)
    pin.refresh_from_db()
    assert (pin.status, pin.due_at) == ("scheduled", now + timedelta(seconds=15))
    assert attempt_facts(pin) == [(1, "unavailable", None, None, "Pinterest could not be reached.")]
    settings.PINTEREST_API_URL = api_url
    publish_due(now=now + timedelta(seconds=15))
    pin.refresh_from_db()
    assert (pin.status, len(sandbox.pins())) == ("published", 1)


def test_a_pin_that_could_not_be_sent_for_a_day_fails(write_pin, settings, now):
    """Counted from the first try: PinApp itself may have been off when the Pin was due."""
    pin = write_pin(at=now - timedelta(days=3))
    settings.PINTEREST_API_URL = f"http://127.0.0.1:{free_port()}/v5"
    waits = []
    for moment in (now, now + timedelta(hours=1), now + timedelta(hours=24)):
        publish_due(now=moment)
        pin.refresh_from_db()
        waits.append((pin.status, pin.due_at and pin.due_at - moment))
    assert waits == [
        ("scheduled", timedelta(seconds=15)),
        ("scheduled", timedelta(seconds=30)),
        ("failed", None),
    ]


@pytest.mark.parametrize(
    ("fault", "created"),
    [
        ({"kind": "status", "status": 503, "when": "after"}, 1),
        ({"kind": "status", "status": 503, "when": "before"}, 0),
        ({"kind": "drop", "when": "after"}, 1),
        ({"kind": "drop", "when": "before"}, 0),
        ({"kind": "latency", "seconds": 600.0, "when": "after"}, 1),
        ({"kind": "status", "status": 200, "body": "html", "when": "after"}, 1),
        ({"kind": "status", "status": 201, "body": "empty", "when": "after"}, 1),
        ({"kind": "status", "status": 400, "when": "after"}, 1),
    ],
)
def test_an_answer_that_proves_nothing_is_never_followed_by_a_second_request(
    write_pin, sandbox, sent, now, fault, created
):
    sandbox.arm(Fault(route="POST /v5/pins", **fault))
    pin = write_pin()
    publish_due(now=now)
    pin.refresh_from_db()
    first_look = now + LOOK_DELAYS[0]
    assert (pin.status, pin.due_at, pin.pinterest_id) == ("uncertain", first_look, "")
    assert pin.problem.endswith("so it may or may not have gone through.")
    assert pin.remedy == (
        "PinApp looks at the board by itself to find out whether the Pin is there."
    )
    assert pin.attempts.get().outcome == "uncertain"
    later = now + timedelta(days=3)
    assert publish_due(now=later) == []
    assert claims.give_back_stale_claims(now=later) == 0
    assert recovery.recover_abandoned_sends(now=later) == Recovered(uncertain=0, due_again=0)
    engine.publish(pin_id=str(pin.pk), worker="another", clock=lambda: later)
    assert (len(sent()), len(sandbox.pins())) == (1, created)
