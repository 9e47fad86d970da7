"""After an outage the workspace's policy is obeyed: nothing is forgotten, nothing is blasted."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connections
from django.urls import reverse

from accounts.models import ConnectionStatus
from accounts.wire import pinterest_app
from publishing.delivery.services import claims
from publishing.delivery.services.outages import treat_late_pins
from publishing.delivery.services.stops import resume_publishing
from publishing.models import AppStop, Board, HandOut, Pin, PinEvent, PublishingPreferences
from publishing.pins.policy.lateness import SPACED_TEXT
from publishing.pins.services.pins import publish_now
from publishing.pins.services.time_scale import GAP
from tests import factories
from tests.publishing.rounds import in_threads, publish_due

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MOMENT = timedelta(microseconds=1)


def tick(now):
    """What a tick of the scheduler does before and with the claim."""
    claims.hold_due_without_connection(now=now)
    treat_late_pins(now=now)
    publish_due(now=now)


def facts(*pins):
    return [
        (pin.status, pin.due_at, pin.held_reason)
        for pin in (Pin.objects.get(pk=each.pk) for each in pins)
    ]


@pytest.fixture
def wish(workspace):
    """Sets the workspace's preferences."""

    def wished(**columns):
        PublishingPreferences.objects.update_or_create(workspace=workspace, defaults=columns)

    return wished


@pytest.mark.parametrize(
    ("outage", "published", "held"),
    [(HOUR, 1, 0), (3 * DAY, 1, 48), (30 * DAY, 1, 696)],
    ids=["an hour", "three days", "a month"],
)
def test_a_pin_each_hour_after_an_outage(write_pin, sandbox, now, outage, published, held):
    """Held beyond a day; those of the last day go out, ten minutes apart; none is lost."""
    treat_late_pins(now=now)
    hours = outage // HOUR
    for n in range(1, hours + 1):
        write_pin(at=now + n * HOUR)
    write_pin(at=now + outage + DAY)
    back = now + outage
    tick(back)
    counts = Counter(Pin.objects.values_list("status", flat=True))
    assert counts["published"] == published
    assert counts["scheduled"] + counts["held"] + counts["published"] == hours + 1
    late = Pin.objects.filter(status="scheduled", scheduled_at__lte=back)
    moments = [back, *late.order_by("due_at").values_list("due_at", flat=True)]
    assert {b - a for a, b in pairwise(moments)} <= {10 * MINUTE}
    assert abs(counts["held"] - held) <= 4
    assert list(late.order_by("due_at").values_list("pk")) == list(
        late.order_by("scheduled_at").values_list("pk")
    )
    for n in range(1, len(moments) + 1):
        tick(back + n * 10 * MINUTE)
    assert len(sandbox.pins()) == len(moments)
    assert not Pin.objects.filter(status="scheduled", scheduled_at__lte=back).exists()


def test_a_pin_that_was_moved_says_so_and_keeps_its_time(write_pin, workspace):
    at = datetime(2026, 11, 25, 12, tzinfo=UTC)
    treat_late_pins(now=at)
    first, second = write_pin(at=at + MINUTE), write_pin(at=at + 2 * MINUTE)
    back = at + HOUR
    treat_late_pins(now=back)
    assert facts(first, second) == [
        ("scheduled", back, ""),
        ("scheduled", back + 10 * MINUTE, ""),
    ]
    second.refresh_from_db()
    assert (second.scheduled_at, second.problem) == (at + 2 * MINUTE, SPACED_TEXT)
    event = second.events.get(kind="spaced")
    assert (event.actor, event.note) == (
        None,
        (
            "Nothing could go out from 25 Nov 2026, 13:00 to 25 Nov 2026, 14:00 (Europe/Berlin), "
            "so late Pins go out 10 minutes apart."
        ),
    )


def test_who_wants_late_pins_at_once_has_them_at_once(write_pin, wish, now):
    wish(late_way="now")
    treat_late_pins(now=now)
    pins = [write_pin(at=now + n * MINUTE) for n in (1, 2, 3)]
    tick(now + HOUR)
    assert [status for status, *_ in facts(*pins)] == ["published"] * 3


def test_who_never_wants_to_be_asked_is_not(write_pin, wish, now):
    wish(late_hold_hours=None)
    treat_late_pins(now=now)
    pin = write_pin(at=now + MINUTE)
    tick(now + 300 * DAY)
    assert facts(pin)[0][0] == "published"


