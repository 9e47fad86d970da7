"""What dead and slow workers leave behind is found by the age of its row."""

import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connections

from accounts import wire
from pinterest import oauth
from publishing.delivery.services import claims, engine, recovery
from publishing.delivery.services.recovery import Recovered
from publishing.models import Attempt, Pin
from publishing.pins.policy.leases import CLAIM_LEASE, LOOK_DELAYS, SENDING_LEASE
from publishing.pins.services.pins import (
    rewrite_pin,
)
from publishing.reconcile.services import reconcile
from sandbox.faults import Fault
from tests.publishing.rounds import attempt_facts, content_of, look_at_boards, plan_at, publish_due

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)


def test_a_claim_that_no_worker_began_on_is_due_again(put, now):
    pin = put("claimed")
    assert claims.give_back_stale_claims(now=now + CLAIM_LEASE) == 0
    assert claims.give_back_stale_claims(now=now + CLAIM_LEASE + MOMENT) == 1
    pin.refresh_from_db()
    assert (pin.status, pin.claimed_at, pin.due_at) == ("scheduled", None, now)
    assert claims.claim_due(now=now, limit=10) == [str(pin.pk)]


def test_a_send_whose_worker_died_is_uncertain_and_never_sent_again(put, sent, now):
    pin = put("sending")
    attempt = open_attempt(pin, now=now)
    assert recovery.recover_abandoned_sends(now=now + SENDING_LEASE).uncertain == 0
    later = now + SENDING_LEASE + MOMENT
    assert recovery.recover_abandoned_sends(now=later).uncertain == 1
    pin.refresh_from_db()
    first_look = later + LOOK_DELAYS[0]
    assert (pin.status, pin.due_at, pin.sending_since) == ("uncertain", first_look, None)
    assert pin.problem == "PinApp was interrupted while it was talking to Pinterest."
    attempt.refresh_from_db()
    assert (attempt.outcome, attempt.finished_at, attempt.message) == (
        "uncertain",
        later,
        "The worker stopped before Pinterest's answer was recorded.",
    )
    assert publish_due(now=now + timedelta(days=2)) == []
    assert sent() == []


def test_recovery_leaves_the_attempt_of_a_pin_alone_that_moved_on_meanwhile(put, now):
    pin = put("sending", sending_since=now + SENDING_LEASE)
    attempt = open_attempt(pin, now=now + SENDING_LEASE)
    assert recovery._recover(pin.pk, now=now + SENDING_LEASE) is None
    attempt.refresh_from_db()
    assert attempt.outcome == "open"


# What never left goes back to the line


@pytest.mark.django_db(transaction=True)
def test_a_pin_whose_worker_died_while_it_waited_for_a_place_is_due_again(
    write_pin, sent, places, now
):
    waiting = write_pin()
    claims.claim_due(now=now, limit=10)
    with places.all_taken():
        worker = places.waiting_worker(str(waiting.pk), now=now)
        # Its worker dies here: nothing but the claim is left of it, and that has its minute.
        assert rows_of(waiting) == ("claimed", 0)
        later = now + CLAIM_LEASE + MOMENT
        assert recovery.recover_abandoned_sends(now=later + SENDING_LEASE).uncertain == 0
        assert claims.give_back_stale_claims(now=later) == 1
        assert rows_of(waiting) == ("scheduled", 0)
    worker.join(30)
    # A worker that was only slow finds its claim over.
    assert (rows_of(waiting), sent()) == (("scheduled", 0), [])
    publish_due(now=later)
    assert (rows_of(waiting), sent()) == (("published", 1), [201])


def test_a_worker_whose_claim_is_over_waits_for_no_place(write_pin, places, now, monkeypatch):
    monkeypatch.setattr(engine, "CLAIM_LEASE", timedelta(milliseconds=50))
    pin = write_pin()
    claims.claim_due(now=now, limit=10)
    with places.all_taken():
        engine.publish(pin_id=str(pin.pk), worker="w", clock=lambda: now)
    assert rows_of(pin) == ("scheduled", 0)


def test_a_pin_whose_worker_died_between_two_requests_is_due_again(
    write_pin, sandbox, between_requests, sent, now
):
    pin, later = write_pin(), now + SENDING_LEASE + MOMENT
    found = between_requests(lambda: recovery.recover_abandoned_sends(now=later))
    publish_due(now=now)
    assert found == [Recovered(uncertain=0, due_again=1)]
    # It was only slow: its second request must not leave any more.
    pin.refresh_from_db()
    assert (pin.status, pin.due_at, pin.sending_since, sent()) == ("scheduled", now, None, [401])
    assert attempt_facts(pin) == [
        (1, "unavailable", None, None, "The worker stopped while no request was under way.")
    ]
    publish_due(now=later)
    pin.refresh_from_db()
    assert (pin.status, len(sandbox.pins())) == ("published", 1)


def test_a_pin_whose_second_request_may_have_left_is_uncertain(
    write_pin, sandbox, between_requests, record, now
):
    pin, later, found = write_pin(), now + SENDING_LEASE + MOMENT, []
    between_requests(
        lambda: record(during=lambda: found.append(recovery.recover_abandoned_sends(now=later)))
    )
    publish_due(now=now)
    assert found == [Recovered(uncertain=1, due_again=0)]
    pin.refresh_from_db()
    assert (pin.status, len(sandbox.pins())) == ("published", 1)


def rows_of(pin):
    pin.refresh_from_db()
    return pin.status, pin.attempts.count()


