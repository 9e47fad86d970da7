"""The list's filters, and the pages on which many of its Pins are changed at once."""

import re
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from publishing.bulk.policy.bulk import BULK_LIMIT
from publishing.bulk.views.bulk import NOTHING_CHOSEN, TOO_MANY
from publishing.models import Pin

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")
LIST = reverse("pin_list")


def berlin(text):
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def told(page):
    return [str(message) for message in get_messages(page.wsgi_request)]


def titles(page):
    return [pin["title"] for pin in page.context["pins"]]


# The list


def test_filters_narrow_the_list_and_its_tabs(
    sign_in, editor, write_pin, boards, connect, workspace, sandbox
):
    other = connect(workspace, sandbox.add_account("other"))
    write_pin(title="Bowl", at=berlin("2026-11-25 00:00"))
    write_pin(title="Vase", at=berlin("2026-11-25 23:59"), board=boards["Vases"])
    write_pin(title="Plate", at=berlin("2026-11-26 00:00"), connection=other)
    Pin.objects.filter(title="Plate").update(created_by=editor, kind="image")
    browser = sign_in(editor)

    def found(**query):
        return set(titles(browser.get(LIST, query)))

    assert found(**{"from": "2026-11-25", "to": "2026-11-25"}) == {"Bowl", "Vase"}
    assert found(**{"from": "2026-11-26"}) == {"Plate"}
    assert found(board=str(boards["Vases"].pk)) == {"Vase"}
    assert found(account=str(other.pk)) == {"Plate"}
    assert found(who=str(editor.pk)) == {"Plate"}
    assert found(kind="video") == set()
    assert found(kind="image", q="bowl") == {"Bowl"}
    page = browser.get(LIST, {"account": str(other.pk), "show": "scheduled"})
    assert {tab["label"]: tab["count"] for tab in page.context["tabs"]}["All"] == 1
    assert page.context["tabs"][2]["url"] == f"?show=drafts&account={other.pk}"
    assert page.context["clear_url"] == "?show=scheduled"


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("first", ["Ash", "Cup", "Bowl"]),
        ("last", ["Bowl", "Cup", "Ash"]),
        ("title", ["Ash", "Bowl", "Cup"]),
    ],
)
def test_the_list_is_sorted_as_asked(sign_in, viewer, write_pin, now, sort, order):
    for days, title in enumerate(["Ash", "Cup", "Bowl"]):
        write_pin(title=title, at=now + timedelta(days=days))
    assert titles(sign_in(viewer).get(LIST, {"sort": sort})) == order


@pytest.mark.parametrize(
    "query",
    [
        {"account": "x", "board": "-1", "kind": "opera", "who": "me", "sort": "fate"},
        {"from": "soon", "to": "0001-01-01"},
        {"board": "9" * 40, "from": "9999-12-31"},
    ],
)
def test_filters_that_make_no_sense_are_left_out(sign_in, viewer, write_pin, query):
    write_pin(title="Bowl")
    assert titles(sign_in(viewer).get(LIST, query)) == ["Bowl"]


def test_a_filter_without_a_match_offers_to_clear_it(sign_in, viewer, write_pin):
    write_pin(title="Bowl")
    page = sign_in(viewer).get(LIST, {"kind": "video"})
    assert "No Pin matches" in page.content.decode()


def test_only_who_may_change_pins_gets_boxes(sign_in, viewer, editor, write_pin):
    write_pin()
    shown = [
        "data-select-row" in sign_in(user).get(LIST).content.decode() for user in (viewer, editor)
    ]
    assert shown == [False, True]


# Changing many


@pytest.fixture
def post(sign_in, editor):
    def posted(action, pins, user=editor, **data):
        chosen = {"pins": pins if isinstance(pins, str) else [str(pin.pk) for pin in pins]}
        return sign_in(user).post(reverse("pin_bulk"), {"action": action, **chosen, **data})

    return posted