def test_a_short_silence_moves_nothing(write_pin, now):
    treat_late_pins(now=now)
    pin = write_pin(at=now + MINUTE)
    treat_late_pins(now=now + GAP - MOMENT)
    assert facts(pin) == [("scheduled", now + MINUTE, "")]


def test_a_backlog_while_ticks_go_on_is_not_spread(write_pin, now):
    """Pins that wait for their turn under the rate limit keep their place."""
    pins = [write_pin(at=now) for _ in range(3)]
    for n in range(0, 1200, 4):
        treat_late_pins(now=now + timedelta(seconds=n))
    assert facts(*pins) == [("scheduled", now, "")] * 3


def test_each_account_is_spread_for_itself(write_pin, connect, workspace, sandbox, owner, now):
    other = connect(workspace, sandbox.add_account("tiles"), by=owner)
    board = Board.objects.create(connection=other, pinterest_id="5", name="T", privacy="PUBLIC")
    treat_late_pins(now=now)
    mine = [write_pin(at=now + n * MINUTE) for n in (1, 2)]
    theirs = [write_pin(at=now + n * MINUTE, connection=other, board=board) for n in (1, 2)]
    back = now + HOUR
    treat_late_pins(now=back)
    moments = [("scheduled", back, ""), ("scheduled", back + 10 * MINUTE, "")]
    assert (facts(*mine), facts(*theirs)) == (moments, moments)


def test_pins_of_a_lost_account_wait_for_the_account(write_pin, connection, now):
    treat_late_pins(now=now)
    pin = write_pin(at=now + MINUTE)
    connection.status = ConnectionStatus.NEEDS_RECONNECTING
    connection.save(update_fields=["status"])
    tick(now + HOUR)
    assert facts(pin) == [("held", None, "account")]


# Too late to go out unasked


def test_a_pin_is_held_once_it_is_a_day_late_whatever_the_cause(write_pin, now):
    pin = write_pin(at=now)
    Pin.objects.update(due_at=now + DAY + MINUTE)  # a daily limit moved it
    treat_late_pins(now=now + DAY + MINUTE - MOMENT)
    assert facts(pin)[0][0] == "scheduled"
    tick(now + DAY + MINUTE)
    assert facts(pin) == [("held", None, "late")]
    pin.refresh_from_db()
    assert pin.problem == (
        "This Pin missed its time by more than 24 hours, so it does not go out unasked."
    )
    assert [(e.kind, e.actor, e.note) for e in pin.events.filter(kind="held")] == [
        ("held", None, pin.problem)
    ]


def test_a_pin_exactly_as_late_as_allowed_goes_out(write_pin, wish, now):
    wish(late_hold_hours=2)
    pin = write_pin(at=now)
    Pin.objects.update(due_at=now + 2 * HOUR)
    tick(now + 2 * HOUR)
    assert facts(pin)[0][0] == "published"


def test_approving_a_held_pin_gives_it_a_new_time(write_pin, owner, now):
    pin = write_pin(at=now)
    later = now + 2 * DAY
    treat_late_pins(now=later)
    pin.refresh_from_db()
    publish_now(pin=pin, by=owner, now=later)
    assert (pin.scheduled_at, pin.held_reason) == (later, "")
    tick(later)
    assert facts(pin)[0][0] == "published"


def test_more_late_pins_than_fit_in_one_round_are_all_held(write_pin, now, monkeypatch):
    monkeypatch.setattr("publishing.delivery.services.lateness._BATCH", 3)
    for _ in range(8):
        write_pin(at=now)
    tick(now + 2 * DAY)
    assert Counter(Pin.objects.values_list("status", "held_reason")) == {("held", "late"): 8}
    assert PinEvent.objects.filter(kind="held").count() == 8


def test_each_workspace_is_asked_after_its_own_hours(write_pin, workspace, wish, now):
    wish(late_hold_hours=48)
    elsewhere = factories.WorkspaceFactory()
    mine, theirs = write_pin(at=now), write_pin(at=now)
    Pin.objects.filter(pk=theirs.pk).update(workspace=elsewhere)
    treat_late_pins(now=now + 30 * HOUR)
    assert [status for status, *_ in facts(mine, theirs)] == ["scheduled", "held"]


# A stop of the whole app


