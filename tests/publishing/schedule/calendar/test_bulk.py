"""One change of many Pins: who takes it, who is left alone, what it costs and writes down."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Connection
from publishing.bulk.policy.bulk import BulkAction, BulkOrder, Refusal, shifted
from publishing.bulk.services.bulk import apply_to_many, shift_words
from publishing.choices.statuses import PinStatus
from publishing.models import Pin, PinEvent

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
"""A Tuesday, 12:00 in Berlin."""


def berlin(text, fold=0):
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold).astimezone(UTC)


# How far a day is


@pytest.mark.parametrize(
    ("at", "days", "hours", "then"),
    [
        ("2026-11-25 09:15", 2, 0, "2026-11-27 09:15"),
        ("2026-11-25 09:15", -1, 3, "2026-11-24 12:15"),
        # Over the night of the change a day keeps the time on the clock, an hour is an hour.
        ("2027-03-27 09:00", 1, 0, "2027-03-28 09:00"),
        ("2027-03-28 01:30", 0, 1, "2027-03-28 03:30"),
        # A time that the day lacks becomes the next one there is.
        ("2027-03-27 02:30", 1, 0, "2027-03-28 03:30"),
    ],
)
def test_days_go_by_the_calendar_and_hours_by_a_stopwatch(at, days, hours, then):
    moved = shifted(berlin(at), days=days, hours=hours, zone="Europe/Berlin")
    assert moved == berlin(then)


def test_of_a_doubled_hour_the_first_is_meant():
    moved = shifted(berlin("2026-10-24 02:30"), days=1, hours=0, zone="Europe/Berlin")
    assert moved == berlin("2026-10-25 02:30", fold=0)


def test_a_shift_is_said_in_words():
    assert shift_words(days=2, hours=0) == "2 days later"
    assert shift_words(days=-1, hours=-3) == "1 day and 3 hours earlier"


# Who takes what

pytestmark = pytest.mark.django_db


@pytest.fixture
def apply(workspace, editor):
    """Gives an order about Pins at noon; answers how many took it and why others did not."""

    def applied(pins, action, **order):
        place = {name: order.pop(name) for name in ("board", "section") if name in order}
        outcome = apply_to_many(
            workspace=workspace,
            pin_ids=[pin.pk for pin in pins],
            order=BulkOrder(BulkAction(action), **order),
            by=editor,
            now=NOON,
            zone="Europe/Berlin",
            **place,
        )
        return outcome.done, Counter(reason for _, reason in outcome.left)

    return applied


@pytest.fixture
def one_of_each(put):
    """A Pin in each status, planned for Wednesday at nine, by status."""
    at = berlin("2026-11-25 09:00")
    pins = {
        status.value: put(status, scheduled_at=at)
        for status in PinStatus
        if status is not PinStatus.DRAFT
    }
    Pin.objects.filter(pk=pins["held"].pk).update(held_reason="person")
    return {**pins, "draft": put("draft")}


def row(pin):
    return Pin.objects.get(pk=pin.pk)


OUT = {Refusal.SENDING: 1, Refusal.UNCERTAIN: 1, Refusal.PUBLISHED: 1}
CASES = {
    "shift": ({"scheduled", "claimed", "held"}, {Refusal.NO_TIME: 2}),
    "spread": ({"scheduled", "claimed", "held", "failed", "draft"}, {}),
    "hold": ({"scheduled", "claimed"}, {Refusal.NOT_SCHEDULED: 3}),
    "release": ({"held"}, {Refusal.NOT_ON_HOLD: 4}),
    "cancel": ({"scheduled", "claimed", "held", "failed"}, {Refusal.IS_DRAFT: 1}),
    "delete": ({"draft"}, {Refusal.NO_DRAFT: 4}),
    "board": ({"scheduled", "claimed", "held", "failed", "draft"}, {}),
}


@pytest.mark.parametrize("action", CASES)
def test_each_change_takes_its_statuses_and_leaves_the_others_alone(
    apply, one_of_each, action, boards
):
    order = {
        "shift": {"days": 1},
        "spread": {"start": NOON + timedelta(days=1), "step": timedelta(hours=1)},
        "board": {"connection_id": boards["Vases"].connection_id, "board": boards["Vases"]},
    }.get(action, {})
    before = {name: row(pin) for name, pin in one_of_each.items()}
    done, left = apply(one_of_each.values(), action, **order)
    taken, others = CASES[action]
    assert (done, left) == (len(taken), {**OUT, **others})
    changed = {
        name
        for name, pin in before.items()
        if Pin.objects.filter(pk=pin.pk)
        .values_list("status", "scheduled_at", "board", "updated_at")
        .first()
        != (pin.status, pin.scheduled_at, pin.board_id, pin.updated_at)
    }
    assert changed == taken
    noted = Counter(PinEvent.objects.exclude(kind="written").values_list("pin", flat=True))
    assert noted == ({} if action == "delete" else {before[name].pk: 1 for name in taken})


def test_a_shift_keeps_what_is_on_hold_there_and_schedules_the_rest(apply, one_of_each):
    apply(one_of_each.values(), "shift", days=2)
    scheduled, held = row(one_of_each["scheduled"]), row(one_of_each["held"])
    at = berlin("2026-11-27 09:00")
    assert (scheduled.status, scheduled.scheduled_at, scheduled.due_at) == ("scheduled", at, at)
    assert (held.status, held.scheduled_at, held.due_at) == ("held", at, None)
    claimed = row(one_of_each["claimed"])
    assert (claimed.status, claimed.claimed_at) == ("scheduled", None)


def test_what_a_shift_would_put_into_the_past_stays(apply, write_pin):
    late, early = write_pin(at=berlin("2026-11-26 09:00")), write_pin(at=berlin("2026-11-24 20:00"))
    assert apply([late, early], "shift", days=-1) == (1, {Refusal.PAST: 1})
    assert row(late).scheduled_at == berlin("2026-11-25 09:00")
    assert row(early).scheduled_at == berlin("2026-11-24 20:00")


def test_a_shift_across_a_change_of_the_clocks_keeps_each_time(apply, write_pin):
    pins = [write_pin(at=berlin(f"2027-03-2{day} 09:00")) for day in (6, 7)]
    assert apply(pins, "shift", days=1)[0] == 2
    assert [row(pin).scheduled_at for pin in pins] == [
        berlin("2027-03-27 09:00"),
        berlin("2027-03-28 09:00"),
    ]


def test_spreading_keeps_the_order_and_puts_drafts_last(apply, write_pin):
    draft = write_pin(at=None)
    second, first = (
        write_pin(at=berlin("2026-12-02 09:00")),
        write_pin(at=berlin("2026-12-01 09:00")),
    )
    start = berlin("2026-11-30 10:00")
    assert apply([draft, second, first], "spread", start=start, step=timedelta(minutes=45)) == (
        3,
        {},
    )
    assert [row(pin).due_at for pin in (first, second, draft)] == [
        start,
        start + timedelta(minutes=45),
        start + timedelta(minutes=90),
    ]


def test_what_lacks_something_gets_no_time_and_leaves_no_gap(apply, write_pin):
    lacking = write_pin(at=None, board=None)
    whole = write_pin(at=None)
    start = berlin("2026-11-30 10:00")
    assert apply([lacking, whole], "spread", start=start, step=timedelta(hours=1)) == (
        1,
        {Refusal.INCOMPLETE: 1},
    )
    assert row(whole).scheduled_at == start


def test_holding_and_taking_off_hold_brings_a_pin_back_to_its_time(apply, write_pin, editor):
    pin = write_pin(at=berlin("2026-11-25 09:00"))
    assert apply([pin], "hold") == (1, {})
    held = row(pin)
    assert (held.status, held.held_reason, held.due_at, held.problem) == (
        "held",
        "person",
        None,
        "Edda put this Pin on hold.",
    )
    assert apply([pin], "release") == (1, {})
    free = row(pin)
    assert (free.status, free.held_reason, free.due_at, free.problem) == (
        "scheduled",
        "",
        berlin("2026-11-25 09:00"),
        "",
    )
    assert list(PinEvent.objects.order_by("pk").values_list("kind", "actor__name"))[1:] == [
        ("held", "Edda"),
        ("released", "Edda"),
    ]


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"held_reason": "late"}, Refusal.HELD_OTHERWISE),
        ({"scheduled_at": NOON - timedelta(hours=1)}, Refusal.PAST),
        ({"board": None}, Refusal.INCOMPLETE),
    ],
)
def test_a_pin_is_not_taken_off_hold_into_trouble(apply, put, columns, reason):
    facts = {"held_reason": "person", "scheduled_at": NOON + timedelta(days=1), **columns}
    pin = put("held", **facts)
    assert apply([pin], "release") == (0, {reason: 1})
    assert row(pin).status == "held"


def test_a_pin_of_a_lost_account_stays_on_hold(apply, put, connection):
    pin = put("held", held_reason="person", scheduled_at=NOON + timedelta(days=1))
    Connection.objects.filter(pk=connection.pk).update(status="needs_reconnecting")
    assert apply([pin], "release") == (0, {Refusal.NOT_CONNECTED: 1})


def test_a_board_of_another_account_is_not_taken(
    apply, write_pin, boards, glazed, connect, workspace, sandbox
):
    other = connect(workspace, sandbox.add_account("other"))
    ours, theirs = write_pin(at=NOON), write_pin(at=NOON, connection=other)
    place = {"board": boards["Bowls"], "section": glazed}
    assert apply([ours, theirs], "board", connection_id=boards["Bowls"].connection_id, **place) == (
        1,
        {Refusal.OTHER_ACCOUNT: 1},
    )
    assert (row(ours).section, row(theirs).section) == (glazed, None)


def test_pins_of_another_workspace_and_deleted_ones_are_counted_as_gone(apply, write_pin, editor):
    pin, deleted = write_pin(at=NOON + timedelta(days=1)), write_pin(at=None)
    Pin.objects.filter(pk=deleted.pk).delete()
    assert apply([pin, deleted], "hold") == (1, {Refusal.GONE: 1})


@pytest.mark.parametrize(
    ("action", "order", "queries"),
    [
        ("shift", {"days": 1}, 6),
        ("spread", {"start": NOON + timedelta(days=1), "step": timedelta(minutes=5)}, 8),
        ("hold", {}, 8),
        ("cancel", {}, 6),
    ],
)
def test_five_hundred_pins_take_few_statements(
    apply, write_pin, django_assert_num_queries, action, order, queries
):
    pattern = write_pin(at=berlin("2026-12-01 09:00"))
    columns = {
        field.attname: getattr(pattern, field.attname)
        for field in Pin._meta.concrete_fields
        if not field.primary_key
    }
    pins = Pin.objects.bulk_create([Pin(**columns) for _ in range(500)])
    with django_assert_num_queries(queries):
        assert apply(pins, action, **order) == (500, {})
