"""Giving Pins another time: what the endpoint takes, refuses and writes down."""

import json
from datetime import UTC, date, datetime, time
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.models import Connection
from publishing.models import Pin, PinEvent
from publishing.pins.services.pins import PinDeleted, PinLocked
from publishing.schedule.policy.moves import clock_on, move_words
from publishing.schedule.services.moves import MoveRefused, reschedule_pin

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
"""A Tuesday, 12:00 in Berlin, where the workspace is."""


def berlin(text, fold=0):
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold).astimezone(UTC)


@pytest.fixture
def move(sign_in, editor):
    """Posts a move as a script does, at noon of 24 November 2026; answers (status, JSON)."""

    def moved(pin, user=editor, **to):
        with time_machine.travel(NOON, tick=False):
            answer = sign_in(user).post(
                reverse("pin_move", args=[pin.pk]), to, headers={"Accept": "application/json"}
            )
        return answer.status_code, json.loads(answer.content)

    return moved


@pytest.fixture
def planned(write_pin):
    """A Pin of Wednesday, 25 November, 09:15."""
    return write_pin(at=berlin("2026-11-25 09:15"))


def row(pin):
    return Pin.objects.get(pk=pin.pk)


def lines(pin):
    events = PinEvent.objects.filter(pin=pin).order_by("pk")
    return [(event.kind, str(event.actor or ""), event.note) for event in events]


# The rules


@pytest.mark.parametrize(
    ("day", "now", "clock"),
    [
        (date(2026, 11, 25), NOON, time(9)),
        (date(2026, 11, 24), datetime(2026, 11, 24, 4, 0, tzinfo=UTC), time(9)),
        (date(2026, 11, 24), NOON, time(13)),
        (date(2026, 11, 24), datetime(2026, 11, 24, 22, 30, tzinfo=UTC), time(23, 59)),
    ],
)
def test_a_draft_gets_a_time_that_is_still_ahead(day, now, clock):
    assert clock_on(day, planned=None, now=now, zone="Europe/Berlin") == clock


def test_a_line_of_history_tells_both_times_in_the_zone_of_who_moved():
    words = move_words(None, berlin("2026-11-25 09:15"), zone="Europe/Berlin")
    assert words == "no time → Wed 25 Nov 2026, 09:15 (Europe/Berlin)"


# Moving

pytestmark = pytest.mark.django_db


def test_another_day_keeps_the_time_on_the_clock(move, planned):
    status, answer = move(planned, date="2027-07-01")
    pin = row(planned)
    assert (status, pin.scheduled_at, pin.due_at) == (200, *[berlin("2027-07-01 09:15")] * 2)
    assert answer == {
        "date": "2027-07-01",
        "clock": "09:15",
        "again": "",
        "status": "scheduled",
        "status_label": "Scheduled",
        "message": "Moved to Thu 1 Jul 2027, 09:15.",
        "repeat": None,
        "undo": {"date": "2026-11-25", "clock": "09:15", "again": ""},
    }


def test_a_move_is_undone_with_its_own_answer(move, planned):
    _, answer = move(planned, date="2026-12-01", clock="18:00")
    assert row(planned).scheduled_at == berlin("2026-12-01 18:00")
    assert move(planned, **answer["undo"])[0] == 200
    assert row(planned).scheduled_at == berlin("2026-11-25 09:15")
    assert lines(planned) == [
        ("written", "Olga", ""),
        (
            "planned",
            "Edda",
            "Wed 25 Nov 2026, 09:15 → Tue 1 Dec 2026, 18:00 (Europe/Berlin)",
        ),
        (
            "planned",
            "Edda",
            "Tue 1 Dec 2026, 18:00 → Wed 25 Nov 2026, 09:15 (Europe/Berlin)",
        ),
    ]


def test_the_zone_of_the_person_is_the_one_that_counts(move, planned, editor):
    editor.time_zone = "America/New_York"
    editor.save()
    move(planned, date="2026-12-01", clock="08:00")
    pin = row(planned)
    assert (pin.scheduled_at, pin.time_zone) == (
        datetime(2026, 12, 1, 13, 0, tzinfo=UTC),
        "America/New_York",
    )


