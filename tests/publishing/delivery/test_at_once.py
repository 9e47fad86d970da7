"""Workers, schedulers and people at the same Pin in the same moment."""

from datetime import timedelta

import pytest

from publishing.delivery.services import claims, engine
from publishing.models import Attempt, Pin
from publishing.pins.services.pins import (
    PinLocked,
    delete_pin,
    publish_now,
    rewrite_pin,
    unschedule_pin,
)
from tests.publishing.rounds import content_of, in_threads, plan_at, publish_due

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_claim_each_pin_once(crowd, now):
    pins = crowd(accounts=4, boards=10)

    def claim_all():
        mine = []
        while claimed := claims.claim_due(now=now, limit=3):
            mine += claimed
        return mine

    mine, yours = in_threads(claim_all, claim_all)
    assert sorted(mine + yours) == sorted(str(pin.pk) for pin in pins)


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_message_make_one_pin(write_pin, sandbox, sent, now):
    for _ in range(5):
        write_pin()
        (pin_id,) = claims.claim_due(now=now, limit=10)
        in_threads(
            *(
                lambda worker=worker, pin_id=pin_id: engine.publish(
                    pin_id=pin_id, worker=worker, clock=lambda: now
                )
                for worker in ("one", "two")
            )
        )
        publish_due(now=now)  # the one that had to wait may have given back the other's claim
    assert (sent(), len(sandbox.pins())) == ([201] * 5, 5)
    assert Attempt.objects.count() == 5
    assert set(Pin.objects.values_list("status", flat=True)) == {"published"}


@pytest.fixture
def last_second_acts(owner, now):
    """What people do to a Pin in the second before it goes out; each says whether it worked."""

    def tried(act):
        def attempted(pin):
            try:
                act(Pin.objects.get(pk=pin.pk))
            except PinLocked:
                return False
            return True

        return attempted

    content = {"title": "New words"}
    tomorrow = now + timedelta(days=1)
    return {
        "stop": tried(lambda pin: unschedule_pin(pin=pin, by=owner, now=now)),
        "edit": tried(
            lambda pin: rewrite_pin(
                pin=pin, by=owner, content=content_of(pin, **content), plan=plan_at(now), now=now
            )
        ),
        "move": tried(
            lambda pin: rewrite_pin(
                pin=pin, by=owner, content=content_of(pin), plan=plan_at(tomorrow), now=now
            )
        ),
        "delete": tried(lambda pin: delete_pin(pin=pin)),
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["stop", "edit", "move", "delete"])
def test_a_claimed_pin_is_changed_or_sent_but_never_both(
    write_pin, sandbox, now, last_second_acts, act
):
    for number in range(12):
        pin = write_pin(title=f"Bowl {number}")
        (pin_id,) = claims.claim_due(now=now, limit=10)
        results = in_threads(
            lambda pin=pin: last_second_acts[act](pin),
            lambda pin_id=pin_id: engine.publish(pin_id=pin_id, worker="w", clock=lambda: now),
        )
        changed = True in results
        went_out = pin.title in {there.title for there in sandbox.pins()}
        assert went_out is not changed
        status = Pin.objects.filter(pk=pin.pk).values_list("status", flat=True).first()
        after = {"stop": "draft", "edit": "scheduled", "move": "scheduled", "delete": None}[act]
        assert status == (after if changed else "published")
        assert Attempt.objects.filter(pin_id=pin.pk).count() == (0 if changed else 1)
        Pin.objects.filter(status="scheduled").delete()


@pytest.mark.django_db(transaction=True)
def test_stopping_works_whether_the_claim_comes_before_or_after(owner, write_pin, sent, now):
    for _ in range(10):
        pin = write_pin()

        def stop(pin=pin):
            unschedule_pin(pin=Pin.objects.get(pk=pin.pk), by=owner, now=now)
            return "stopped"

        results = in_threads(stop, lambda: claims.claim_due(now=now, limit=10))
        pin.refresh_from_db()
        assert (pin.status, pin.claimed_at) == ("draft", None)
        for pin_id in next(each for each in results if isinstance(each, list)):
            engine.publish(pin_id=pin_id, worker="w", clock=lambda: now)
        assert sent() == []
        Pin.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_the_attempt_is_committed_before_the_request_leaves(write_pin, record, now):
    pin = write_pin()
    seen = []

    def look():
        seen.extend(
            in_threads(
                lambda: (
                    list(Attempt.objects.values_list("pin_id", "number", "outcome")),
                    Pin.objects.get(pk=pin.pk).status,
                )
            )
        )

    record(during=look)
    publish_due(now=now)
    assert seen == [([(pin.pk, 1, "open")], "sending")]


def test_a_pin_deleted_by_somebody_else_meanwhile_is_said_to_be(owner, write_pin, now):
    pin = write_pin()
    Pin.objects.filter(pk=pin.pk).delete()
    with pytest.raises(PinLocked, match="was deleted a moment ago"):
        publish_now(pin=pin, by=owner, now=now)
    delete_pin(pin=pin)
