"""The next free slot, when several people want it at once and when repeats keep away from it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connections

from publishing.models import Pin, PinEvent
from publishing.pins.selectors.preferences import preferences_of
from publishing.pins.services.pins import PinContent, Plan, create_pin
from publishing.schedule.policy.slots import occurrences
from publishing.schedule.selectors.queue import clock_rules, free_slots, slot_times, slots_of
from publishing.schedule.services.queue import NoFreeSlot, create_in_slot, queue_pin
from publishing.schedule.services.series import Entry, write_pins

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
NINE = datetime(2026, 6, 2, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def content(connection, bowls):
    """A Pin without link; each test says what picture it has."""
    return PinContent(connection=connection, board=bowls, section=None, media=None, title="A bowl")


@pytest.fixture
def draft(write_pin) -> Callable[..., Pin]:
    return lambda **content: write_pin(at=None, **content)


def test_a_pin_of_another_account_may_have_the_same_slot(
    connect, workspace, sandbox, owner, write_pin, daily, connection
):
    other = connect(workspace, sandbox.add_account("other"))
    pins = [write_pin(at=None), write_pin(at=None, connection=other, board=None, media=None)]
    Pin.objects.filter(pk__in=[pin.pk for pin in pins]).update(slot_at=NINE)
    assert Pin.objects.filter(slot_at=NINE).count() == 2
    third = write_pin(at=None)
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        Pin.objects.filter(pk=third.pk).update(slot_at=NINE)


def test_who_was_slower_gets_the_slot_after_it(workspace, owner, content, media, daily, write_pin):
    taken = write_pin(at=None)
    Pin.objects.filter(pk=taken.pk).update(slot_at=NINE)
    made = create_in_slot(
        workspace=workspace,
        by=owner,
        content=PinContent(**{**_fields(content), "media": media}),
        plan=Plan(NINE, "Europe/Berlin", slot_at=NINE),
        now=NOW,
    )
    assert (made.slot_at, made.scheduled_at, made.due_at) == (NINE + DAY, NINE + DAY, NINE + DAY)


def _fields(content):
    return {name: getattr(content, name) for name in content.__dataclass_fields__}


def test_another_failure_than_a_taken_slot_is_not_hidden(workspace, owner, content, daily):
    with pytest.raises(IntegrityError, match="pin_on_its_way_is_complete"):
        create_in_slot(
            workspace=workspace,
            by=owner,
            content=content,
            plan=Plan(NINE, "Europe/Berlin", slot_at=NINE),
            now=NOW,
        )


def test_of_boards_written_together_all_or_none_are_there(workspace, owner, content, media, daily):
    complete = PinContent(**{**_fields(content), "media": media})
    entries = [
        Entry(complete, Plan(NINE, "UTC", slot_at=NINE)),
        Entry(content, Plan(NINE + DAY, "UTC", slot_at=NINE + DAY)),
    ]
    with pytest.raises(IntegrityError):
        write_pins(workspace=workspace, by=owner, entries=entries, now=NOW)
    assert not Pin.objects.exists()


# Adding a Pin that is there


def test_a_draft_is_added_to_the_queue(draft, owner, daily, connection):
    pin = draft()
    queued = queue_pin(pin=pin, by=owner, now=NOW)
    pin.refresh_from_db()
    assert (queued.at, queued.passed) == (NINE, 0)
    assert (pin.status, pin.slot_at, pin.scheduled_at, pin.due_at) == (
        "scheduled",
        NINE,
        NINE,
        NINE,
    )
    assert PinEvent.objects.filter(pin=pin, kind="planned", actor=owner).count() == 1


def test_a_pin_that_is_queued_already_may_move_forward(draft, owner, daily):
    first, second = draft(), draft(media=None)
    Pin.objects.filter(pk=first.pk).update(
        status="scheduled", slot_at=NINE + DAY, scheduled_at=NINE + DAY, due_at=NINE + DAY
    )
    first.refresh_from_db()
    assert queue_pin(pin=first, by=owner, now=NOW).at == NINE
    assert second.slot_at is None


def test_slots_too_near_to_the_same_link_are_passed_over_and_counted(draft, owner, daily):
    one = draft(link="https://example.com/bowl", media=None)
    create_pin(
        workspace=one.workspace,
        by=owner,
        content=PinContent(
            connection=one.connection,
            board=one.board,
            section=None,
            media=draft().media,
            link="http://example.com/bowl/",
        ),
        plan=Plan(NINE, "UTC", slot_at=NINE),
        now=NOW,
    )
    same = draft(link="https://example.com/bowl")
    queued = queue_pin(pin=same, by=owner, now=NOW)
    assert (queued.at, queued.passed) == (NINE + 7 * DAY, 6)


def test_a_pin_that_repeats_on_purpose_passes_over_nothing(draft, owner, daily):
    queue_pin(pin=draft(), by=owner, now=NOW)
    meant = draft()
    Pin.objects.filter(pk=meant.pk).update(repeats=True)
    meant.refresh_from_db()
    assert queue_pin(pin=meant, by=owner, now=NOW).at == NINE + DAY


def test_an_account_without_slots_says_so(draft, owner, connection):
    with pytest.raises(NoFreeSlot, match="Add slots to its queue"):
        queue_pin(pin=draft(), by=owner, now=NOW)


# At once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("people", [2, 8])
def test_people_who_want_the_next_slot_at_once_get_one_each(
    people, workspace, owner, content, media, daily, connection
):
    complete = PinContent(**{**_fields(content), "media": media})
    together = Barrier(people)

    def take(_number):
        slot = next(free_slots(connection, after=NOW, preferences=preferences_of(workspace)))
        together.wait()
        try:
            return create_in_slot(
                workspace=workspace,
                by=owner,
                content=complete,
                plan=Plan(slot.at, "Europe/Berlin", slot_at=slot.at),
                now=NOW,
            ).slot_at
        finally:
            connections.close_all()

    with ThreadPoolExecutor(people) as pool:
        taken = sorted(pool.map(take, range(people)))
    coming = occurrences(
        slot_times(slots_of(connection)),
        since=NOW,
        until=NOW + timedelta(days=30),
        rules=clock_rules(preferences_of(workspace)),
    )
    assert taken == [each.at for each in coming[:people]]
    assert Pin.objects.filter(slot_at__isnull=False).count() == people


def test_a_queue_that_is_full_for_months_still_has_its_next_slot(
    workspace, connection, bowls, media, daily, django_assert_num_queries
):
    days = 200
    Pin.objects.bulk_create(
        Pin(
            workspace=workspace,
            connection=connection,
            board=bowls,
            media=media,
            status="scheduled",
            scheduled_at=at,
            due_at=at,
            slot_at=at if at.day % 2 else None,
        )
        for at in (
            each.at
            for each in occurrences(
                slot_times(slots_of(connection)),
                since=NOW,
                until=NOW + days * DAY,
                rules=clock_rules(preferences_of(workspace)),
            )
        )
    )
    preferences = preferences_of(workspace)
    with django_assert_num_queries(1 + 3):
        slot = next(free_slots(connection, after=NOW, preferences=preferences))
    assert slot.at.date() == (NOW + (days + 1) * DAY).date()
