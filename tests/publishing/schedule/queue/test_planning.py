"""The composer's when and where: slots, two clocks, several boards, repeats, and busy days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some

from accounts.models import Connection
from foundation.spans.clocks import zone_name
from publishing.models import Board, Pin, PinEvent, PublishingPreferences
from publishing.pins.services import pins as pins_service
from publishing.pins.services.pins import Plan, plan_pin
from publishing.schedule.policy.daily_advice import crowded_days, daily_pins
from publishing.schedule.policy.series_times import spread
from publishing.schedule.policy.times import distance_text
from publishing.schedule.services.series import stop_series
from tests.markup import squeezed

pytest_db = pytest.mark.django_db

MONDAY = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)  # 14:00 in Berlin
TUESDAY_NINE = datetime(2026, 6, 2, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def frozen():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def filled(frozen, connection, bowls, media):
    """What the browser posts for a complete Pin."""
    Connection.objects.update(connected_at=MONDAY - timedelta(days=60))
    return {
        "connection": str(connection.pk),
        "board": bowls.pinterest_id,
        "media": str(media.pk),
        "title": "A bowl",
        "link": "https://example.com/bowl",
        "when": "slot",
    }


@pytest.fixture
def compose(sign_in, editor, filled):
    """Posts the composer's form with some fields changed."""
    browser = sign_in(editor)

    def posted(**changes):
        return browser.post(reverse("pin_new"), {**filled, **changes})

    return posted


@pytest.fixture
def preview(sign_in, editor, filled):
    """What the page says live about the form with some fields changed."""
    browser = sign_in(editor)

    def shown(**changes):
        page = browser.post(reverse("plan_preview"), {**filled, **changes})
        assert page.status_code == 200
        return page.context["plan"]

    return shown


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def errors(page):
    assert page.status_code == 422
    return {name: list(texts) for name, texts in page.context["form"].errors.items()}


def at(date, clock, **more):
    return {"when": "at", "scheduled_date": date, "scheduled_clock": clock, **more}


# Slots


@pytest_db
def test_a_pin_goes_into_the_next_free_slot(compose, daily):
    page = compose()
    pin = Pin.objects.get()
    assert (pin.status, pin.scheduled_at, pin.slot_at, pin.due_at) == (
        "scheduled",
        TUESDAY_NINE,
        TUESDAY_NINE,
        TUESDAY_NINE,
    )
    assert told(page) == ["In the queue: it goes out Tue 2 Jun 2026, 09:00."]
    compose(link="", media=other_picture(pin))
    assert Pin.objects.latest("slot_at").slot_at == TUESDAY_NINE + DAY


def other_picture(pin):
    """The id of a picture of the same workspace that looks like no other."""
    row = pin.media
    row.pk, row.sha256, row.likeness = None, "f" * 64, ""
    row._state.adding = True
    row.pk = "12345678-1234-1234-1234-1234567890ab"
    row.save()
    return row.pk


@pytest_db
def test_the_composer_shows_which_slot_that_is(sign_in, editor, filled, daily):
    page = sign_in(editor).get(reverse("pin_new"))
    assert page.context["next_slot"] == {"text": "Tue 2 Jun 2026, 09:00", "missing": ""}
    assert '<span id="next-slot">Tue 2 Jun 2026, 09:00</span>' in squeezed(page.content.decode())


@pytest_db
def test_without_slots_the_queue_takes_nothing(compose, connection):
    assert errors(compose()) == {
        "when": [
            f"{connection} has no free slot. Add slots to its queue, or choose a time yourself."
        ]
    }
    assert not Pin.objects.exists()


