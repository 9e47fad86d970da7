"""A queue is rearranged after somebody has seen what moves, and repeats stay apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some

from publishing.models import Media, Pin, PinEvent, Slot
from publishing.pins.services.pins import Plan, plan_pin
from publishing.schedule.policy.rearranging import Waiting, rearrange, shuffled
from publishing.schedule.policy.repeats import ANY_DISTANCE, Distance, Shelf, Shown

pytest_db = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
NINE = datetime(2026, 6, 2, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
WEEK_APART = Distance(WEEK, WEEK)


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


# The rule


def waiting(*links):
    return [
        Waiting(Shown(str(number), NINE + number * DAY, link_key=link))
        for number, link in enumerate(links)
    ]


def moved(line, *, slots, others=(), distance=WEEK_APART):
    moves = rearrange(
        line,
        slots=[NINE + day * DAY for day in slots],
        others=others,
        distance=distance,
    )
    return [(move.pin_id, (move.after - NINE).days) for move in moves]


def test_pins_close_up_in_their_order():
    assert moved(waiting("a", "b", "c"), slots=[0, 2, 3, 9]) == [("0", 0), ("1", 2), ("2", 3)]


def test_pins_without_a_slot_keep_their_times():
    assert moved(waiting("a", "b"), slots=[5]) == [("0", 5), ("1", 1)]
    assert moved(waiting("a"), slots=[]) == [("0", 0)]


def test_repeats_stay_apart_and_others_come_between():
    assert moved(waiting("a", "a", "b"), slots=range(20)) == [("0", 0), ("2", 1), ("1", 7)]


def test_what_went_out_before_counts_as_well():
    there = [Shown("out", NINE - 5 * DAY, link_key="a")]
    assert moved(waiting("a", "b"), slots=range(20), others=there) == [("1", 0), ("0", 2)]


def test_what_repeats_on_purpose_keeps_its_place():
    line = [Waiting(each.shown, on_purpose=True) for each in waiting("a", "a")]
    assert moved(line, slots=range(20)) == [("0", 0), ("1", 1)]
    assert moved(waiting("a", "a"), slots=range(20), distance=ANY_DISTANCE) == [("0", 0), ("1", 1)]


def test_a_shuffle_is_the_same_for_the_same_seed_only():
    line = waiting(*"abcdefgh")
    assert shuffled(line, seed="1") == shuffled(line, seed="1")
    assert shuffled(line, seed="1") != shuffled(line, seed="2")
    assert sorted(each.shown.id for each in shuffled(line, seed="1")) == list("01234567")


@given(
    links=some.lists(some.sampled_from(["a", "b", "c", ""]), max_size=12),
    slots=some.sets(some.integers(0, 120), max_size=60).map(sorted),
    out=some.lists(some.tuples(some.integers(-10, 30), some.sampled_from("ab")), max_size=5),
)
def test_each_pin_is_there_once_each_slot_has_one_and_nothing_placed_repeats(links, slots, out):
    line = waiting(*links)
    others = [
        Shown(f"out{number}", NINE + day * DAY + timedelta(hours=1), link_key=link)
        for number, (day, link) in enumerate(out)
    ]
    times = [NINE + day * DAY + timedelta(hours=2) for day in slots]
    moves = rearrange(line, slots=times, others=others, distance=WEEK_APART)
    assert sorted(move.pin_id for move in moves) == sorted(each.shown.id for each in line)
    placed = [move for move in moves if move.after in times]
    assert len({move.after for move in placed}) == len(placed)
    by_id = {each.shown.id: each.shown for each in line}
    shelf = Shelf([*others, *(Shown(m.pin_id, m.after, by_id[m.pin_id].link_key) for m in placed)])
    for move in placed:
        there = Shown(move.pin_id, move.after, by_id[move.pin_id].link_key)
        assert shelf.too_near(there, distance=WEEK_APART) == []


# The page


@pytest.fixture
def queue(write_pin, owner, daily):
    """Three Pins in slots with gaps between them, without a common link or picture."""
    pins = []
    with time_machine.travel(NOW, tick=False):
        for number, day in enumerate((0, 3, 8)):
            pin = write_pin(at=None, title=f"Pin {number}", link=f"https://example.com/{number}")
            at = NINE + day * DAY
            plan = Plan(at, "Europe/Berlin", slot_at=at, repeats=True)
            plan_pin(pin=pin, by=owner, plan=plan, now=NOW)
            pins.append(pin)
        yield pins


def times_of(pins):
    rows = dict(Pin.objects.values_list("pk", "slot_at"))
    return [(rows[pin.pk] - NINE).days for pin in pins]


@pytest_db
def test_the_preview_moves_nothing_and_the_button_does(
    sign_in, editor, queue, connection, django_assert_num_queries
):
    browser, url = sign_in(editor), reverse("queue_arrange", args=[connection.pk])
    page = browser.get(url)
    assert [(row["pin"]["title"], row["stays"]) for row in page.context["moves"]] == [
        ("Pin 0", True),
        ("Pin 1", False),
        ("Pin 2", False),
    ]
    assert page.context["moving_count"] == 2
    assert times_of(queue) == [0, 3, 8]
    done = browser.post(url, {"seed": "", "seen": page.context["seen"]})
    assert (done.url, told(done)) == (
        f"{reverse('queue')}?account={connection.pk}",
        ["2 Pins moved."],
    )
    assert times_of(queue) == [0, 1, 2]
    for pin in Pin.objects.all():
        assert pin.scheduled_at == pin.due_at == pin.slot_at
    assert PinEvent.objects.filter(kind="spaced", actor=editor).count() == 2


@pytest_db
def test_a_shuffle_is_done_as_it_was_seen(sign_in, editor, queue, connection):
    browser, url = sign_in(editor), reverse("queue_arrange", args=[connection.pk])
    page = browser.get(url, {"seed": "abc"})
    seen = [row["pin"]["title"] for row in page.context["moves"]]
    browser.post(url, {"seed": "abc", "seen": page.context["seen"]})
    assert list(Pin.objects.order_by("slot_at").values_list("title", flat=True)) == seen
    assert sorted(times_of(queue)) == [0, 1, 2]


@pytest_db
def test_a_queue_that_changed_meanwhile_is_shown_again(sign_in, editor, queue, connection):
    browser, url = sign_in(editor), reverse("queue_arrange", args=[connection.pk])
    seen = browser.get(url).context["seen"]
    Slot.objects.filter(weekday=2).delete()
    page = browser.post(url, {"seed": "", "seen": seen})
    assert (page.status_code, told(page)) == (
        409,
        ["The queue has changed meanwhile, so nothing was moved. This is how it would be now."],
    )
    assert times_of(queue) == [0, 3, 8]
    assert page.context["seen"] != seen


@pytest_db
def test_only_pins_that_wait_are_moved(sign_in, editor, queue, connection):
    Pin.objects.filter(pk=queue[1].pk).update(status="held", held_reason="person")
    browser, url = sign_in(editor), reverse("queue_arrange", args=[connection.pk])
    browser.post(url, {"seed": "", "seen": browser.get(url).context["seen"]})
    assert times_of(queue) == [0, 3, 1]


@pytest_db
def test_repeats_stay_apart_in_the_queue(sign_in, editor, queue, connection):
    Pin.objects.update(repeats=False)
    browser, url = sign_in(editor), reverse("queue_arrange", args=[connection.pk])
    browser.post(url, {"seed": "", "seen": browser.get(url).context["seen"]})
    assert Media.objects.count() == 1  # they show the same picture
    assert times_of(queue) == [0, 7, 14]


@pytest_db
def test_an_empty_queue_says_what_to_do(sign_in, editor, connection):
    html = sign_in(editor).get(reverse("queue_arrange", args=[connection.pk])).content.decode()
    assert "No Pin waits in a slot" in html


@pytest_db
@pytest.mark.parametrize("pins", [1, 25])
def test_the_preview_costs_the_same_for_one_pin_and_for_many(
    sign_in, editor, connection, write_pin, owner, daily, pins, django_assert_num_queries
):
    with time_machine.travel(NOW, tick=False):
        for number in range(pins):
            pin, at = write_pin(at=None), NINE + number * DAY
            plan_pin(pin=pin, by=owner, plan=Plan(at, "UTC", slot_at=at), now=NOW)
        browser = sign_in(editor)
        with django_assert_num_queries(ARRANGE_QUERIES):
            browser.get(reverse("queue_arrange", args=[connection.pk]))


ARRANGE_QUERIES = 12


@pytest_db
def test_who_may(sign_in, viewer, stranger, client, connection):
    url = reverse("queue_arrange", args=[connection.pk])
    assert sign_in(viewer).get(url).status_code == 403
    assert sign_in(stranger).get(url).status_code == 404
    assert client.get(url).status_code == 302