def stop(now):
    return AppStop.objects.create(
        app_id=pinterest_app().app_id, since=now, reason="trial_access", message="No.", remedy="."
    )


def test_pins_keep_their_place_while_publishing_is_stopped(write_pin, now):
    stop(now)
    pin = write_pin(at=now)
    for n in range(1, 50):
        tick(now + n * HOUR)
    assert facts(pin) == [("scheduled", now, "")]


def test_after_a_long_stop_late_pins_are_spread_and_held(write_pin, owner, now):
    stop(now)
    old, first, second = write_pin(at=now), write_pin(at=now + 30 * HOUR), write_pin(at=now + DAY)
    for n in range(1, 32):
        tick(now + n * HOUR)
    back = now + 31 * HOUR
    resume_publishing(by=owner, now=back)
    assert facts(old, second, first) == [
        ("held", None, "late"),
        ("scheduled", back, ""),
        ("scheduled", back + 10 * MINUTE, ""),
    ]


def test_a_short_stop_moves_nothing(write_pin, owner, now):
    stop(now)
    pin = write_pin(at=now)
    resume_publishing(by=owner, now=now + 4 * MINUTE)
    assert facts(pin) == [("scheduled", now, "")]
    resume_publishing(by=owner, now=now + DAY)
    assert facts(pin) == [("scheduled", now, "")]


# Clocks and several at once


def test_a_clock_put_back_does_not_blind_the_next_outage(write_pin, now):
    treat_late_pins(now=now + DAY)
    treat_late_pins(now=now)
    pins = [write_pin(at=now + n * MINUTE) for n in (1, 2)]
    back = now + HOUR
    treat_late_pins(now=back)
    assert facts(*pins) == [("scheduled", back, ""), ("scheduled", back + 10 * MINUTE, "")]


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_back_from_an_outage_spread_once(write_pin, now):
    HandOut.objects.create(last_at=now)
    pins = [write_pin(at=now + n * MINUTE) for n in range(1, 6)]
    moments = [now + HOUR, now + HOUR + timedelta(seconds=1)]

    def come_back(at):
        treat_late_pins(now=at)
        return claims.claim_due(now=at, limit=100)

    claimed = in_threads(*(lambda at=at: come_back(at) for at in moments))
    connections.close_all()
    assert [PinEvent.objects.filter(pin=pin, kind="spaced").count() for pin in pins] == [1] * 5
    assert sorted(len(ids) for ids in claimed) == [0, 1]


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_hold_each_late_pin_once(write_pin, now):
    pins = [write_pin(at=now) for _ in range(20)]
    late = now + 2 * DAY

    def hold():
        treat_late_pins(now=late)
        return claims.claim_due(now=late, limit=100)

    assert in_threads(hold, hold, hold) == [[], [], []]
    assert [PinEvent.objects.filter(pin=pin, kind="held").count() for pin in pins] == [1] * 20


def test_a_tick_with_nothing_late_asks_two_short_questions(
    write_pin, now, django_assert_num_queries
):
    write_pin(at=now + HOUR)
    treat_late_pins(now=now)
    with django_assert_num_queries(2):
        treat_late_pins(now=now + timedelta(seconds=1))


# What people see


def test_the_pages_of_late_pins_say_why_and_when(sign_in, viewer, write_pin, workspace):
    at = datetime(2026, 11, 25, 12, tzinfo=UTC)
    treat_late_pins(now=at)
    old, _, moved = write_pin(at=at - DAY), write_pin(at=at + MINUTE), write_pin(at=at + 2 * MINUTE)
    treat_late_pins(now=at + HOUR)
    browser = sign_in(viewer)
    page = browser.get(reverse("pin_detail", args=[moved.pk])).context["pin"]
    assert (page["status_text"], page["failure"]) == (
        "It goes out by itself at Wed 25 Nov 2026, 14:10.",
        {
            "message": "Publishing was interrupted at this Pin's time, so it is late.",
            "remedy": "It goes out by itself, some time after the other late Pins. "
            "Publish it now if it can't wait, or give it another time.",
            "tone": "warn",
        },
    )
    page = browser.get(reverse("pin_detail", args=[old.pk])).context["pin"]
    assert (page["status_text"], page["failure"]["message"]) == (
        "It missed its time, and is not sent unless somebody says so.",
        "This Pin missed its time by more than 24 hours, so it does not go out unasked.",
    )