@pytest_db
def test_moving_stopping_and_deleting_a_pin_frees_its_slot(compose, editor, daily):
    for free in (
        lambda pin: pins_service.unschedule_pin(pin=pin, by=editor, now=MONDAY),
        lambda pin: plan_pin(pin=pin, by=editor, plan=Plan(MONDAY + DAY, "UTC"), now=MONDAY),
        lambda pin: pins_service.publish_now(pin=pin, by=editor, now=MONDAY),
        lambda pin: pins_service.delete_pin(pin=pin),
    ):
        compose()
        pin = Pin.objects.get()
        assert pin.slot_at == TUESDAY_NINE
        free(pin)
        assert not Pin.objects.exclude(slot_at=None).exists()
        Pin.objects.all().delete()


@pytest_db
def test_a_pin_that_is_edited_keeps_its_slot_while_its_time_stays(
    sign_in, editor, compose, filled, daily
):
    compose()
    pin, browser = Pin.objects.get(), sign_in(editor)
    url = reverse("pin_edit", args=[pin.pk])
    opened = browser.get(url).context["form"]
    assert (opened["when"].value(), opened["scheduled_clock"].value()) == ("at", time(9))
    browser.post(url, {**filled, **at("2026-06-02", "09:00"), "title": "Better"})
    pin.refresh_from_db()
    assert (pin.title, pin.slot_at) == ("Better", TUESDAY_NINE)
    browser.post(url, {**filled, "title": "Best"})
    pin.refresh_from_db()
    assert (pin.title, pin.slot_at) == ("Best", TUESDAY_NINE)
    browser.post(url, {**filled, **at("2026-06-02", "09:01")})
    pin.refresh_from_db()
    assert (pin.scheduled_at, pin.slot_at) == (TUESDAY_NINE + timedelta(minutes=1), None)


@pytest_db
@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("2026-06-02T07:00:00+00:00", ("2026-06-02", "09:00")),
        ("2026-06-02T07:00:00 00:00", ("2026-06-02", "09:00")),
        ("2026-05-01T07:00:00+00:00", ("2026-06-01", "15:00")),
        ("2026-06-02T07:00:00", ("2026-06-01", "15:00")),
        ("junk", ("2026-06-01", "15:00")),
    ],
)
def test_a_free_slot_opens_the_composer_at_its_time(sign_in, editor, filled, asked, shown):
    form = sign_in(editor).get(reverse("pin_new"), {"at": asked}).context["form"]
    fields = (form["scheduled_date"].value(), str(form["scheduled_clock"].value())[:5])
    assert (str(fields[0]), fields[1]) == shown


# What is said live


@pytest_db
def test_the_time_is_said_in_words(preview):
    assert preview(**at("2026-10-05", "03:30"))["outings"] == [
        {"board": "Bowls", "text": "Mon 5 October 2026, 03:30 (CEST), in 4 months", "note": ""}
    ]
    assert preview(when="draft")["outings"] == []
    assert preview(when="now")["outings"][0]["text"] == "as soon as you send it"


@pytest_db
def test_a_time_that_does_not_exist_is_said_live(preview):
    plan = preview(**at("2027-03-28", "02:30"))
    assert (plan["outings"], plan["problems"]) == (
        [],
        [
            (
                "02:30 does not exist on 28 March 2027 in Europe/Berlin: the clocks go forward "
                "then. Choose 03:30 or another time."
            )
        ],
    )


@pytest_db
def test_of_an_hour_that_comes_twice_the_second_can_be_chosen(preview, compose, sign_in, editor):
    twice = at("2026-10-25", "02:30")
    assert preview(**twice)["doubled"] == [
        {"value": "first", "label": "The first (CEST)", "checked": True},
        {"value": "second", "label": "The second (CET)", "checked": False},
    ]
    assert "02:30 (CET)" in preview(**twice, which="second")["outings"][0]["text"]
    page = compose(**twice, which="second")
    pin = Pin.objects.get()
    assert pin.scheduled_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert told(page)[0].endswith("show this hour twice; the second one is meant.")
    form = sign_in(editor).get(reverse("pin_edit", args=[pin.pk])).context["form"]
    assert form["which"].value() == "second"