def test_a_time_that_does_not_exist_is_refused_with_the_next_one(move, planned):
    status, answer = move(planned, date="2027-03-28", clock="02:30")
    assert (status, answer["code"], answer["next"]) == (
        422,
        "missing_hour",
        {"date": "2027-03-28", "clock": "03:30"},
    )
    assert answer["message"].startswith("02:30 does not exist on 28 March 2027")
    assert row(planned).scheduled_at == berlin("2026-11-25 09:15")


def test_of_a_doubled_hour_the_first_is_meant_unless_the_second_is_asked_for(move, write_pin):
    pin = write_pin(at=berlin("2027-10-25 09:00"))
    _, answer = move(pin, date="2027-10-31", clock="02:30")
    assert row(pin).scheduled_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert "the first one is meant" in answer["message"]
    _, answer = move(pin, date="2027-10-31", clock="02:30", again="1")
    assert row(pin).scheduled_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    assert (answer["again"], "the first one" in answer["message"]) == ("1", False)


@pytest.mark.parametrize(
    ("to", "code", "words"),
    [
        (
            {"date": "2026-11-24", "clock": "11:58"},
            "past",
            "That time has passed. Choose a later one.",
        ),
        ({"date": "2026-11-23"}, "past", "That time has passed. Choose a later one."),
        (
            {"date": "2226-11-23"},
            "out_of_range",
            "This date is out of range. Choose a nearer one.",
        ),
        ({"date": "9999-12-31", "clock": "23:59"}, "out_of_range", None),
        ({"date": "0001-01-01", "clock": "00:00"}, "invalid", None),
        ({}, "invalid", "Choose the day it goes out."),
        (
            {"date": "soon", "clock": "noon"},
            "invalid",
            (
                "This is no date. Choose one such as 2026-11-24. "
                "This is no time. Choose one such as 09:00."
            ),
        ),
    ],
)
def test_times_that_can_not_be_are_refused_with_words(move, planned, to, code, words):
    status, answer = move(planned, **to)
    assert (status, answer["code"]) == (422, code)
    assert answer["message"] == (words or answer["message"])
    assert row(planned).scheduled_at == berlin("2026-11-25 09:15")


@pytest.mark.parametrize("status", ["sending", "published", "uncertain"])
def test_a_pin_out_of_our_hands_stays_where_it_is(move, put, status):
    pin = put(status, scheduled_at=berlin("2026-11-24 09:00"))
    assert move(pin, date="2026-12-01") == (
        409,
        {"code": "locked", "message": str(PinLocked(pin))},
    )
    assert move(pin, draft="1")[0] == 409
    assert (row(pin).status, row(pin).scheduled_at) == (status, berlin("2026-11-24 09:00"))


def test_a_claim_is_ended_by_moving_the_pin(move, put):
    pin = put("claimed", scheduled_at=berlin("2026-11-24 11:59"))
    assert move(pin, date="2026-12-01")[0] == 200
    assert (row(pin).status, row(pin).claimed_at) == ("scheduled", None)


def test_a_complete_draft_is_scheduled_and_can_be_brought_back(move, write_pin):
    pin = write_pin(at=None)
    status, answer = move(pin, date="2026-11-27")
    assert (status, row(pin).status, row(pin).due_at) == (
        200,
        "scheduled",
        berlin("2026-11-27 09:00"),
    )
    assert answer["message"] == "Scheduled for Fri 27 Nov 2026, 09:00."
    status, answer = move(pin, **answer["undo"])
    assert (status, answer["date"], answer["message"]) == (200, "", "The Pin is a draft now.")
    assert (row(pin).status, row(pin).scheduled_at) == ("draft", None)
    assert [kind for kind, _, _ in lines(pin)] == ["written", "planned", "unplanned"]


