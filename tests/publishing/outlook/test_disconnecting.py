"""What the question before disconnecting promises happens, and is told for as long as it is so."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.models import Connection
from publishing.delivery.services.stranded import hold_planned_of_disconnected
from publishing.holds.services.holds import keep_held
from publishing.models import Pin, PinEvent
from tests.publishing.rounds import publish_due


@pytest.fixture
def planned(write_pin, put, now):
    """Pins of one account: planned, claimed, being sent, and a draft."""
    later = now + timedelta(days=2)
    return {
        "scheduled": write_pin(title="Scheduled", at=later),
        "claimed": put("claimed", scheduled_at=later),
        "sending": put("sending"),
        "draft": put("draft"),
    }


@pytest.fixture
def disconnect(sign_in, editor, connection):
    """Presses the button, and gives what is said afterwards."""

    def disconnected() -> str:
        browser = sign_in(editor)
        answer = browser.post(reverse("connection_disconnect", args=[connection.pk]))
        (message,) = get_messages(answer.wsgi_request)
        return str(message)

    return disconnected


def banners(browser, path="/") -> list[str]:
    return [banner["title"] for banner in browser.get(path).context["banners"]]


def test_planned_pins_are_on_hold_at_once(planned, disconnect, editor, now):
    assert disconnect() == (
        "@clay-studio is disconnected and its tokens are deleted. 2 planned Pins are on hold. To "
        "withdraw the permission at Pinterest too, remove the app in your Pinterest settings."
    )
    found = {name: Pin.objects.get(pk=pin.pk) for name, pin in planned.items()}
    assert {name: pin.status for name, pin in found.items()} == {
        "scheduled": "held",
        "claimed": "held",
        "sending": "sending",
        "draft": "draft",
    }
    held = found["scheduled"]
    assert (held.held_reason, held.due_at, held.scheduled_at) == (
        "account",
        None,
        planned["scheduled"].scheduled_at,
    )
    event = PinEvent.objects.get(pin=held, kind="held")
    assert (event.actor, event.note) == (editor, "The Pinterest account was disconnected.")


def test_without_pins_nothing_is_said_of_them(connection, disconnect):
    assert "on hold" not in disconnect()


def test_the_question_says_what_happens(connection, sign_in, editor):
    page = sign_in(editor).get(reverse("connections")).content.decode()
    assert "its scheduled Pins are put on hold at once" in page


def test_the_banner_stays_as_long_as_pins_wait(planned, disconnect, sign_in, viewer, connection):
    disconnect()
    browser = sign_in(viewer)
    assert banners(browser) == ["2 Pins are on hold for @clay-studio"]
    assert banners(browser, "/connections/") == ["2 Pins are on hold for @clay-studio"]
    Pin.objects.filter(status="held").update(status="draft", held_reason="", scheduled_at=None)
    assert banners(browser) == []


def test_its_pins_go_out_as_planned_when_somebody_says_so(
    planned, disconnect, connect, workspace, studio, editor, sign_in, now
):
    disconnect()
    connect(workspace, studio)
    browser = sign_in(editor)
    held = [planned["scheduled"].pk, planned["claimed"].pk]
    answer = browser.post(reverse("held_answer"), {"answer": "keep", "pins": held})
    assert [str(m) for m in get_messages(answer.wsgi_request)] == ["2 Pins go out as planned."]
    pin = Pin.objects.get(pk=held[0])
    assert (pin.status, pin.due_at, pin.problem) == ("scheduled", pin.scheduled_at, "")


@pytest.mark.parametrize(
    ("who", "text"),
    [
        ("editor", "They do not go out before you reconnect it and decide about them."),
        ("viewer", "They do not go out before an editor or owner reconnects it and decides about"),
    ],
)
def test_the_banner_says_who_may_end_it(planned, disconnect, sign_in, request, who, text):
    disconnect()
    (banner,) = sign_in(request.getfixturevalue(who)).get("/").context["banners"]
    assert text in banner["text"]


def test_a_time_that_has_passed_is_not_kept(put, workspace, editor, now):
    pin = put("held", scheduled_at=now - timedelta(hours=1))
    done = keep_held(workspace=workspace, pin_ids=[pin.pk], by=editor, now=now)
    assert (done.done, done.missed) == (0, 1)
    pin.refresh_from_db()
    assert pin.status == "held"


def test_what_was_planned_at_the_very_moment_is_held_a_little_later(
    write_pin, connection, sent, now
):
    pin = write_pin(at=now + timedelta(days=1))
    columns = {"access_token_sealed": "", "refresh_token_sealed": ""}
    Connection.objects.filter(pk=connection.pk).update(status="disconnected", **columns)
    assert hold_planned_of_disconnected(now=now) == 1
    assert hold_planned_of_disconnected(now=now) == 0
    publish_due(now=now + timedelta(days=2))
    pin.refresh_from_db()
    assert (pin.status, sent()) == ("held", [])


def test_pins_of_a_lost_account_keep_their_place(write_pin, connection, now):
    pin = write_pin(at=now + timedelta(days=1))
    Connection.objects.filter(pk=connection.pk).update(status="needs_reconnecting")
    assert hold_planned_of_disconnected(now=now) == 0
    pin.refresh_from_db()
    assert pin.status == "scheduled"