@pytest_db
@pytest.mark.parametrize("junk", [{"connection": "x"}, {"board": "\x01"}, {"more_boards": "\x01"}])
def test_a_half_filled_form_does_no_harm(preview, junk, daily):
    preview(**junk)


@pytest_db
def test_only_editors_ask_what_would_go_out(sign_in, viewer, stranger, write_pin, db):
    pin = write_pin()
    assert sign_in(viewer).post(reverse("plan_preview")).status_code == 403
    page = sign_in(stranger).post(reverse("plan_preview"), {"pin": str(pin.pk)})
    assert page.status_code == 404


def test_distances_are_said_as_people_do():
    said = [
        distance_text(MONDAY + away, now=MONDAY)
        for away in (
            timedelta(seconds=59),
            timedelta(minutes=1),
            timedelta(hours=1, minutes=59),
            timedelta(days=1),
            timedelta(days=29),
            timedelta(days=122),
            timedelta(days=731),
        )
    ]
    assert said == [
        "now",
        "in 1 minute",
        "in 1 hour",
        "in 1 day",
        "in 29 days",
        "in 4 months",
        "in 2 years",
    ]


def test_zones_without_a_name_say_how_far_from_utc():
    names = [
        zone_name(MONDAY.astimezone(ZoneInfo(zone)))
        for zone in ("Europe/Berlin", "Asia/Kathmandu", "America/Sao_Paulo")
    ]
    assert names == ["CEST", "UTC+05:45", "UTC-03:00"]


# Several boards


@pytest.fixture
def vases(boards):
    return boards["Vases"]


@pytest_db
def test_several_boards_get_a_pin_each_at_intervals(compose, preview, vases, bowls, glazed, editor):
    many = {
        **at("2026-06-02", "09:00"),
        "more_boards": [vases.pinterest_id, f"{bowls.pinterest_id}/{glazed.pinterest_id}"],
        "board_interval": "72",
    }
    assert [each["board"] for each in preview(**many)["outings"]] == [
        "Bowls",
        "Vases",
        "Bowls / Glazed",
    ]
    page = compose(**many)
    made = list(Pin.objects.order_by("scheduled_at"))
    assert [(pin.board, pin.section, pin.scheduled_at) for pin in made] == [
        (bowls, None, TUESDAY_NINE),
        (vases, None, TUESDAY_NINE + 3 * DAY),
        (bowls, glazed, TUESDAY_NINE + 6 * DAY),
    ]
    assert len({pin.series for pin in made}) == 1
    assert {(pin.title, pin.media_id, pin.status) for pin in made} == {
        ("A bowl", made[0].media_id, "scheduled")
    }
    assert (page.url, told(page)) == (
        reverse("pin_detail", args=[made[0].pk]),
        [
            (
                "3 Pins planned, one for each board: the first goes out Tue 2 Jun 2026, 09:00, "
                "the last Mon 8 Jun 2026, 09:00."
            )
        ],
    )


@pytest_db
def test_a_single_pin_belongs_to_no_series(compose, daily):
    compose()
    assert Pin.objects.get().series is None


@pytest_db
def test_boards_in_slots_take_the_first_free_ones_that_keep_the_interval(compose, vases, daily):
    compose(more_boards=[vases.pinterest_id], board_interval="72")
    assert sorted(Pin.objects.values_list("slot_at", flat=True)) == [
        TUESDAY_NINE,
        TUESDAY_NINE + 3 * DAY,
    ]


@pytest_db
def test_the_interval_is_the_workspaces_where_nobody_chose_one(compose, workspace, vases):
    PublishingPreferences.objects.create(workspace=workspace, board_interval_hours=5)
    compose(**at("2026-06-02", "09:00"), more_boards=[vases.pinterest_id])
    first, second = Pin.objects.order_by("scheduled_at")
    assert second.scheduled_at - first.scheduled_at == timedelta(hours=5)


