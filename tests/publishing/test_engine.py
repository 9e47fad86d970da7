"""Due Pins are handed out once, and what comes of sending them is written down."""

import base64
import hashlib
import json
import threading
from datetime import timedelta

import pytest
import requests
from django.core.cache import cache
from django.db import connections
from requests.adapters import BaseAdapter

from accounts import wire
from accounts.models import ConnectionStatus
from pinterest.http import open_session
from pinterest.sandbox.adapter import SandboxAdapter
from pinterest.sandbox.faults import Fault
from publishing.models import AppStop, Attempt, Pin
from publishing.policy.leases import CLAIM_LEASE, SENDING_LEASE
from publishing.policy.looks import LOOK_DELAYS
from publishing.policy.statuses import PinStatus
from publishing.services import claims, engine
from publishing.services.media import store_picture
from publishing.services.pins import (
    PinContent,
    PinLocked,
    Plan,
    delete_pin,
    publish_now,
    rewrite_pin,
    unschedule_pin,
)
from publishing.services.stops import resume_publishing
from tests import factories
from tests.conftest import SANDBOX
from tests.pinterest.loopback import free_port

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)


def claim_and_publish(*, now, worker="worker-1"):
    """One round of the scheduler and a worker."""
    claimed = claims.claim_due(now=now, limit=100)
    for pin_id in claimed:
        engine.publish(pin_id=pin_id, worker=worker, clock=lambda: now)
    return claimed


def attempt_facts(pin):
    return [
        (each.number, each.outcome, each.http_status, each.code, each.message)
        for each in pin.attempts.order_by("number")
    ]


# Claiming


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


# Recovering


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
    assert engine.mark_abandoned_sends(now=now + SENDING_LEASE) == 0
    later = now + SENDING_LEASE + MOMENT
    assert engine.mark_abandoned_sends(now=later) == 1
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
    assert claim_and_publish(now=now + timedelta(days=2)) == []
    assert sent() == []


def test_recovery_leaves_the_attempt_of_a_pin_alone_that_moved_on_meanwhile(put, now):
    pin = put("sending", sending_since=now + SENDING_LEASE)
    attempt = open_attempt(pin, now=now + SENDING_LEASE)
    assert engine._abandon(pin.pk, now=now + SENDING_LEASE) == 0
    attempt.refresh_from_db()
    assert attempt.outcome == "open"


def open_attempt(pin, *, now):
    return Attempt.objects.create(
        pin=pin, number=1, worker="w", fingerprint="f", board_id="1", started_at=now
    )


# Success


def test_a_published_pin_keeps_pinterests_id_and_link(write_pin, glazed, sandbox, now):
    pin = write_pin(
        title="Vase 🏺",
        description="d" * 799 + "🏺",
        link="https://example.com/vase?a=b",
        alt_text="A blue vase",
        section=glazed,
    )
    claim_and_publish(now=now, worker="studio:1")
    (there,) = sandbox.pins(glazed.board.pinterest_id)
    pin.refresh_from_db()
    assert (pin.status, pin.pinterest_id, pin.published_at) == ("published", there.id, now)
    assert pin.pinterest_url == f"{SANDBOX}/pin/{there.id}/"
    assert (pin.due_at, pin.sending_since, pin.claimed_at, pin.problem) == (None, None, None, "")
    assert (there.title, there.description, there.link, there.alt_text, there.section_id) == (
        "Vase 🏺",
        "d" * 799 + "🏺",
        "https://example.com/vase?a=b",
        "A blue vase",
        glazed.pinterest_id,
    )
    attempt = pin.attempts.get()
    assert (attempt.number, attempt.worker, attempt.outcome, attempt.finished_at) == (
        1,
        "studio:1",
        "published",
        now,
    )
    assert (attempt.board_id, attempt.section_id) == (
        glazed.board.pinterest_id,
        glazed.pinterest_id,
    )


class Recorder(BaseAdapter):
    """Keeps the bodies that pass, and lets a test look around while a request is on its way."""

    def __init__(self, inner, during=None):
        super().__init__()
        self.inner, self.during, self.bodies = inner, during, []

    def send(self, request, **options):
        if request.method == "POST" and request.url.endswith("/v5/pins"):
            self.bodies.append(json.loads(request.body))
            if self.during:
                self.during()
        return self.inner.send(request, **options)

    def close(self):
        pass


@pytest.fixture
def record(sandbox):
    def recording(during=None):
        recorder = Recorder(SandboxAdapter(sandbox), during)
        wire.pinterest_session().mount(SANDBOX, recorder)
        return recorder

    return recording


