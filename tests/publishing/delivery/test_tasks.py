"""The broker only carries hints: what it loses is found in the rows, and pages do without it."""

import time
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from kombu import pools

from pinapp.celery import app
from publishing.boards import tasks as board_tasks
from publishing.delivery import tasks
from publishing.models import Pin
from publishing.pins.policy.leases import CLAIM_LEASE
from tests.pinterest.loopback import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def eager():
    """Tasks run where they are called, their messages never lost."""
    app.conf.update(task_always_eager=True, task_eager_propagates=True)
    yield
    app.conf.update(task_always_eager=False, task_eager_propagates=False)


def test_a_tick_publishes_what_is_due(eager, write_pin, sandbox, now):
    due, future = write_pin(), write_pin(at=now + timedelta(hours=1))
    tasks.hand_out_due_pins()
    due.refresh_from_db()
    future.refresh_from_db()
    assert (due.status, future.status, len(sandbox.pins())) == ("published", "scheduled", 1)
    assert due.attempts.get().worker == tasks.WORKER


def test_a_tick_holds_the_pins_of_a_lost_account(eager, write_pin, connection):
    pin = write_pin()
    connection.status = "needs_reconnecting"
    connection.save(update_fields=["status"])
    tasks.hand_out_due_pins()
    pin.refresh_from_db()
    assert pin.status == "held"


def test_a_lost_message_costs_a_minute_and_no_pin(eager, write_pin, sandbox, monkeypatch, now):
    pin = write_pin()
    with monkeypatch.context() as patch:
        patch.setattr(tasks.publish_pin, "delay", lambda **_: None)
        tasks.hand_out_due_pins()
    pin.refresh_from_db()
    assert (pin.status, sandbox.pins()) == ("claimed", [])
    tasks.recover_abandoned_pins()
    pin.refresh_from_db()
    assert pin.status == "claimed"
    with time_machine.travel(now + CLAIM_LEASE + timedelta(seconds=5)):
        tasks.recover_abandoned_pins()
        tasks.hand_out_due_pins()
    pin.refresh_from_db()
    assert (pin.status, len(sandbox.pins())) == ("published", 1)


def test_boards_are_refreshed_each_half_hour(eager, connection, boards, sandbox, now):
    listed = len(sandbox.requests)
    board_tasks.refresh_boards()
    assert len(sandbox.requests) == listed
    with time_machine.travel(now + timedelta(minutes=31)):
        board_tasks.refresh_boards()
    assert len(sandbox.requests) > listed


def test_every_line_of_the_beat_table_names_a_task_that_exists_and_expires():
    app.loader.import_default_modules()
    lines = app.conf.beat_schedule
    assert {line["task"] for line in lines.values()} <= set(app.tasks)
    assert lines["hand-out-due-pins"]["options"] == {"expires": 2}
    assert all(line["options"]["expires"] > 0 for line in lines.values())


# The broker is away


@pytest.fixture
def no_broker():
    """The application of Celery, pointed at a port on which nothing listens."""
    known = app.conf.broker_url
    _point_at(f"redis://127.0.0.1:{free_port()}/0")
    yield
    _point_at(known)


def _point_at(url):
    app.conf.broker_url = app.conf.broker_write_url = url
    # All of them: a pool that was closed under an address is handed out again for it.
    pools.reset()
    app._pool = app.amqp._producer_pool = None


@pytest.mark.django_db(transaction=True)
def test_pages_work_while_the_broker_is_away(no_broker, sign_in, editor, write_pin):
    pin, browser = write_pin(at=None), sign_in(editor)
    started = time.monotonic()
    assert browser.post(reverse("pin_publish_now", args=[pin.pk])).status_code == 302
    assert browser.post(reverse("boards_refresh")).status_code == 200
    assert browser.get(reverse("pin_new")).status_code == 200
    assert time.monotonic() - started < 5
    assert Pin.objects.get(pk=pin.pk).status == "scheduled"
