"""Pins that leave Pinterest: deleted from here with the truth told, or missed and looked for."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.urls import reverse

from accounts.models import ConnectionStatus
from publishing.models import Pin
from publishing.reconcile.services import removals
from publishing.reconcile.services.removals import DeletionFailed, delete_at_pinterest
from sandbox.faults import Fault
from tests.publishing.rounds import look_at_boards, publish_due

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def publish(write_pin, now):
    """Publishes Pins and gives their rows."""

    def published(count=1, **content):
        pins = [write_pin(title=f"Bowl {number}", **content) for number in range(count)]
        publish_due(now=now)
        for pin in pins:
            pin.refresh_from_db()
        return pins

    return published


@pytest.fixture
def calls(sandbox):
    """The calls since this was asked for, as words."""
    before = len(sandbox.requests)
    return lambda: [f"{e.method} {e.path} {e.status}" for e in list(sandbox.requests)[before:]]


def look(now):
    for board in removals.boards_to_look_at(now=now):
        removals.look_for_removed(
            connection_id=board.connection_id, board_pk=board.board_pk, now=now
        )


def take_down(sandbox, pin):
    """As a person does at Pinterest."""
    there = sandbox.records.pins.pop(pin.pinterest_id)
    sandbox.index.discard(there)


def history(pin):
    return [(event.kind, event.actor) for event in pin.events.order_by("pk")][1:]


# Deleting


def test_deleting_removes_the_pin_at_pinterest_and_keeps_the_row(publish, sandbox, editor, now):
    (pin,) = publish()
    assert delete_at_pinterest(pin=pin, by=editor, now=now + HOUR) is True
    pin.refresh_from_db()
    assert (sandbox.pins(), pin.status, pin.removed_at) == ([], "published", now + HOUR)
    assert pin.pinterest_id != ""
    assert history(pin) == [("deleted_at_pinterest", editor)]


def test_deleting_what_is_gone_already_says_so(publish, sandbox, editor, now):
    (pin,) = publish()
    take_down(sandbox, pin)
    assert delete_at_pinterest(pin=pin, by=editor, now=now) is False
    pin.refresh_from_db()
    assert (pin.removed_at, history(pin)) == (now, [("gone_at_pinterest", None)])


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            {"kind": "status", "status": 403, "code": 29, "message": "not permitted"},
            "The Pin was not deleted. Pinterest does not let this account do that.",
        ),
        ({"kind": "status", "status": 429}, "Not deleted. Pinterest asks us to slow down."),
        ({"kind": "drop", "when": "before"}, "Pinterest did not say whether the Pin was deleted."),
        ({"kind": "status", "status": 502}, "Pinterest did not say whether the Pin was deleted."),
    ],
)
def test_a_deletion_that_fails_says_what_happened(publish, sandbox, editor, now, fault, words):
    (pin,) = publish()
    sandbox.arm(Fault(route="DELETE /v5/pins/*", **fault))
    with pytest.raises(DeletionFailed) as failed:
        delete_at_pinterest(pin=pin, by=editor, now=now)
    assert str(failed.value).startswith(words)
    pin.refresh_from_db()
    assert (len(sandbox.pins()), pin.removed_at, history(pin)) == (1, None, [])


def test_a_deletion_whose_answer_was_lost_is_settled_by_asking_again(publish, sandbox, editor, now):
    (pin,) = publish()
    sandbox.arm(Fault(route="DELETE /v5/pins/*", kind="drop", when="after"))
    with pytest.raises(DeletionFailed, match="did not say"):
        delete_at_pinterest(pin=pin, by=editor, now=now)
    assert delete_at_pinterest(pin=pin, by=editor, now=now) is False
    pin.refresh_from_db()
    assert (sandbox.pins(), pin.removed_at) == ([], now)


@pytest.mark.parametrize("status", ["draft", "scheduled", "uncertain", "failed"])
def test_only_what_is_published_can_be_deleted_there(put, editor, now, status, calls):
    with pytest.raises(DeletionFailed):
        delete_at_pinterest(pin=put(status), by=editor, now=now)
    assert calls() == []


def test_a_removed_pin_is_never_taken_for_one_in_doubt(publish, write_pin, sandbox, editor, now):
    (pin,) = publish()
    Pin.objects.filter(pk=pin.pk).update(removed_at=now)
    twin = write_pin(title="Bowl 0")
    sandbox.arm(Fault(route="POST /v5/pins", kind="drop", when="before"))
    publish_due(now=now)
    look_at_boards(now=now + timedelta(seconds=11))
    twin.refresh_from_db()
    assert (twin.status, twin.pinterest_id) == ("uncertain", "")


# The page


@pytest.fixture
def delete(sign_in):
    def deleted(person, pin):
        return sign_in(person).post(reverse("pin_delete_remote", args=[pin.pk]))

    return deleted


def told(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_the_page_offers_it_truthfully_and_tells_what_came_of_it(
    publish, sign_in, delete, editor, viewer, sandbox, now
):
    (pin,) = publish()
    page = reverse("pin_detail", args=[pin.pk])
    html = sign_in(editor).get(page).content.decode()
    assert "It is removed from Pinterest for everybody" in html
    assert "pin-delete-remote" not in sign_in(viewer).get(page).content.decode()
    answer = delete(editor, pin)
    assert (answer.url, told(answer)) == (page, ["The Pin is deleted on Pinterest."])
    html = sign_in(editor).get(page).content.decode()
    assert "Removed at Pinterest" in html
    assert "pin-delete-remote" not in html
    assert "See it on Pinterest" not in html


def test_viewers_and_strangers_may_not_delete(publish, delete, viewer, stranger, sandbox):
    (pin,) = publish()
    assert delete(viewer, pin).status_code == 403
    assert delete(stranger, pin).status_code == 404
    assert len(sandbox.pins()) == 1


def test_the_list_says_that_a_pin_was_removed(publish, sign_in, viewer, now):
    (pin,) = publish()
    Pin.objects.filter(pk=pin.pk).update(removed_at=now)
    html = sign_in(viewer).get(reverse("pin_list")).content.decode()
    assert "Removed at Pinterest" in html


# Noticing


def test_a_look_costs_one_call_for_all_pins_of_a_board(publish, sandbox, now, calls, bowls):
    pins = publish(30)
    before = len(calls())
    look(now + HOUR)
    assert calls()[before:] == [f"GET /v5/boards/{bowls.pinterest_id}/pins 200"]
    assert set(Pin.objects.values_list("seen_at", flat=True)) == {now + HOUR}
    assert Pin.objects.filter(removed_at=None).count() == len(pins)


def test_a_pin_that_was_taken_down_is_noticed(publish, sandbox, sign_in, viewer, now):
    gone, kept = publish(2)
    take_down(sandbox, gone)
    look(now + HOUR)
    gone.refresh_from_db()
    kept.refresh_from_db()
    assert (gone.removed_at, kept.removed_at) == (now + HOUR, None)
    assert history(gone) == [("gone_at_pinterest", None)]
    look(now + 3 * HOUR)
    assert len(history(gone)) == 1


def test_a_pin_that_was_moved_to_another_board_is_still_there(publish, sandbox, boards, now):
    (pin,) = publish()
    there = sandbox.records.pins[pin.pinterest_id]
    sandbox.index.discard(there)
    there.board_id = boards["Vases"].pinterest_id
    sandbox.index.add(there)
    look(now + HOUR)
    pin.refresh_from_db()
    assert (pin.removed_at, pin.seen_at) == (None, now + HOUR)


@pytest.mark.parametrize(
    "fault",
    [
        {"route": "GET /v5/boards/*/pins", "kind": "status", "status": 500},
        {"route": "GET /v5/boards/*/pins", "kind": "drop"},
        {"route": "GET /v5/boards/*/pins", "kind": "status", "status": 429},
        {"route": "GET /v5/pins/*", "kind": "status", "status": 500},
        {"route": "GET /v5/pins/*", "kind": "status", "status": 403, "code": 29},
    ],
)
def test_a_look_that_fails_is_no_evidence(publish, sandbox, now, fault):
    (pin,) = publish()
    take_down(sandbox, pin)
    sandbox.arm(Fault(times=None, **fault))
    look(now + HOUR)
    pin.refresh_from_db()
    assert pin.removed_at is None
    sandbox.faults.clear()
    cache.clear()  # what was learnt of rate limits runs out meanwhile
    look(now + 2 * HOUR)
    pin.refresh_from_db()
    assert pin.removed_at == now + 2 * HOUR


def test_pins_of_a_board_that_is_gone_are_asked_for_one_by_one(publish, sandbox, now, bowls):
    (pin,) = publish()
    take_down(sandbox, pin)
    sandbox.arm(
        Fault(
            route="GET /v5/boards/*/pins",
            kind="status",
            status=404,
            code=40,
            message="Board not found.",
        )
    )
    look(now + HOUR)
    pin.refresh_from_db()
    assert pin.removed_at == now + HOUR


def test_many_missing_pins_are_asked_for_in_several_looks(publish, sandbox, now):
    pins = publish(25)
    for pin in pins:
        take_down(sandbox, pin)
    look(now + HOUR)
    assert Pin.objects.exclude(removed_at=None).count() == 20
    look(now + HOUR)
    assert Pin.objects.exclude(removed_at=None).count() == 25


@pytest.mark.parametrize(
    ("age", "since_look", "due"),
    [
        (timedelta(minutes=59), None, False),
        (HOUR, None, True),
        (timedelta(hours=20), timedelta(minutes=59), False),
        (timedelta(hours=20), HOUR, True),
        (timedelta(days=3), timedelta(hours=5), False),
        (timedelta(days=3), timedelta(hours=6), True),
        (timedelta(days=20), timedelta(hours=23), False),
        (timedelta(days=20), timedelta(days=1), True),
        (timedelta(days=100), timedelta(days=6), False),
        (timedelta(days=100), timedelta(days=7), True),
        (timedelta(days=180), None, False),
    ],
)
def test_a_young_pin_is_looked_for_more_often(put, now, age, since_look, due):
    seen_at = None if since_look is None else now - since_look
    put("published", published_at=now - age, seen_at=seen_at)
    assert bool(removals.boards_to_look_at(now=now)) is due


def test_the_board_not_looked_at_for_the_longest_comes_first_one_for_each_account(
    put, boards, connection, now
):
    for number, (name, hours) in enumerate([("Bowls", 2), ("Vases", 3)]):
        put(
            "published",
            content={"board": boards[name]},
            pinterest_id=str(number),
            published_at=now - 10 * HOUR,
            seen_at=now - hours * HOUR,
        )
    (chosen,) = removals.boards_to_look_at(now=now)
    assert chosen.board_pk == str(boards["Vases"].pk)
    connection.status = ConnectionStatus.NEEDS_RECONNECTING
    connection.save(update_fields=["status"])
    assert removals.boards_to_look_at(now=now) == []
