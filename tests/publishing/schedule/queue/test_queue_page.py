"""The queue's page: a week of slots to change, real dates for them, and who may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse

from publishing.models import Pin, PublishingPreferences, Slot
from publishing.pins.services.pins import Plan, plan_pin
from tests.markup import squeezed

pytestmark = pytest.mark.django_db

SPRING = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)  # a Friday; the clocks go forward on Sunday
AUTUMN = datetime(2026, 10, 23, 12, 0, tzinfo=UTC)


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def week_of(connection):
    return [str(slot) for slot in connection.slots.order_by("weekday", "clock")]


def coming(page):
    """What the page lists: day, clock, note, and titles of Pins (none: free)."""
    return [
        (day["title"], place["clock"], place["note"], [pin["title"] for pin in place["pins"]])
        for day in page.context["days"]
        for place in day["places"]
    ]


@pytest.fixture
def put_in_slot(write_pin, owner):
    """Writes a Pin that stands in the slot at an instant."""

    def placed(at, **content):
        pin = write_pin(at=None, **content)
        plan_pin(pin=pin, by=owner, plan=Plan(at, "Europe/Berlin", slot_at=at), now=at)
        return pin

    return placed


# Changing the week


def test_a_time_is_added_on_several_days_once(sign_in, editor, connection):
    browser, url = sign_in(editor), reverse("queue_slot_add", args=[connection.pk])
    filled = {"weekdays": ["0", "2"], "clock": "09:00", "time_zone": "Europe/Berlin"}
    page = browser.post(url, filled)
    assert page.url == f"{reverse('queue')}?account={connection.pk}"
    assert (week_of(connection), told(page)) == (
        ["Monday 09:00", "Wednesday 09:00"],
        ["2 slots added."],
    )
    assert told(browser.post(url, filled))[-1] == "These slots were all there already."
    assert len(week_of(connection)) == 2


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"weekdays": []}, {"weekdays": ["Choose at least one day."]}),
        ({"clock": ""}, {"clock": ["Choose a time."]}),
        ({"clock": "25:00"}, {"clock": ["Enter a valid time."]}),
        (
            {"time_zone": "Mars/Olympus"},
            {
                "time_zone": [
                    (
                        "“Mars/Olympus” is not a time zone. "
                        "Choose one from the list, such as Europe/Berlin."
                    )
                ]
            },
        ),
        (
            {"weekdays": ["7"]},
            {"weekdays": ["Select a valid choice. 7 is not one of the available choices."]},
        ),
    ],
)
def test_a_slot_that_makes_no_sense_is_refused_beside_its_field(
    sign_in, editor, connection, changes, errors
):
    filled = {"weekdays": ["0"], "clock": "09:00", "time_zone": "Europe/Berlin", **changes}
    page = sign_in(editor).post(reverse("queue_slot_add", args=[connection.pk]), filled)
    assert (page.status_code, page.context["slot_form"].errors) == (422, errors)
    assert week_of(connection) == []


def test_a_day_is_copied_to_others_beside_what_they_have(sign_in, editor, connection, add_slot):
    add_slot(0, "09:00")
    add_slot(0, "18:00")
    add_slot(1, "09:00")
    page = sign_in(editor).post(
        reverse("queue_day_copy", args=[connection.pk]), {"weekday": "0", "to": ["0", "1", "6"]}
    )
    assert week_of(connection) == [
        "Monday 09:00",
        "Monday 18:00",
        "Tuesday 09:00",
        "Tuesday 18:00",
        "Sunday 09:00",
        "Sunday 18:00",
    ]
    assert told(page) == ["3 slots added."]


def test_a_preset_fills_the_week_in_the_workspaces_zone(sign_in, editor, connection):
    browser = sign_in(editor)
    browser.post(reverse("queue_preset", args=[connection.pk]), {"preset": "evenings"})
    rows = set(connection.slots.values_list("weekday", "clock", "time_zone"))
    assert len(rows) == 7
    assert {(f"{clock:%H:%M}", zone) for _, clock, zone in rows} == {("20:00", "Europe/Berlin")}
    page = browser.post(reverse("queue_preset", args=[connection.pk]), {"preset": "none"})
    assert page.status_code == 422


def test_a_week_has_room_for_so_many_slots_only(sign_in, editor, connection, add_slot):
    for number in range(210):
        add_slot(number % 7, f"{number // 60:02}:{number % 60:02}")
    page = sign_in(editor).post(
        reverse("queue_slot_add", args=[connection.pk]),
        {"weekdays": ["0"], "clock": "23:59", "time_zone": "UTC"},
    )
    assert told(page) == ["An account can have 210 slots a week. Remove some first."]
    assert connection.slots.count() == 210


@time_machine.travel(SPRING, tick=False)
@pytest.mark.parametrize(
    ("pins", "more"),
    [
        (0, ""),
        (1, " The Pin in it keeps its time; rearrange the queue to move what is in no slot."),
        (2, " 2 Pins keep their times; rearrange the queue to move what is in no slot."),
    ],
)
def test_pins_of_a_slot_that_is_removed_keep_their_times(
    sign_in, editor, connection, add_slot, put_in_slot, pins, more
):
    slot = add_slot(0, "09:00")
    # Berlin is an hour further from UTC after the change.
    times = [datetime(2026, 3, 30, 7, tzinfo=UTC), datetime(2026, 4, 6, 7, tzinfo=UTC)][:pins]
    for at in times:
        put_in_slot(at)
    browser = sign_in(editor)
    page = browser.post(reverse("queue_slot_remove", args=[connection.pk, slot.pk]))
    assert told(page) == [f"Monday 09:00 is no slot any more.{more}"]
    assert not Slot.objects.exists()
    assert list(Pin.objects.order_by("slot_at").values_list("scheduled_at", flat=True)) == times
    shown = browser.get(reverse("queue"))
    assert [place["is_gone"] for day in shown.context["days"] for place in day["places"]] == [
        True
    ] * pins


# Coming slots


@time_machine.travel(SPRING, tick=False)
def test_the_page_shows_real_dates_with_what_the_clocks_do(sign_in, viewer, add_slot, put_in_slot):
    add_slot(5, "02:30")
    add_slot(6, "02:30")
    put_in_slot(datetime(2026, 3, 29, 1, 0, tzinfo=UTC), title="Bowl")
    page = sign_in(viewer).get(reverse("queue"), {"weeks": "1"})
    assert coming(page) == [
        ("Saturday 28 March", "02:30", "", []),
        ("Sunday 29 March", "03:00", "03:00, because the clocks skip 02:30", ["Bowl"]),
    ]
    assert [day["change"] for day in page.context["days"]] == ["", "The clocks go forward"]
    html = squeezed(page.content.decode())
    assert "1 Pin and 1 free slot in the next week." in html


@time_machine.travel(SPRING, tick=False)
def test_a_workspace_may_leave_such_a_slot_out(sign_in, viewer, workspace, add_slot):
    PublishingPreferences.objects.create(workspace=workspace, missing_time="skip")
    add_slot(6, "02:30")
    page = sign_in(viewer).get(reverse("queue"))
    assert [row[0] for row in coming(page)] == ["Sunday 5 April"]


@time_machine.travel(AUTUMN, tick=False)
@pytest.mark.parametrize(("doubled", "hour"), [("first", 0), ("second", 1)])
def test_of_two_hours_the_workspace_says_which(sign_in, viewer, workspace, add_slot, doubled, hour):
    PublishingPreferences.objects.create(workspace=workspace, doubled_time=doubled)
    add_slot(6, "02:30")
    page = sign_in(viewer).get(reverse("queue"), {"weeks": "1"})
    [(day, clock, note, _)] = coming(page)
    assert (day, clock) == ("Sunday 25 October", "02:30")
    assert note.startswith(f"the {doubled} 02:30, because the clocks show it twice")
    [place] = page.context["days"][0]["places"]
    assert place["at"] == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)


@time_machine.travel(SPRING, tick=False)
def test_a_pin_planned_by_hand_at_a_slots_time_fills_it(sign_in, viewer, add_slot, write_pin):
    add_slot(5, "09:00")
    write_pin(at=datetime(2026, 3, 28, 8, 0, tzinfo=UTC), title="By hand")
    write_pin(at=datetime(2026, 3, 28, 8, 1, tzinfo=UTC), title="Beside it")
    page = sign_in(viewer).get(reverse("queue"), {"weeks": "1"})
    assert coming(page) == [("Saturday 28 March", "09:00", "", ["By hand"])]


@time_machine.travel(SPRING, tick=False)
def test_a_free_slot_leads_to_the_composer_for_those_who_may_write(
    sign_in, editor, viewer, connection, add_slot
):
    add_slot(5, "09:00")
    link = f"{reverse('pin_new')}?account={connection.pk}&amp;at=2026-03-28T08%3A00%3A00%2B00%3A00"
    assert link in sign_in(editor).get(reverse("queue")).content.decode()
    assert reverse("pin_new") + "?account" not in (
        sign_in(viewer).get(reverse("queue")).content.decode()
    )


@pytest.mark.parametrize("weeks", ["0", "-3", "junk", "99999999999"])
def test_odd_numbers_of_weeks_do_no_harm(sign_in, viewer, daily, weeks):
    assert sign_in(viewer).get(reverse("queue"), {"weeks": weeks}).status_code == 200


@pytest.mark.parametrize("pins", [1, 12])
def test_the_page_costs_the_same_for_one_pin_and_for_many(
    sign_in, editor, daily, put_in_slot, now, pins, django_assert_num_queries
):
    for number in range(pins):
        put_in_slot(now + timedelta(days=1, minutes=number))
    browser = sign_in(editor)
    with django_assert_num_queries(10):
        assert browser.get(reverse("queue")).status_code == 200


# Who may


def test_without_an_account_the_page_says_what_to_do(sign_in, viewer):
    html = sign_in(viewer).get(reverse("queue")).content.decode()
    assert "A queue belongs to an account" in html


WRITES = ["queue_slot_add", "queue_day_copy", "queue_preset"]


@pytest.mark.parametrize("name", WRITES)
def test_only_editors_of_the_workspace_change_slots(
    sign_in, viewer, stranger, client, connection, name
):
    url = reverse(name, args=[connection.pk])
    assert sign_in(viewer).post(url).status_code == 403
    assert sign_in(stranger).post(url).status_code == 404
    assert sign_in(viewer).get(url).status_code == 405
    assert client.post(url).status_code == 302


def test_a_slot_is_removed_by_editors_of_its_workspace_only(
    sign_in, viewer, stranger, editor, connection, connect, sandbox, workspace, add_slot
):
    slot = add_slot(0, "09:00")
    url = reverse("queue_slot_remove", args=[connection.pk, slot.pk])
    assert sign_in(viewer).post(url).status_code == 403
    assert sign_in(stranger).post(url).status_code == 404
    other = connect(workspace, sandbox.add_account("other"))
    browser = sign_in(editor)
    browser.post(reverse("queue_slot_remove", args=[other.pk, slot.pk]))
    assert Slot.objects.count() == 1
    assert browser.post(reverse("queue_slot_remove", args=[connection.pk, 99])).status_code == 404


def test_a_queue_of_another_workspace_is_not_found(sign_in, stranger, connection):
    browser = sign_in(stranger)
    assert browser.get(reverse("queue"), {"account": connection.pk}).status_code == 404
    assert browser.get(reverse("queue"), {"account": "junk"}).status_code == 404