def test_a_draft_that_lacks_something_says_what(move, write_pin):
    pin = write_pin(at=None, board=None)
    assert move(pin, date="2026-11-27") == (
        422,
        {
            "code": "incomplete",
            "message": "This Pin still needs a board. Edit it, then plan it.",
            "edit_url": reverse("pin_edit", args=[pin.pk]),
        },
    )
    assert row(pin).status == "draft"


@pytest.mark.parametrize(
    ("reason", "works", "status"),
    [
        ("person", True, "held"),
        ("account", False, "held"),
        ("account", True, "scheduled"),
        ("late", True, "scheduled"),
        ("spam", True, "scheduled"),
    ],
)
def test_a_pin_on_hold_stays_there_when_a_person_or_its_account_holds_it(
    move, put, connection, reason, works, status
):
    pin = put("held", held_reason=reason, scheduled_at=berlin("2026-11-23 09:00"))
    if not works:
        Connection.objects.filter(pk=connection.pk).update(status="needs_reconnecting")
    code, answer = move(pin, date="2026-12-01")
    assert (code, row(pin).status, row(pin).scheduled_at) == (
        200,
        status,
        berlin("2026-12-01 09:00"),
    )
    assert ("stays on hold" in answer["message"]) is (status == "held")
    assert row(pin).held_reason == (reason if status == "held" else "")


def test_a_failed_pin_is_tried_again_at_its_new_time(move, put):
    pin = put("failed", scheduled_at=berlin("2026-11-23 09:00"))
    _, answer = move(pin, date="2026-12-01")
    assert (row(pin).status, row(pin).problem, answer["undo"]) == ("scheduled", "", None)


def test_a_pin_whose_account_is_lost_may_move_and_waits_in_its_turn(move, planned, connection):
    Connection.objects.filter(pk=connection.pk).update(status="needs_reconnecting")
    assert move(planned, date="2026-12-01")[0] == 200


def test_a_move_frees_the_slot_of_the_queue(move, write_pin):
    pin = write_pin(at=berlin("2026-11-25 09:15"))
    Pin.objects.filter(pk=pin.pk).update(slot_at=pin.scheduled_at)
    move(pin, date="2026-12-01")
    assert row(pin).slot_at is None


def test_a_pin_that_was_deleted_meanwhile_is_not_moved(planned, editor):
    Pin.objects.all().delete()
    with pytest.raises(PinDeleted):
        reschedule_pin(
            pin=planned,
            by=editor,
            at=berlin("2026-12-01 09:00"),
            now=NOON,
            time_zone="Europe/Berlin",
        )


def test_the_service_refuses_the_past_whoever_asks(planned, editor):
    with pytest.raises(MoveRefused) as refused:
        reschedule_pin(pin=planned, by=editor, at=NOON.replace(hour=9), now=NOON, time_zone="UTC")
    assert refused.value.code == "past"


# Repeats


@pytest.fixture
def vase(write_pin, boards):
    """A Pin of Monday, 30 November, for another board, with the picture of `planned`."""
    return write_pin(at=berlin("2026-11-30 09:00"), board=boards["Vases"], title="A <vase>")


SAID = (
    "A picture that looks the same goes out Mon 30 Nov 2026, 09:00 to Vases, {}: "
    "Pinterest may take repeats for spam."
)


def test_a_move_near_a_repeat_is_made_and_told(move, planned, vase, connection):
    status, answer = move(planned, date="2026-12-01")
    assert (status, row(planned).scheduled_at) == (200, berlin("2026-12-01 09:15"))
    assert (answer["message"], answer["undo"]["date"]) == (
        "Moved to Tue 1 Dec 2026, 09:15.",
        "2026-11-25",
    )
    assert answer["repeat"] == {
        "text": SAID.format(connection),
        "title": "A <vase>",
        "url": reverse("pin_detail", args=[vase.pk]),
    }
    assert move(planned, date="2026-12-08")[1]["repeat"] is None
    assert move(planned, draft="1")[1]["repeat"] is None