@pytest.fixture
def later(write_pin, now):
    """Two Pins of tomorrow."""
    return [write_pin(title=f"Pin {n}", at=now + timedelta(days=1, hours=n)) for n in range(2)]


@pytest.mark.parametrize("action", ["shift", "spread", "hold", "cancel", "board"])
def test_it_is_asked_before_anything_changes(post, later, put, action):
    published = put("published", title="Out")
    page = post(action, [*later, published])
    assert page.status_code == 200
    assert "2 Pins" in page.context["title"]
    assert [(pin["title"], pin["reason"]) for pin in page.context["left"]] == [
        ("Out", "already on Pinterest")
    ]
    assert set(Pin.objects.values_list("status", flat=True)) == {"scheduled", "published"}


def test_a_shift_moves_the_good_ones_and_says_who_was_left(post, later, put):
    out = put("published")
    at = [pin.scheduled_at for pin in later]
    page = post(
        "shift",
        [*later, out],
        sure="1",
        direction="later",
        days="2",
        hours="1",
        seen_repeats="2",
        back=f"{LIST}?show=all&q=pin",
    )
    assert page.url == f"{LIST}?show=all&q=pin"
    assert told(page) == [
        "2 Pins moved 2 days and 1 hour later.",
        "1 Pin was left alone: 1 already on Pinterest.",
    ]
    moved = [Pin.objects.get(pk=pin.pk).scheduled_at for pin in later]
    assert all(
        timedelta(days=1) < new - old < timedelta(days=3)
        for old, new in zip(at, moved, strict=True)
    )


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"direction": "later", "days": "0", "hours": ""}, "Say by how many days or hours"),
        ({"direction": "later", "days": "-1", "hours": "0"}, "Write a number from 0 on"),
        ({"direction": "later", "days": "999", "hours": "0"}, "At most 366."),
        ({"days": "1"}, "Say whether they move later or earlier."),
    ],
)
def test_a_shift_that_says_too_little_is_asked_again(post, later, data, problem):
    page = post("shift", later, sure="1", **data)
    assert page.status_code == 422
    assert problem in page.content.decode()


def test_pins_are_spread_from_a_start_on(post, later, now):
    start = berlin("2027-06-01 10:00")
    page = post(
        "spread",
        later,
        sure="1",
        start_date="2027-06-01",
        start_clock="10:00",
        minutes="90",
        seen_repeats="1",
    )
    assert told(page) == ["2 Pins got new times."]
    times = [Pin.objects.get(pk=pin.pk).due_at for pin in later]
    assert times == [start, start + timedelta(minutes=90)]


def test_all_that_match_are_changed_and_nothing_else(post, write_pin, now):
    for number in range(30):
        write_pin(title=f"Bowl {number}", at=now + timedelta(days=1))
    write_pin(title="Vase", at=now + timedelta(days=1))
    question = post("hold", [], all="all", back=f"{LIST}?show=scheduled&q=bowl&page=2")
    assert question.context["title"] == "Put 30 Pins on hold?"
    chosen = question.context["pins"].split(",")
    write_pin(title="Bowl, written meanwhile", at=now + timedelta(days=1))
    page = post("hold", ",".join(chosen), sure="1")
    assert told(page) == ["30 Pins put on hold."]
    left = Pin.objects.filter(status="scheduled").values_list("title", flat=True)
    assert set(left) == {"Vase", "Bowl, written meanwhile"}


def test_the_board_is_changed_within_the_account(post, later, boards):
    page = post("board", later)
    html = page.content.decode()
    assert "Another board for 2 Pins" in html
    vases = boards["Vases"]
    done = post(
        "board",
        later,
        sure="1",
        connection=str(vases.connection_id),
        board=vases.pinterest_id,
        seen_repeats=page.context["repeats"]["count"],
    )
    assert told(done) == ["2 Pins go to Vases now."]
    assert set(Pin.objects.values_list("board", flat=True)) == {vases.pk}