@pytest_db
@pytest.mark.parametrize("odd", [["junk"], ["1/2"], ["9" * 80]])
def test_a_board_that_is_none_is_refused(compose, odd):
    assert list(errors(compose(**at("2026-06-02", "09:00"), more_boards=odd))) == ["more_boards"]
    assert not Pin.objects.exists()


@pytest_db
def test_a_board_of_another_account_is_refused(compose, connect, workspace, sandbox, now):
    other = connect(workspace, sandbox.add_account("other"))
    Board.objects.create(connection=other, pinterest_id="77", name="Theirs", privacy="PUBLIC")
    assert list(errors(compose(when="draft", more_boards=["77"]))) == ["more_boards"]


@pytest_db
def test_the_rest_of_a_series_is_stopped_in_one_step(compose, vases, editor, put):
    compose(**at("2026-06-02", "09:00"), more_boards=[vases.pinterest_id])
    gone, waiting = Pin.objects.order_by("scheduled_at")
    Pin.objects.filter(pk=gone.pk).update(status="claimed", claimed_at=MONDAY)
    Pin.objects.filter(pk=gone.pk).update(status="sending", sending_since=MONDAY)
    assert stop_series(pin=gone, by=editor, now=MONDAY) == 1
    statuses = dict(Pin.objects.values_list("pk", "status"))
    assert statuses == {gone.pk: "sending", waiting.pk: "draft"}
    assert PinEvent.objects.filter(pin=waiting, kind="unplanned", actor=editor).count() == 1
    assert stop_series(pin=waiting, by=editor, now=MONDAY) == 0


@pytest_db
def test_more_boards_are_searched_and_the_ticked_ones_stay(sign_in, viewer, connection, boards):
    browser, vases = sign_in(viewer), boards["Vases"]
    page = browser.get(
        reverse("more_boards"),
        {"connection": connection.pk, "more_q": "bowl", "more_boards": vases.pinterest_id},
    )
    assert [(each["label"], each["checked"]) for each in page.context["more_options"]] == [
        ("Vases", True),
        ("Bowls", False),
        ("Bowls / Glazed", False),
    ]


def test_whole_days_keep_the_time_on_the_clock():
    first = datetime(2026, 10, 24, 7, 0, tzinfo=UTC)  # nine in Berlin; the clocks go back
    assert spread(first, count=3, hours=24, zone="Europe/Berlin") == [
        first,
        datetime(2026, 10, 25, 8, 0, tzinfo=UTC),
        datetime(2026, 10, 26, 8, 0, tzinfo=UTC),
    ]
    hourly = spread(first, count=3, hours=12, zone="Europe/Berlin")
    assert [later - first for later in hourly] == [timedelta(hours=12 * n) for n in range(3)]


def test_a_time_that_a_day_skips_is_the_first_after_the_gap():
    first = datetime(2026, 3, 28, 1, 30, tzinfo=UTC)  # half past two in Berlin
    assert spread(first, count=3, hours=24, zone="Europe/Berlin") == [
        first,
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
        datetime(2026, 3, 30, 0, 30, tzinfo=UTC),
    ]