def test_what_is_sent_is_what_pinterests_description_asks_for(write_pin, record, media, now):
    recorder = record()
    pin = write_pin(title="", description="Only words", link="", alt_text="")
    claim_and_publish(now=now)
    (body,) = recorder.bodies
    data = body["media_source"].pop("data")
    assert body == {
        "board_id": pin.board.pinterest_id,
        "description": "Only words",
        "dominant_color": media.dominant_color,
        "media_source": {"source_type": "image_base64", "content_type": "image/jpeg"},
    }
    picture = base64.b64decode(data, validate=True)
    assert hashlib.sha256(picture).hexdigest() == media.sha256
    assert pin.board.pinterest_id.isascii()
    assert pin.board.pinterest_id.isdigit()


def test_a_png_is_sent_as_what_it_is(write_pin, record, workspace, owner, now):
    recorder = record()
    png = store_picture(workspace=workspace, by=owner, data=factories.picture(kind="PNG"))
    claim_and_publish(now=write_pin(media=png).scheduled_at)
    assert recorder.bodies[0]["media_source"]["content_type"] == "image/png"


# Refused


def test_a_board_deleted_meanwhile_fails_the_pin_with_words(write_pin, sandbox, bowls, now):
    pin = write_pin()
    sandbox.delete_board(bowls.pinterest_id)
    claim_and_publish(now=now)
    pin.refresh_from_db()
    assert (pin.status, pin.problem, pin.remedy, pin.due_at) == (
        "failed",
        "Pinterest does not let this account use that board.",
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
            "The image is too small for Pinterest.",
        ),
        (
            {"status": 429, "code": 9, "message": "Sorry! This may lead to spam."},
            "failed",
            "Pinterest blocked this as possible spam.",
        ),
        (
            {"status": 403, "code": 29, "message": "Apps with Trial access may not create Pins"},
            "scheduled",
            "This server's Pinterest app has Trial access, which may not create Pins.",
        ),
        (
            {"status": 400, "code": 10**12, "message": "Invalid request"},
            "failed",
            "Pinterest found something in this it does not accept.",
        ),
    ],
)
def test_a_refusal_is_told_in_words(write_pin, sandbox, sent, now, fault, status, problem):
    sandbox.arm(Fault(route="POST /v5/pins", kind="status", **fault))
    pin = write_pin()
    claim_and_publish(now=now)
    pin.refresh_from_db()
    assert (pin.status, pin.problem) == (status, problem)
    assert pin.remedy
    assert pin.attempts.get().outcome == "refused"
    assert claim_and_publish(now=now + timedelta(days=2)) == []
    assert sent() == [fault["status"]]


def test_trial_access_stops_all_publishing_until_a_person_says_to_go_on(
    write_pin, sandbox, sent, owner, now
):
    sandbox.set_tier("trial")
    pins = [write_pin(), write_pin(at=now + timedelta(minutes=1))]
    claim_and_publish(now=now)
    assert claim_and_publish(now=now + timedelta(hours=1)) == []
    assert (Pin.objects.filter(status="scheduled").count(), sent()) == (2, [403])
    stop = AppStop.objects.get()
    assert (stop.reason, stop.message) == (
        "trial_access",
        "This server's Pinterest app has Trial access, which may not create Pins.",
    )
    sandbox.set_tier("standard")
    resume_publishing(by=owner)
    claim_and_publish(now=now + timedelta(hours=1))
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
            claim_and_publish(now=moment)
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


# Unavailable


def test_a_rate_limit_is_waited_for_and_then_the_pin_goes_out(write_pin, sandbox, sent, now):
    sandbox.arm(Fault(route="POST /v5/pins", kind="status", status=429))
    pin = write_pin()
    claim_and_publish(now=now)
    pin.refresh_from_db()
    again = now + timedelta(seconds=45)
    assert (pin.status, pin.due_at, pin.scheduled_at) == ("scheduled", again, now)
    assert pin.problem == "Pinterest asks us to slow down."
    assert claim_and_publish(now=again - MOMENT) == []
    cache.clear()  # limits end by the cache server's clock, which a test can't set
    assert claim_and_publish(now=again) == [str(pin.pk)]
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
    claim_and_publish(now=now)
    pin.refresh_from_db()
    assert (pin.status, pin.due_at) == ("scheduled", now + timedelta(seconds=15))
    assert attempt_facts(pin) == [(1, "unavailable", None, None, "Pinterest could not be reached.")]
    settings.PINTEREST_API_URL = api_url
    claim_and_publish(now=now + timedelta(seconds=15))
    pin.refresh_from_db()
    assert (pin.status, len(sandbox.pins())) == ("published", 1)