@pytest.mark.parametrize("board", ["", "404", "404/405", "x" * 80])
def test_a_board_that_is_not_there_is_asked_for_again(post, later, board):
    page = post("board", later, sure="1", board=board)
    assert page.status_code == 422
    assert len(page.context["form"].errors["board"]) == 1


def test_drafts_are_deleted_and_others_named(post, later, write_pin):
    page = post("delete", [*later, write_pin(at=None)], sure="1")
    assert told(page) == [
        "1 Pin deleted.",
        "2 Pins were left alone: 2 not a draft.",
    ]
    assert Pin.objects.count() == 2


def test_when_none_can_take_it_the_page_says_why(post, put):
    page = post("cancel", [put("sending")])
    html = page.content.decode()
    assert "None of the chosen Pins can take this" in html
    assert "1 being published right now" in html
    assert 'name="sure"' not in html


@pytest.mark.parametrize(
    ("action", "pins", "words"),
    [
        ("hold", "", NOTHING_CHOSEN),
        ("hold", "x,,y", NOTHING_CHOSEN),
        ("explode", "x", "Say what becomes of the chosen Pins."),
    ],
)
def test_a_choice_that_says_nothing_leads_back_with_words(post, action, pins, words):
    page = post(action, pins)
    assert (page.url, told(page)) == (LIST, [words])


def test_more_pins_than_can_be_changed_at_once_are_narrowed_first(post, write_pin, now):
    pattern = write_pin(at=now + timedelta(days=1))
    columns = {
        field.attname: getattr(pattern, field.attname)
        for field in Pin._meta.concrete_fields
        if not field.primary_key
    }
    Pin.objects.bulk_create([Pin(**columns) for _ in range(BULK_LIMIT)])
    assert told(post("hold", "", all="all", back=LIST)) == [TOO_MANY]
    assert set(Pin.objects.values_list("status", flat=True)) == {"scheduled"}


@pytest.mark.parametrize("back", ["https://elsewhere.example/pins/", "//e.example", "/admin/"])
def test_it_leads_back_to_the_list_and_nowhere_else(post, later, back):
    assert post("hold", later, sure="1", back=back).url == LIST


@pytest.mark.parametrize("rows", [1, 30])
def test_the_question_costs_the_same_for_one_pin_and_for_many(
    sign_in, editor, write_pin, now, django_assert_num_queries, rows
):
    pins = [write_pin(at=now + timedelta(days=1)) for _ in range(rows)]
    browser = sign_in(editor)
    with django_assert_num_queries(8):
        browser.post(
            reverse("pin_bulk"), {"action": "shift", "pins": [str(pin.pk) for pin in pins]}
        )


def test_the_question_names_few_and_counts_the_rest(post, write_pin, now):
    pins = [write_pin(at=now + timedelta(days=1)) for _ in range(20)]
    page = post("hold", pins)
    assert (len(page.context["taken"]), page.context["more_taken"]) == (12, 8)
    assert re.search(r"\+8\b", page.content.decode())


# What would repeat something too soon


@pytest.fixture
def shelf(write_pin, now, boards):
    """Three Pins of one link and picture, 10 days apart, and one of another month."""
    days = {"One": 10, "Two": 20, "Three": 30, "Four": 60}
    return {
        title: write_pin(title=title, at=now + timedelta(days=day), board=boards["Vases"])
        for title, day in days.items()
    }


def warned(page):
    repeats = page.context["repeats"]
    return repeats["words"], [pin["title"] for pin in repeats["pins"]]


def test_a_shift_towards_a_repeat_is_asked_about_once_more(post, shelf):
    far = {"direction": "later", "days": "5", "hours": "0"}
    asked = post("shift", [shelf["One"]])
    assert (warned(asked), asked.context["repeats"]["count"]) == (("", []), 0)
    again = post("shift", [shelf["One"]], sure="1", seen_repeats="0", **far)
    assert again.status_code == 200
    assert warned(again) == (
        "This Pin would repeat a link or a picture too soon",
        ["One"],
    )
    html = again.content.decode()
    assert 'name="seen_repeats" value="1"' in html
    assert 'value="5"' in html
    planned = shelf["One"].scheduled_at
    assert Pin.objects.get(pk=shelf["One"].pk).scheduled_at == planned
    done = post("shift", [shelf["One"]], sure="1", seen_repeats="1", **far)
    assert told(done) == ["1 Pin moved 5 days later."]
    assert Pin.objects.get(pk=shelf["One"].pk).scheduled_at > planned