@given(
    first=some.integers(0, 40 * 366 * 1440).map(
        lambda minutes: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    hours=some.integers(1, 800),
    zone=some.sampled_from(
        ["Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "Antarctica/Troll", "UTC"]
    ),
)
def test_boards_are_about_the_interval_apart_and_in_order(first, hours, zone):
    times = spread(first, count=5, hours=hours, zone=zone)
    assert times[0] == first
    for number, moment in enumerate(times):
        # A change of the clocks moves a time by its own length, a day in Samoa.
        assert abs(moment - first - timedelta(hours=hours * number)) <= timedelta(hours=25)
    assert times == sorted(times)


# Repeats


@pytest_db
def test_what_repeats_too_soon_is_asked_about_with_what_when_and_where(
    compose, preview, write_pin, vases, connection
):
    there = write_pin(at=TUESDAY_NINE, link="http://www.example.com/bowl?utm_source=x", board=vases)
    page = compose(**at("2026-06-04", "09:00"), media=other_picture(there))
    assert list(errors(page)) == ["repeats"]
    assert page.context["plan"]["repeats"] == [
        {
            "what": "The same link",
            "text": f"goes out Tue 2 Jun 2026, 09:00 to Vases, {connection}",
            "title": "A bowl",
            "url": reverse("pin_detail", args=[there.pk]),
        }
    ]
    html = squeezed(page.content.decode())
    assert f'<a href="{reverse("pin_detail", args=[there.pk])}"' in html
    assert Pin.objects.count() == 1


@pytest_db
def test_a_repeat_on_purpose_is_not_swallowed(compose, write_pin):
    write_pin(at=TUESDAY_NINE, link="https://example.com/bowl")
    assert compose(**at("2026-06-02", "09:30"), repeats="on").status_code == 302
    meant = Pin.objects.latest("scheduled_at")
    assert (Pin.objects.count(), meant.status, meant.repeats) == (2, "scheduled", True)


@pytest_db
def test_the_same_again_another_week_is_not_asked_about(compose, write_pin):
    write_pin(at=TUESDAY_NINE, link="https://example.com/bowl")
    assert compose(**at("2026-06-09", "09:00")).status_code == 302


@pytest_db
def test_other_times_are_offered_and_taken_with_one_button(compose, write_pin, daily):
    write_pin(at=TUESDAY_NINE + timedelta(minutes=30), link="https://example.com/bowl")
    page = compose(**at("2026-06-04", "09:00"))
    offers = page.context["plan"]["alternatives"]
    assert [offer["label"] for offer in offers] == [
        "At the first time that keeps the distance: Tue 9 Jun 2026, 09:30",
        "In the first free slot that keeps the distance: Wed 10 Jun 2026, 09:00",
    ]
    assert compose(**at("2026-06-04", "09:00"), instead=offers[0]["value"]).status_code == 302
    latest = Pin.objects.latest("scheduled_at")
    assert latest.scheduled_at == TUESDAY_NINE + 7 * DAY + timedelta(minutes=30)


@pytest_db
def test_boards_closer_than_the_workspaces_interval_are_asked_about_with_a_wider_one(
    compose, vases, workspace
):
    many = {**at("2026-06-02", "09:00"), "more_boards": [vases.pinterest_id]}
    page = compose(**many, board_interval="12")
    assert page.context["plan"]["repeats"] == [
        {
            "what": "The same Pin",
            "text": (
                "goes to the next board after 12 hours; this workspace leaves 1 day between "
                "the boards"
            ),
            "title": "",
            "url": "",
        }
    ]
    [offer] = page.context["plan"]["alternatives"]
    assert offer == {"value": "interval=24", "label": "Leave 1 day between the boards"}
    assert compose(**many, instead=offer["value"]).status_code == 302
    first, second = Pin.objects.order_by("scheduled_at")
    assert second.scheduled_at - first.scheduled_at == DAY


@pytest_db
def test_boards_of_one_pin_do_not_count_against_each_other_at_the_workspaces_interval(
    compose, vases
):
    many = {**at("2026-06-02", "09:00"), "more_boards": [vases.pinterest_id]}
    assert compose(**many, board_interval="24").status_code == 302
    first, second = Pin.objects.order_by("scheduled_at")
    assert (second.scheduled_at - first.scheduled_at, second.repeats) == (DAY, False)


@pytest_db
def test_the_night_the_clocks_go_forward_is_long_enough_between_boards(compose, vases):
    many = {**at("2027-03-27", "09:00"), "more_boards": [vases.pinterest_id]}
    assert compose(**many, board_interval="24").status_code == 302
    first, second = Pin.objects.order_by("scheduled_at")
    assert second.scheduled_at - first.scheduled_at == timedelta(hours=23)


@pytest_db
def test_another_pin_counts_against_each_board_and_no_interval_is_offered(
    compose, vases, write_pin
):
    there = write_pin(at=TUESDAY_NINE - DAY / 2, link="https://example.com/bowl")
    page = compose(
        **at("2026-06-02", "09:00"), more_boards=[vases.pinterest_id], board_interval="24"
    )
    assert [each["url"] for each in page.context["plan"]["repeats"]] == [
        reverse("pin_detail", args=[there.pk])
    ] * 2
    assert page.context["plan"]["alternatives"] == []
    assert Pin.objects.count() == 1


@pytest_db
def test_a_sibling_that_is_edited_keeps_the_interval_to_the_others(
    sign_in, editor, compose, vases, filled
):
    compose(**at("2026-06-02", "09:00"), more_boards=[vases.pinterest_id])
    second = Pin.objects.latest("scheduled_at")
    edit = reverse("pin_edit", args=[second.pk])
    one = {**filled, "board": vases.pinterest_id}
    near = sign_in(editor).post(edit, {**one, **at("2026-06-02", "15:00")})
    assert list(errors(near)) == ["repeats"]
    assert sign_in(editor).post(edit, {**one, **at("2026-06-04", "15:00")}).status_code == 302


@pytest_db
def test_editing_does_not_ask_again_what_was_meant(sign_in, editor, compose, filled, write_pin):
    write_pin(at=TUESDAY_NINE, link="https://example.com/bowl")
    compose(**at("2026-06-02", "09:30"), repeats="on")
    pin = Pin.objects.get(repeats=True)
    page = sign_in(editor).get(reverse("pin_edit", args=[pin.pk]))
    assert page.context["plan"]["on_purpose"] is True
    assert 'name="repeats" id="id_repeats" checked' in squeezed(page.content.decode())


@pytest_db
@pytest.mark.parametrize("instead", ["at=junk", "at=2026-06-09T07:00:00", "interval=x", "\x01"])
def test_an_offer_that_was_made_up_changes_nothing(compose, instead):
    page = compose(**at("2026-06-04", "09:00"), instead=instead)
    if page.status_code == 302:
        assert Pin.objects.get().scheduled_at == datetime(2026, 6, 4, 7, tzinfo=UTC)
    else:
        assert list(errors(page)) == ["board_interval"]


# Busy days


def test_a_new_account_begins_with_few():
    limits = [daily_pins(MONDAY, active_since=MONDAY - days * DAY) for days in (0, 13, 14, 300)]
    assert limits == [10, 10, 50, 50]


def test_days_are_those_of_the_zone():
    late = datetime(2026, 6, 1, 22, 30, tzinfo=UTC)  # half an hour past midnight in Berlin
    there = [late + timedelta(minutes=each) for each in range(10)]
    asked = {"zone": "Europe/Berlin", "active_since": late}
    assert crowded_days([late], there, **asked) == {date(2026, 6, 2): (11, 10)}
    assert crowded_days([late - timedelta(hours=1)], there, **asked) == {}


@pytest_db
def test_more_than_pinterest_advises_is_said_and_goes_out_all_the_same(
    compose, preview, write_pin, connection
):
    Connection.objects.update(connected_at=MONDAY)
    for number in range(10):
        write_pin(at=TUESDAY_NINE + timedelta(minutes=number))
    busy = {**at("2026-06-02", "12:00"), "repeats": "on"}
    words = (
        f"Tue 2 Jun: 11 Pins of {connection} that day, more than Pinterest's own advice of "
        "about 10 for an account that has just begun."
    )
    assert preview(**busy)["warnings"] == [words]
    page = compose(**busy)
    assert (page.status_code, told(page)[1:]) == (302, [words])


@pytest_db
def test_an_account_that_is_connected_again_is_not_new(preview, put, write_pin):
    put("published", published_at=MONDAY - timedelta(days=30))
    Connection.objects.update(connected_at=MONDAY)
    for number in range(10):
        write_pin(at=TUESDAY_NINE + timedelta(minutes=number))
    assert preview(**at("2026-06-02", "12:00"))["warnings"] == []