def test_a_repeat_on_purpose_moves_without_a_word(move, planned, vase):
    Pin.objects.filter(pk=planned.pk).update(repeats=True)
    assert move(planned, date="2026-12-01")[1]["repeat"] is None


def test_siblings_are_told_only_within_the_interval_between_boards(move, planned, vase):
    Pin.objects.update(series=uuid4())
    assert move(planned, date="2026-12-01")[1]["repeat"] is None
    near = move(planned, date="2026-11-30", clock="15:00")[1]["repeat"]
    assert near["title"] == "A <vase>"


@pytest.mark.parametrize("many", [1, 30])
def test_a_move_costs_the_same_near_one_repeat_and_near_many(
    sign_in, editor, planned, write_pin, many, django_assert_num_queries
):
    for number in range(many):
        write_pin(at=berlin(f"2026-11-30 09:{number:02}"))
    browser, url = sign_in(editor), reverse("pin_move", args=[planned.pk])
    with time_machine.travel(NOON, tick=False), django_assert_num_queries(15):
        browser.post(url, {"date": "2026-12-01"}, headers={"Accept": "application/json"})


# Without scripts


@pytest.fixture
def browse(sign_in, editor):
    def browsed(method, pin, **data):
        with time_machine.travel(NOON, tick=False):
            return getattr(sign_in(editor), method)(reverse("pin_move", args=[pin.pk]), data)

    return browsed


def told(page):
    return [str(message) for message in get_messages(page.wsgi_request)]


def test_the_move_page_starts_from_the_pins_own_time(browse, planned):
    form = browse("get", planned).context["form"]
    assert (form["date"].value(), form["clock"].value()) == (date(2026, 11, 25), time(9, 15))


def test_a_form_moves_the_pin_and_leads_back(browse, planned):
    page = browse("post", planned, date="2026-12-01", clock="10:00", back="/pins/?show=all")
    assert (page.url, told(page)) == ("/pins/?show=all", ["Moved to Tue 1 Dec 2026, 10:00."])
    assert row(planned).scheduled_at == berlin("2026-12-01 10:00")


def test_a_form_tells_of_a_repeat_with_a_link_to_it(browse, planned, vase, connection):
    page = browse("post", planned, date="2026-12-01", clock="10:00")
    url = reverse("pin_detail", args=[vase.pk])
    assert told(page) == [
        "Moved to Tue 1 Dec 2026, 10:00.",
        f'{SAID.format(connection)} <a href="{url}">A &lt;vase&gt;</a>',
    ]


@pytest.mark.parametrize("back", ["", "https://elsewhere.example/", "//elsewhere.example"])
def test_it_leads_to_the_calendar_when_it_was_not_told_where(browse, planned, back):
    page = browse("post", planned, date="2026-12-01", clock="10:00", back=back)
    assert page.url == "/pins/calendar/?view=month&date=2026-12-01"


def test_a_refusal_keeps_what_was_typed_beside_the_reason(browse, planned):
    page = browse("post", planned, date="2027-03-28", clock="02:30")
    assert (page.status_code, page.context["form"]["clock"].value()) == (422, "02:30")
    assert "02:30 does not exist" in page.content.decode()


def test_the_page_of_a_pin_that_is_out_says_so(browse, put):
    pin = put("published")
    page = browse("get", pin)
    assert (page.url, told(page)) == (
        reverse("pin_detail", args=[pin.pk]),
        [str(PinLocked(pin))],
    )


def test_the_form_takes_the_time_away_too(browse, planned):
    page = browse("post", planned, draft="1")
    assert (told(page), row(planned).status) == (["The Pin is a draft now."], "draft")


# Who


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("stranger", 404)])
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_editors_of_the_workspace_move_pins(sign_in, planned, request, who, status, method):
    browser = sign_in(request.getfixturevalue(who))
    answer = getattr(browser, method)(
        reverse("pin_move", args=[planned.pk]), {"date": "2027-01-01"}
    )
    assert (answer.status_code, row(planned).scheduled_at) == (
        status,
        berlin("2026-11-25 09:15"),
    )
