"""The calendar's pages: what stands on which day, what it costs, who may see it."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from publishing.choices.statuses import PinStatus
from publishing.choices.warnings import WarningKind
from publishing.models import Pin, PinWarning
from tests.markup import squeezed

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
"""A Tuesday, 12:00 in Berlin, where the workspace is."""


@pytest.fixture
def look(sign_in, viewer):
    """Opens the calendar at noon of 24 November 2026."""

    def looked(user=viewer, **query):
        browser = sign_in(user)
        with time_machine.travel(NOON, tick=False):
            return browser.get(reverse("pin_calendar"), query)

    return looked


def berlin(text, fold=0):
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold).astimezone(UTC)


def days_with_pins(page):
    return {
        day["date"]: [card["title"] for card in day["cards"]]
        for day in page.context["days"]
        if day["cards"]
    }


def hours_with_pins(page):
    return {
        f"{hour['date']} {hour['label']}": [card["title"] for card in hour["cards"]]
        for column in page.context["columns"]
        for hour in column["hours"]
        if hour["cards"]
    }


# What stands where


def test_a_month_shows_each_pin_on_its_local_day(look, write_pin):
    write_pin(title="Late at night", at=berlin("2026-11-24 23:59"))
    write_pin(title="Midnight", at=berlin("2026-11-25 00:00"))
    write_pin(title="Grid's last", at=berlin("2026-12-06 23:59"))
    write_pin(title="Beyond the grid", at=berlin("2026-12-07 00:00"))
    page = look()
    assert (page.context["title"], len(page.context["days"])) == ("November 2026", 42)
    assert days_with_pins(page) == {
        "2026-11-24": ["Late at night"],
        "2026-11-25": ["Midnight"],
        "2026-12-06": ["Grid's last"],
    }


def test_the_zone_of_the_person_decides_over_that_of_the_workspace(look, write_pin, viewer):
    write_pin(title="Midnight in Berlin", at=berlin("2026-11-25 00:00"))
    viewer.time_zone = "America/New_York"
    viewer.save()
    assert days_with_pins(look()) == {"2026-11-24": ["Midnight in Berlin"]}


@pytest.mark.parametrize("status", [s for s in PinStatus if s is not PinStatus.DRAFT])
def test_every_status_is_shown_with_its_words(look, put, status):
    put(status, title="One", scheduled_at=berlin("2026-11-24 09:00"))
    page = look()
    (card,) = next(day["cards"] for day in page.context["days"] if day["cards"])
    assert (card["status"], card["clock"]) == (status.value, "09:00")
    assert card["status_label"] in re.findall(
        r'class="cal-card-status">([^<]+)<', squeezed(page.content.decode())
    )


def test_a_week_shows_hours_in_order_of_time(look, write_pin):
    write_pin(title="Second", at=berlin("2026-11-24 09:30"))
    write_pin(title="First", at=berlin("2026-11-24 09:00"))
    write_pin(title="Sunday", at=berlin("2026-11-29 23:00"))
    write_pin(title="Next week", at=berlin("2026-11-30 00:00"))
    page = look(view="week")
    assert page.context["title"] == "23 – 29 November 2026"
    assert hours_with_pins(page) == {
        "2026-11-24 09:00": ["First", "Second"],
        "2026-11-29 23:00": ["Sunday"],
    }


@pytest.mark.parametrize(
    ("date", "title"),
    [
        ("2026-12-30", "28 December 2026 – 3 January 2027"),
        ("2026-12-01", "30 November – 6 December 2026"),
    ],
)
def test_a_week_names_as_much_as_its_ends_need(look, date, title):
    assert look(view="week", date=date).context["title"] == title


def test_the_hour_that_comes_twice_has_two_rows_with_their_own_pins(look, write_pin):
    write_pin(title="First", at=berlin("2026-10-25 02:15"))
    write_pin(title="Second", at=berlin("2026-10-25 02:15", fold=1))
    for view in ("week", "day"):
        page = look(view=view, date="2026-10-25")
        assert hours_with_pins(page) == {
            "2026-10-25 02:00": ["First"],
            "2026-10-25 02:00 again": ["Second"],
        }
        assert "Clocks go back at 03:00" in page.content.decode()


def test_a_day_without_the_skipped_hour_has_no_row_for_it(look):
    page = look(view="day", date="2027-03-28")
    labels = [row["label"] for row in page.context["rows"]]
    assert labels[:4] == ["00:00", "01:00", "03:00", "04:00"]
    assert "Clocks go forward at 02:00" in page.content.decode()


def test_a_week_says_which_day_lacks_an_hour(look):
    page = look(view="week", date="2027-03-28")
    lacking = [
        (hour["date"], hour["label"])
        for column in page.context["columns"]
        for hour in column["hours"]
        if not hour["exists"]
    ]
    assert lacking == [("2027-03-28", "02:00")]
    assert "No 02:00 this day" in page.content.decode()


def test_a_month_marks_the_day_of_the_change(look):
    days = look(date="2027-03-01").context["days"]
    changed = {day["date"]: day["change"]["title"] for day in days if day["change"]}
    assert changed == {"2027-03-28": "Clocks go forward at 02:00"}


def test_today_weekends_and_what_is_past_are_marked(look):
    days = {day["date"]: day for day in look().context["days"]}
    assert [date for date, day in days.items() if day["is_today"]] == ["2026-11-24"]
    assert days["2026-11-23"]["is_past"]
    assert not days["2026-11-24"]["is_past"]
    assert [days[f"2026-11-{n}"]["is_weekend"] for n in (27, 28, 29, 30)] == [
        False,
        True,
        True,
        False,
    ]


def test_drafts_wait_in_the_tray_and_say_what_they_lack(look, write_pin):
    write_pin(title="Ready", at=None)
    write_pin(title="Half", at=None, board=None)
    page = look()
    assert {card["title"]: card["lacks"] for card in page.context["tray"]["cards"]} == {
        "Ready": "",
        "Half": "a board",
    }
    assert days_with_pins(page) == {}


def test_a_pin_that_may_be_kept_back_is_marked(look, write_pin):
    _sound, doubtful = (write_pin(title=t, at=berlin("2026-11-24 09:00")) for t in ("A", "B"))
    PinWarning.objects.create(
        pin=doubtful, kind=WarningKind.LINK_MISSING, message="Gone.", remedy="Look.", found_at=NOON
    )
    page = look()
    (cards,) = [day["cards"] for day in page.context["days"] if day["cards"]]
    assert {card["title"]: card["mark"] for card in cards} == {"A": "", "B": "Check this Pin"}
    assert page.content.decode().count("Check this Pin") == 1


def test_a_full_day_shows_three_and_how_many_more_and_whether_one_needs_somebody(
    look, write_pin, put
):
    for minute in range(5):
        write_pin(title=f"Pin {minute}", at=berlin(f"2026-11-24 09:0{minute}"))
    put("failed", title="Failed", scheduled_at=berlin("2026-11-24 18:00"))
    page = look()
    day = next(day for day in page.context["days"] if day["cards"])
    assert [card["title"] for card in day["cards"]] == ["Pin 0", "Pin 1", "Pin 2"]
    assert (day["count"], day["more"], day["more_attention"]) == (6, 3, 1)
    assert "+3 more" in page.content.decode()
    day_page = look(view="day", date="2026-11-24")
    assert day["url"] == "?view=day&date=2026-11-24"
    assert sum(len(titles) for titles in hours_with_pins(day_page).values()) == 6


# Addresses


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ({"view": "year"}, "November 2026"),
        ({"date": "soon"}, "November 2026"),
        ({"date": "2026-02-31", "view": "day"}, "Tuesday 24 November 2026"),
        ({"date": "0001-01-01"}, "January 2000"),
        ({"date": "9999-12-31", "view": "week"}, "21 – 27 December 2099"),
        ({"account": "x", "board": "-1", "status": "<b>"}, "November 2026"),
        ({"board": "9" * 50}, "November 2026"),
    ],
)
def test_an_address_that_makes_no_sense_shows_something_sensible(look, query, title):
    page = look(**query)
    assert (page.status_code, page.context["title"]) == (200, title)


@pytest.mark.parametrize(
    ("view", "earlier", "later"),
    [
        ("month", "2026-10-01", "2026-12-01"),
        ("week", "2026-11-17", "2026-12-01"),
        ("day", "2026-11-23", "2026-11-25"),
    ],
)
def test_earlier_and_later_keep_the_filters(look, bowls, view, earlier, later):
    page = look(view=view, board=str(bowls.pk), status="held")
    rest = f"&board={bowls.pk}&status=held"
    assert page.context["earlier"] == f"?view={view}&date={earlier}{rest}"
    assert page.context["later"] == f"?view={view}&date={later}{rest}"
    assert page.context["clear_url"] == f"?view={view}&date=2026-11-24"


def test_filters_choose_by_account_board_and_status(
    look, write_pin, put, boards, connect, workspace, sandbox
):
    other = connect(workspace, sandbox.add_account("other"))
    at = berlin("2026-11-24 09:00")
    write_pin(title="Bowl", at=at)
    write_pin(title="Vase", at=at, board=boards["Vases"])
    put("failed", title="Failed", scheduled_at=at)
    Pin.objects.filter(title="Vase").update(connection=other)

    def titles(**query):
        return {title for found in days_with_pins(look(**query)).values() for title in found}

    assert titles() == {"Bowl", "Vase", "Failed"}
    assert titles(board=str(boards["Vases"].pk)) == {"Vase"}
    assert titles(account=str(other.pk)) == {"Vase"}
    assert titles(status="attention") == {"Failed"}
    assert titles(status="scheduled", board=str(boards["Bowls"].pk)) == {"Bowl"}


def test_a_filter_that_finds_nothing_says_so_and_an_empty_month_says_what_to_do(look, editor):
    assert "No Pin of this month matches the filters." in look(status="held").content.decode()
    assert "Nothing is planned in this month yet." in look().content.decode()
    assert "write a new Pin" in look(editor).content.decode()
    assert "write a new Pin" not in look().content.decode()


@pytest.mark.parametrize(
    ("day", "at"),
    [
        ("2026-11-24", "2026-11-24T12:00:00+00:00"),
        ("2026-11-25", "2026-11-25T08:00:00+00:00"),
        ("2027-03-28", "2027-03-28T07:00:00+00:00"),
    ],
)
def test_a_day_offers_to_write_a_pin_for_it(look, editor, day, at):
    page = look(editor, view="day", date=day)
    (head,) = page.context["columns"]
    assert parse_qs(urlsplit(head["new_url"]).query) == {"at": [at]}


def test_a_day_that_is_over_does_not(look, editor):
    (head,) = look(editor, view="day", date="2026-11-23").context["columns"]
    assert head["new_url"] == ""


# What it costs


@pytest.mark.parametrize("rows", [1, 100])
@pytest.mark.parametrize("view", ["month", "week", "day"])
def test_the_calendar_costs_the_same_for_one_pin_and_for_many(
    sign_in, editor, write_pin, django_assert_num_queries, rows, view
):
    for number in range(rows):
        write_pin(at=berlin("2026-11-24 00:10") + timedelta(minutes=13 * number))
        write_pin(title=f"Draft {number}", at=None)
    browser = sign_in(editor)
    with django_assert_num_queries(CALENDAR_QUERIES):
        page = browser.get(reverse("pin_calendar"), {"view": view, "date": "2026-11-24"})
    assert page.status_code == 200


CALENDAR_QUERIES = 11


# Who


def test_a_viewer_sees_pins_but_nothing_to_move_them_with(look, write_pin, viewer, editor):
    write_pin(at=berlin("2026-11-24 18:00"))
    shown = {user: look(user).content.decode() for user in (viewer, editor)}
    for word in ("data-move-url", 'draggable="true"', "move-dialog", "New Pin on"):
        assert [word in shown[viewer], word in shown[editor]] == [False, True], word


@pytest.mark.parametrize(
    ("status", "movable"),
    [
        ("draft", True),
        ("scheduled", True),
        ("failed", True),
        ("held", True),
        ("sending", False),
        ("published", False),
        ("uncertain", False),
    ],
)
def test_only_pins_that_can_still_change_can_be_moved(look, editor, put, status, movable):
    put(status, scheduled_at=None if status == "draft" else berlin("2026-11-24 18:00"))
    assert ("data-move-url" in look(editor).content.decode()) is movable


def test_another_workspace_is_not_seen(look, write_pin, stranger):
    write_pin(title="Ours", at=berlin("2026-11-24 18:00"))
    write_pin(title="Our draft", at=None)
    page = look(stranger)
    assert (days_with_pins(page), page.context["tray"]["cards"]) == ({}, [])


def test_a_visitor_is_asked_to_sign_in(client):
    assert client.get(reverse("pin_calendar")).status_code == 302