def test_a_pin_that_could_not_be_sent_for_a_day_fails(write_pin, settings, now):
    pin = write_pin(at=now - timedelta(hours=24))
    settings.PINTEREST_API_URL = f"http://127.0.0.1:{free_port()}/v5"
    claim_and_publish(now=now)
    pin.refresh_from_db()
    assert (pin.status, pin.due_at) == ("failed", None)


# Uncertain


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
    claim_and_publish(now=now)
    pin.refresh_from_db()
    first_look = now + LOOK_DELAYS[0]
    assert (pin.status, pin.due_at, pin.pinterest_id) == ("uncertain", first_look, "")
    assert pin.problem.endswith("so it may or may not have gone through.")
    assert pin.remedy == (
        "PinApp looks at the board by itself to find out whether the Pin is there."
    )
    assert pin.attempts.get().outcome == "uncertain"
    later = now + timedelta(days=3)
    assert claim_and_publish(now=later) == []
    assert (claims.give_back_stale_claims(now=later), engine.mark_abandoned_sends(now=later)) == (
        0,
        0,
    )
    engine.publish(pin_id=str(pin.pk), worker="another", clock=lambda: later)
    assert (len(sent()), len(sandbox.pins())) == (1, created)


def test_an_answer_that_comes_after_the_lease_still_settles_the_pin(
    write_pin, record, sandbox, now
):
    pin = write_pin()
    late = now + SENDING_LEASE + MOMENT
    record(during=lambda: engine.mark_abandoned_sends(now=late))
    claim_and_publish(now=now)
    pin.refresh_from_db()
    assert (pin.status, pin.pinterest_id) == ("published", sandbox.pins()[0].id)


# Tokens


def test_a_dead_token_is_renewed_once_and_one_pin_is_made(
    write_pin, sandbox, account_tokens, sent, renewals, now
):
    pin = write_pin()
    account_tokens.kill_access()
    claim_and_publish(now=now)
    pin.refresh_from_db()
    assert (pin.status, sent(), renewals()) == ("published", [401, 201], [200])
    assert (len(sandbox.pins()), pin.attempts.count()) == (1, 1)


def test_a_pin_whose_account_refuses_renewal_is_held(
    write_pin, sandbox, studio, connection, sent, now
):
    pin = write_pin()
    sandbox.kill_tokens(studio)
    claim_and_publish(now=now)
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
    claim_and_publish(now=now)
    pin.refresh_from_db()
    assert (pin.status, pin.due_at) == ("scheduled", now + timedelta(seconds=15))
    assert (pin.attempts.count(), sent()) == (0, [])
    claim_and_publish(now=now + timedelta(seconds=15))
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


# Odd moments


@pytest.mark.parametrize("status", [s for s in PinStatus if s is not PinStatus.CLAIMED])
def test_a_pin_that_is_not_claimed_is_not_sent(put, sent, now, status):
    pin = put(status)
    engine.publish(pin_id=str(pin.pk), worker="w", clock=lambda: now)
    pin.refresh_from_db()
    assert (pin.status, sent(), pin.attempts.count()) == (status, [], 0)


def test_a_pin_that_was_deleted_meanwhile_is_no_error(write_pin, sent, now):
    pin = write_pin()
    pin_id = str(pin.pk)
    pin.delete()
    engine.publish(pin_id=pin_id, worker="w", clock=lambda: now)
    assert sent() == []


def test_a_picture_missing_on_disk_fails_the_pin_without_an_attempt(
    write_pin, media, sent, tmp_path, now
):
    pin = write_pin()
    (tmp_path / "media" / media.file_name).unlink()
    claim_and_publish(now=now)
    pin.refresh_from_db()
    assert (pin.status, pin.problem, pin.remedy) == (
        "failed",
        "The picture of this Pin can't be read from PinApp's storage.",
        "Add the picture again, then schedule the Pin.",
    )
    assert (pin.attempts.count(), sent()) == (0, [])


def test_a_worker_with_a_spent_claim_never_sends_what_the_pin_was_before(
    write_pin, owner, sandbox, connection, boards, sent, now, record
):
    """The token's renewal took so long that the claim was given back, edited and taken anew."""
    pin = write_pin(title="Old words")
    later = now + CLAIM_LEASE + MOMENT

    def meanwhile():
        claims.give_back_stale_claims(now=later)
        rewritten = Pin.objects.get(pk=pin.pk)
        content = engine_content(rewritten, title="New words")
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


