"""A Pin's page: into the queue with one button, and the Pins that were written with it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from publishing.models import Pin

pytestmark = pytest.mark.django_db


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def written_together(write_pin, boards, now):
    """Writes Pins of one series, a day apart from tomorrow on."""

    def written(count):
        series, places = uuid4(), list(boards.values())
        pins = [
            write_pin(at=now + timedelta(days=number + 1), board=places[number % len(places)])
            for number in range(count)
        ]
        Pin.objects.filter(pk__in=[pin.pk for pin in pins]).update(series=series)
        return pins

    return written


def test_a_draft_goes_into_the_queue(sign_in, editor, write_pin, daily):
    pin, browser = write_pin(at=None), sign_in(editor)
    page = browser.post(reverse("pin_queue", args=[pin.pk]))
    pin.refresh_from_db()
    assert (page.url, pin.status, pin.slot_at) == (
        reverse("pin_detail", args=[pin.pk]),
        "scheduled",
        pin.scheduled_at,
    )
    assert told(page)[0].startswith("In the queue: it goes out ")
    html = browser.get(page.url).content.decode()
    assert "in a slot of <a" in html
    assert reverse("pin_queue", args=[pin.pk]) not in html


def test_passed_over_slots_are_told(sign_in, editor, write_pin, daily):
    browser = sign_in(editor)
    for pin in (write_pin(at=None), write_pin(at=None)):
        page = browser.post(reverse("pin_queue", args=[pin.pk]))
    assert told(page)[-1].endswith(
        " 6 free slots were passed over, too near to the same link or picture."
    )


def test_publishing_at_once_says_what_it_repeats(sign_in, editor, write_pin, connection, now):
    there = write_pin(at=now + timedelta(days=1), title="There")
    pin, browser = write_pin(at=None), sign_in(editor)
    first, second = told(browser.post(reverse("pin_publish_now", args=[pin.pk])))
    assert first == "On its way to Pinterest."
    assert second.startswith("A picture that looks the same goes out ")
    assert second.endswith(
        f" to {there.board}, {connection} (There). If that is too soon, stop this Pin."
    )
    Pin.objects.filter(pk=pin.pk).update(repeats=True)
    assert told(browser.post(reverse("pin_publish_now", args=[pin.pk])))[2:] == [
        "On its way to Pinterest."
    ]


def test_without_slots_the_page_says_what_to_do(sign_in, editor, write_pin, connection):
    pin = write_pin(at=None)
    page = sign_in(editor).post(reverse("pin_queue", args=[pin.pk]))
    assert told(page) == [
        f"{connection} has no free slot. Add slots to its queue, or choose a time yourself."
    ]


def test_a_pin_that_lacks_something_is_not_queued(sign_in, editor, write_pin, daily):
    pin = write_pin(at=None, board=None)
    page = sign_in(editor).post(reverse("pin_queue", args=[pin.pk]))
    assert told(page) == ["This Pin still needs a board. Edit it, then add it."]


@pytest.mark.parametrize("status", ["sending", "published", "uncertain"])
def test_a_pin_out_of_our_hands_is_not_queued(sign_in, editor, put, daily, status):
    pin = put(status)
    sign_in(editor).post(reverse("pin_queue", args=[pin.pk]))
    assert Pin.objects.get(pk=pin.pk).status == status


def test_the_page_lists_the_other_pins_of_the_series(sign_in, viewer, written_together):
    first, second, third = written_together(3)
    page = sign_in(viewer).get(reverse("pin_detail", args=[second.pk]))
    assert [each["url"] for each in page.context["siblings"]] == [
        reverse("pin_detail", args=[pin.pk]) for pin in (first, third)
    ]
    assert page.context["series_stop_url"] is None  # a viewer only looks


def test_a_pin_by_itself_lists_none(sign_in, editor, write_pin):
    page = sign_in(editor).get(reverse("pin_detail", args=[write_pin().pk]))
    assert page.context["siblings"] == []
    assert "The same Pin on other boards" not in page.content.decode()


def test_the_rest_is_stopped_from_any_of_them(sign_in, editor, written_together):
    first, second = written_together(2)
    browser, url = sign_in(editor), reverse("pin_series_stop", args=[first.pk])
    assert url in browser.get(reverse("pin_detail", args=[first.pk])).content.decode()
    assert told(browser.post(url)) == ["Stopped: 2 Pins are drafts now."]
    assert set(Pin.objects.values_list("status", flat=True)) == {"draft"}
    assert told(browser.post(url))[-1] == "No Pin of this series was waiting to go out."
    assert url not in browser.get(reverse("pin_detail", args=[second.pk])).content.decode()


@pytest.mark.parametrize("siblings", [1, 20])
def test_siblings_cost_the_page_one_query_however_many(
    sign_in, editor, written_together, write_pin, siblings
):
    browser, alone, pin = sign_in(editor), write_pin(), written_together(siblings + 1)[0]
    counts = []
    for each in (alone, pin):
        with CaptureQueriesContext(database) as asked:
            page = browser.get(reverse("pin_detail", args=[each.pk]))
        counts.append(len(asked))
    assert len(page.context["siblings"]) == siblings
    assert counts[1] - counts[0] == 1


@pytest.mark.parametrize("name", ["pin_queue", "pin_series_stop"])
def test_who_may(sign_in, viewer, stranger, client, write_pin, name):
    url = reverse(name, args=[write_pin().pk])
    assert sign_in(viewer).post(url).status_code == 403
    assert sign_in(stranger).post(url).status_code == 404
    assert sign_in(viewer).get(url).status_code == 405
    assert client.post(url).status_code == 302