def test_pins_that_move_together_keep_their_distance_and_nobody_asks(post, shelf):
    page = post("shift", shelf.values(), sure="1", direction="later", days="15", hours="0")
    assert told(page) == ["4 Pins moved 15 days later."]


def test_what_is_spread_closely_is_counted_before_it_is_confirmed(post, shelf):
    page = post("spread", shelf.values())
    assert warned(page) == (
        "3 of these 4 Pins would repeat links or pictures too soon",
        ["Two", "Three", "Four"],
    )
    wide = {"start_date": "2027-06-01", "start_clock": "10:00", "minutes": "10080"}
    assert told(post("spread", shelf.values(), sure="1", **wide)) == ["4 Pins got new times."]


def test_repeats_on_purpose_are_not_counted(post, shelf):
    Pin.objects.exclude(title="Four").update(repeats=True)
    assert warned(post("spread", shelf.values())) == (
        "1 of these 4 Pins would repeat a link or a picture too soon",
        ["Four"],
    )


def test_siblings_are_counted_only_within_the_interval_between_boards(post, shelf):
    Pin.objects.update(series=uuid4())
    daily = {"start_date": "2027-06-01", "start_clock": "10:00", "minutes": "1440"}
    assert told(post("spread", shelf.values(), sure="1", **daily)) == ["4 Pins got new times."]
    close = post("spread", shelf.values(), sure="1", **{**daily, "minutes": "60"})
    assert close.context["repeats"]["count"] == 3


def test_another_board_tells_what_the_pins_repeat_where_they_are(post, shelf, write_pin, put, now):
    near = write_pin(title="Near", at=shelf["Four"].scheduled_at + timedelta(days=1))
    failed = put("failed", title="Failed")
    assert warned(post("board", [near, failed, shelf["One"]])) == (
        "1 of these 3 Pins would repeat a link or a picture too soon",
        ["Near"],
    )


def test_what_does_not_change_when_or_where_asks_nothing(post, later):
    assert post("hold", later).context["repeats"]["count"] == 0
    assert told(post("hold", later, sure="1")) == ["2 Pins put on hold."]


@pytest.mark.parametrize("said", ["", "x", "-5", "9" * 40, "²"])
def test_a_number_that_is_none_means_that_nothing_was_seen(post, later, said):
    close = {"start_date": "2027-06-01", "start_clock": "10:00", "minutes": "60"}
    page = post("spread", later, sure="1", seen_repeats=said, **close)
    assert page.context["repeats"]["count"] == 1


@pytest.mark.parametrize("rows", [2, 30])
def test_counting_repeats_costs_the_same_for_few_and_for_many(
    sign_in, editor, write_pin, now, django_assert_num_queries, rows
):
    pins = [write_pin(at=now + timedelta(days=1)) for _ in range(rows)]
    browser = sign_in(editor)
    with django_assert_num_queries(12):
        browser.post(
            reverse("pin_bulk"), {"action": "spread", "pins": [str(pin.pk) for pin in pins]}
        )


# Who


def test_a_viewer_may_not(post, later, viewer):
    assert post("hold", later, user=viewer, sure="1").status_code == 403
    assert set(Pin.objects.values_list("status", flat=True)) == {"scheduled"}


def test_pins_of_another_workspace_are_not_touched(post, later, stranger):
    page = post("hold", later, user=stranger, sure="1")
    assert told(page) == ["2 Pins were left alone: 2 deleted meanwhile."]
    assert set(Pin.objects.values_list("status", flat=True)) == {"scheduled"}