def engine_content(pin, **changes):
    names = ("connection", "board", "section", "media", "title", "description", "link", "alt_text")
    return PinContent(**{**{name: getattr(pin, name) for name in names}, **changes})


def plan_at(moment):
    return Plan(at=moment, time_zone="Europe/Berlin")


def test_a_pin_that_needs_attention_comes_first_in_its_list(write_pin, sandbox, now):
    older, newer = write_pin(at=now), write_pin(at=now + timedelta(hours=1))
    sandbox.set_tier("trial")
    claim_and_publish(now=newer.scheduled_at)
    older.refresh_from_db()
    assert older.updated_at == newer.scheduled_at


# Several at once


def in_threads(*calls):
    """Run calls at the same moment, each with a database connection of its own."""
    start, results, errors = threading.Barrier(len(calls)), [], []

    def run(call):
        try:
            start.wait(10)
            results.append(call())
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    return results


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_claim_each_pin_once(write_pin, now):
    pins = [write_pin(at=now - timedelta(seconds=n)) for n in range(40)]

    def claim_all():
        mine = []
        while claimed := claims.claim_due(now=now, limit=3):
            mine += claimed
        return mine

    mine, yours = in_threads(claim_all, claim_all)
    assert sorted(mine + yours) == sorted(str(pin.pk) for pin in pins)


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_message_make_one_pin(write_pin, sandbox, sent, now):
    pins = [write_pin() for _ in range(5)]
    claims.claim_due(now=now, limit=10)
    for pin in pins:
        pin_id = str(pin.pk)
        in_threads(
            *(
                lambda worker=worker, pin_id=pin_id: engine.publish(
                    pin_id=pin_id, worker=worker, clock=lambda: now
                )
                for worker in ("one", "two")
            )
        )
    assert (sent(), len(sandbox.pins())) == ([201] * 5, 5)
    assert Attempt.objects.count() == 5
    assert set(Pin.objects.values_list("status", flat=True)) == {"published"}


@pytest.mark.django_db(transaction=True)
def test_stopping_a_pin_and_claiming_it_at_once_has_one_winner(owner, write_pin, now):
    for _ in range(10):
        pin = write_pin()

        def stop(pin=pin):
            try:
                unschedule_pin(pin=Pin.objects.get(pk=pin.pk), by=owner, now=now)
            except PinLocked:
                return "locked"
            return "stopped"

        results = in_threads(stop, lambda: claims.claim_due(now=now, limit=10))
        pin.refresh_from_db()
        expected = {
            "claimed": ["locked", [str(pin.pk)]],
            "draft": ["stopped", []],
        }[pin.status]
        assert sorted(results, key=str) == sorted(expected, key=str)
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
    claim_and_publish(now=now)
    assert seen == [([(pin.pk, 1, "open")], "sending")]


def test_our_session_without_the_sandbox_leads_nowhere():
    with open_session() as session, pytest.raises(requests.ConnectionError):
        session.get(f"http://127.0.0.1:{free_port()}/")


def test_a_pin_waits_while_the_stored_tokens_cannot_be_opened(
    write_pin, now, sandbox, settings, studio
):
    pin = write_pin()
    settings.TOKEN_KEYS = [base64.urlsafe_b64encode(b"k" * 32).decode()]
    claim_and_publish(now=now)
    pin.refresh_from_db()
    assert (pin.status, pin.problem) == (
        PinStatus.HELD,
        "The tokens stored for this account can't be opened.",
    )
    assert sandbox.pins() == []


def test_what_pinterest_could_not_fetch_goes_along_as_our_own_copy(
    write_pin, workspace, owner, now, sandbox, sent
):
    gone = "http://127.0.0.1:9/bowl.jpg"
    stored = store_picture(workspace=workspace, by=owner, data=factories.picture(), origin_url=gone)
    pin = write_pin(media=stored)
    claim_and_publish(now=now)
    pin.refresh_from_db()
    assert (pin.status, sent()) == (PinStatus.SCHEDULED, [400])
    claim_and_publish(now=pin.due_at)
    pin.refresh_from_db()
    assert (pin.status, sent()) == (PinStatus.PUBLISHED, [400, 201])


def test_a_pin_deleted_by_somebody_else_meanwhile_is_said_to_be(owner, write_pin, now):
    pin = write_pin()
    Pin.objects.filter(pk=pin.pk).delete()
    with pytest.raises(PinLocked, match="was deleted a moment ago"):
        publish_now(pin=pin, by=owner, now=now)
    delete_pin(pin=pin)