@pytest.fixture
def between_requests(sandbox, connection, monkeypatch):
    """Lets something happen once the first request was refused for its token, before the next."""

    def happening(what):
        sandbox.kill_token(
            wire.sealer().open(
                connection.access_token_sealed, place=connection.token_place("access_token")
            )
        )
        results, renew = [], oauth.refresh

        def renewed(**words):
            results.append(what())
            return renew(**words)

        monkeypatch.setattr(oauth, "refresh", renewed)
        return results

    return happening


@pytest.fixture
def places():
    """The places of this process's requests, to be taken by somebody else."""
    return Places()


class Places:
    @contextmanager
    def all_taken(self):
        for _ in range(settings.SENDS_AT_ONCE):
            assert engine.PLACES.acquire(timeout=5)
        try:
            yield
        finally:
            engine.PLACES.release(settings.SENDS_AT_ONCE)

    def waiting_worker(self, pin_id, *, now):
        """A worker that has come as far as it can."""

        def publish():
            engine.publish(pin_id=pin_id, worker="w", clock=lambda: now)
            connections.close_all()

        thread = threading.Thread(target=publish)
        thread.start()
        thread.join(1)
        assert thread.is_alive()
        return thread


def open_attempt(pin, *, now):
    return Attempt.objects.create(
        pin=pin, number=1, worker="w", fingerprint="f", board_id="1", started_at=now
    )


def test_an_answer_that_comes_after_the_lease_still_settles_the_pin(
    write_pin, record, sandbox, now
):
    pin = write_pin()
    late = now + SENDING_LEASE + MOMENT
    record(during=lambda: recovery.recover_abandoned_sends(now=late))
    publish_due(now=now)
    pin.refresh_from_db()
    assert (pin.status, pin.pinterest_id) == ("published", sandbox.pins()[0].id)


def test_a_worker_with_a_spent_claim_never_sends_what_the_pin_was_before(
    write_pin, owner, sandbox, connection, boards, sent, now, record
):
    """The token's renewal took so long that the claim was given back, edited and taken anew."""
    pin = write_pin(title="Old words")
    later = now + CLAIM_LEASE + MOMENT

    def meanwhile():
        claims.give_back_stale_claims(now=later)
        rewritten = Pin.objects.get(pk=pin.pk)
        content = content_of(rewritten, title="New words")
        rewrite_pin(pin=rewritten, by=owner, content=content, plan=plan_at(later), now=later)
        assert claims.claim_due(now=later, limit=10) == [str(pin.pk)]

    moments = [now, later]

    def clock():
        # The first look at the clock comes before the token, the second before the attempt.
        moment = moments.pop(0) if moments else later
        if moment == later and not meanwhile_done:
            meanwhile_done.append(True)
            meanwhile()
        return moment

    meanwhile_done: list[bool] = []
    claims.claim_due(now=now, limit=10)
    engine.publish(pin_id=str(pin.pk), worker="slow", clock=clock)
    assert (sent(), meanwhile_done) == ([], [True])
    engine.publish(pin_id=str(pin.pk), worker="quick", clock=lambda: later)
    assert [there.title for there in sandbox.pins()] == ["New words"]


@pytest.mark.parametrize("since", ["scheduled", "claimed"])
def test_an_answer_that_comes_after_the_pin_was_planned_once_more_settles_it(
    write_pin, record, sandbox, sent, now, since
):
    pin = write_pin()

    def meanwhile():
        row = Pin.objects.filter(pk=pin.pk)
        row.update(status="uncertain", sending_since=None)
        row.update(status="scheduled", due_at=now)
        if since == "claimed":
            row.update(status="claimed", claimed_at=now + MOMENT)

    record(during=meanwhile)
    publish_due(now=now)
    pin.refresh_from_db()
    assert (pin.status, pin.pinterest_id) == ("published", sandbox.pins()[0].id)
    assert (pin.claimed_at, pin.due_at, sent()) == (None, None, [201])


def test_an_answer_about_what_a_person_has_planned_anew_is_not_taken_for_the_new_plan(
    write_pin, record, now
):
    pin = write_pin()

    def meanwhile():
        row = Pin.objects.filter(pk=pin.pk)
        row.update(status="uncertain", sending_since=None)
        row.update(status="scheduled", due_at=now + CLAIM_LEASE, scheduled_at=now + CLAIM_LEASE)

    record(during=meanwhile)
    publish_due(now=now)
    pin.refresh_from_db()
    assert (pin.status, pin.pinterest_id) == ("scheduled", "")


@pytest.mark.django_db(transaction=True)
def test_a_pin_whose_own_was_given_to_its_twin_is_looked_for_at_once(
    write_pin, sandbox, now, monkeypatch
):
    """The twin's answer was lost, and a look took this Pin's for the twin's: they are the same."""
    sandbox.arm(Fault(route="POST /v5/pins", kind="drop", when="after"))
    twin, pin = write_pin(), write_pin(at=now + MOMENT)
    publish_due(now=now)
    real = engine.record_published

    def after_a_look(row, attempt, created, *, now):
        reconcile.adopt(pin=twin, pinterest_id=created.id, now=now)
        real(row, attempt, created, now=now)

    monkeypatch.setattr(engine, "record_published", after_a_look)
    publish_due(now=now + MOMENT)
    pin.refresh_from_db()
    assert (pin.status, pin.sending_since) == ("uncertain", None)
    look_at_boards(now=pin.due_at)
    pin.refresh_from_db()
    twin.refresh_from_db()
    assert (pin.status, twin.status) == ("published", "published")
    assert {pin.pinterest_id, twin.pinterest_id} == {there.id for there in sandbox.pins()}
