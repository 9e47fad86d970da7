"""What happens to Pins is written down for the people concerned, in the same transaction."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Connection, ConnectionStatus, Event
from publishing.bulk.policy.bulk import BulkAction, BulkOrder
from publishing.bulk.services import bulk
from publishing.delivery.services import claims, stops
from publishing.delivery.services.dispatch import treat_late_pins
from publishing.delivery.services.lateness import hold_too_late
from publishing.models import Pin
from publishing.reconcile.services import reconcile
from publishing.reconcile.services.removals import look_for_removed
from sandbox.faults import Fault
from tests.publishing.media.kinds.test_removals import take_down
from tests.publishing.rounds import look_at_boards, publish_due

pytestmark = pytest.mark.django_db
CREATE = "POST /v5/pins"
DAY = timedelta(days=1)


def events() -> list[tuple[str, str]]:
    """What was written down: kind and what it is about."""
    return list(Event.objects.order_by("created_at", "kind", "pk").values_list("kind", "subject"))


def test_a_refused_pin(write_pin, sandbox, bowls, owner, workspace, now) -> None:
    pin = write_pin()
    sandbox.delete_board(bowls.pinterest_id)
    publish_due(now=now)
    event = Event.objects.get()
    assert (event.kind, event.subject, event.subject_id) == ("pin_failed", "pin", str(pin.pk))
    assert (event.workspace, event.concerns, event.actor) == (workspace, owner, None)
    assert event.payload == {
        "name": "A bowl",
        "place": ["@clay-studio", "Bowls"],
        "planned_at": now.isoformat(),
        "problem": "Pinterest does not let this account use that board. "
        "Pinterest says: “You are not permitted to access that resource.”",
        "remedy": (
            "Choose another board. The board may have been deleted or belong to someone else."
        ),
    }


def test_a_published_pin_is_no_news(write_pin, sandbox, now) -> None:
    write_pin()
    publish_due(now=now)
    assert events() == []


def test_a_lost_account_and_the_pin_that_found_it_out(
    write_pin, sandbox, studio, connection, owner, now
) -> None:
    write_pin()
    sandbox.kill_tokens(studio)
    publish_due(now=now)
    assert events() == [("account_lost", "connection"), ("pin_held", "pin")]
    lost = Event.objects.get(kind="account_lost")
    assert (lost.subject_id, lost.concerns) == (str(connection.pk), owner)
    assert lost.payload["name"] == "@clay-studio"
    held = Event.objects.get(kind="pin_held")
    assert held.payload["remedy"] == claims.HELD_REMEDY


def test_due_pins_of_a_lost_account(write_pin, connection, now) -> None:
    for _ in range(3):
        write_pin()
    Connection.objects.update(status=ConnectionStatus.NEEDS_RECONNECTING)
    claims.hold_due_without_connection(now=now)
    claims.hold_due_without_connection(now=now)
    assert events() == [("pin_held", "pin")] * 3


def test_pins_that_lead_where_pinterest_sees_spam(write_pin, sandbox, now) -> None:
    fault = {"status": 429, "code": 9, "message": "Sorry! This may lead to spam."}
    sandbox.arm(Fault(route=CREATE, kind="status", times=None, **fault))
    write_pin(link="https://shop.example/a")
    write_pin(link="https://shop.example/b", at=now + DAY)
    publish_due(now=now)
    assert events() == [("pin_failed", "pin"), ("pin_held", "pin")]


def test_pins_too_late_to_go_out_unasked(write_pin, now) -> None:
    write_pin()
    later = now + 3 * DAY
    treat_late_pins(now=later)
    hold_too_late(now=later)
    assert events() == [("pin_late", "pin")]
    assert hold_too_late(now=later) == 0


def test_pins_that_a_colleague_puts_on_hold(write_pin, workspace, owner, editor, now) -> None:
    pins = [write_pin(at=now + DAY) for _ in range(2)]
    order = BulkOrder(action=BulkAction.HOLD)
    bulk.apply_to_many(
        workspace=workspace,
        pin_ids=[pin.pk for pin in pins],
        order=order,
        by=editor,
        zone="UTC",
        now=now,
    )
    assert events() == [("pin_held", "pin")] * 2
    assert {(event.concerns, event.actor) for event in Event.objects.all()} == {(owner, editor)}


def test_a_pin_that_nobody_but_a_person_can_settle(write_pin, sandbox, now) -> None:
    sandbox.arm(Fault(route=CREATE, kind="drop", when="before", times=None))
    pin = write_pin()
    publish_due(now=now)
    for minute in range(0, 60 * 24, 3):
        at = now + timedelta(minutes=minute)
        look_at_boards(now=at)
        publish_due(now=at)
    pin.refresh_from_db()
    assert pin.question == "sent_twice"
    assert events() == [("pin_asks", "pin")]
    assert Event.objects.get().payload["problem"] == reconcile.ASKING_TEXT


def test_a_stop_of_the_server_and_its_end(
    write_pin, sandbox, owner, workspace, stranger, now
) -> None:
    sandbox.set_tier("trial")
    write_pin()
    publish_due(now=now)
    stops.resume_publishing(by=owner, now=now + timedelta(minutes=1))
    assert events() == [("publishing_stopped", "server"), ("publishing_resumed", "server")]
    assert {event.workspace for event in Event.objects.all()} == {workspace}, "it has an account"
    stopped, resumed = Event.objects.order_by("created_at")
    assert stopped.payload["problem"].startswith(
        "This server's Pinterest app has Trial access, which may not create Pins. Pinterest says: "
    )
    assert resumed.actor == owner


def test_a_published_pin_that_is_gone(write_pin, sandbox, connection, bowls, now) -> None:
    pin = write_pin()
    publish_due(now=now)
    pin.refresh_from_db()
    take_down(sandbox, pin)
    look_for_removed(connection_id=connection.pk, board_pk=bowls.pk, now=now + timedelta(hours=7))
    assert events() == [("pin_gone", "pin")]


def test_many_pins_take_few_statements(
    write_pin, connection, django_assert_max_num_queries, now
) -> None:
    for _ in range(40):
        write_pin()
    Connection.objects.update(status=ConnectionStatus.NEEDS_RECONNECTING)
    with django_assert_max_num_queries(9):
        claims.hold_due_without_connection(now=now)
    assert Event.objects.count() == Pin.objects.filter(status="held").count() == 40
