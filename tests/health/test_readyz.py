"""`/readyz` says whether Pins can go out, within its time, whatever is away."""

import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection as database
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.limits import counters
from accounts.models import Connection, ConnectionStatus
from accounts.wire import pinterest_app
from health import readiness
from health.models import Heartbeat
from health.patience import PATIENCE, Bounded
from health.readiness import examine
from health.troubles import Trouble, read_troubles, write_troubles
from pinapp.celery import app as celery_app
from pinterest.ratelimit import Answer
from publishing.models import AppStop, Attempt, Pin

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


def failed(response):
    return [check["code"] for check in response.json()["checks"] if not check["ok"]]


@pytest.fixture(autouse=True)
def _nobody_looks(monkeypatch):
    """These tests are about the answer; alarms have their own."""
    monkeypatch.setattr("health.views._look_in_background", lambda _report: None)


def test_a_server_that_works_is_ready(alive):
    alive()
    response = Client().get("/readyz")
    body = response.json()
    assert (response.status_code, body["status"]) == (200, "ready")
    assert [(check["code"], check["ok"], check["message"]) for check in body["checks"]] == [
        ("database", True, "The database answers."),
        ("broker", True, "The broker answers."),
        ("cache", True, "The cache answers."),
        ("worker", True, "A worker was last seen 0 s ago."),
        ("scheduler", True, "A scheduler was last seen 0 s ago."),
        ("overdue", True, "No Pin has missed its time."),
        ("app_stop", True, "Pinterest accepts this server's app."),
    ]


@pytest.mark.parametrize(
    ("seen", "codes"),
    [
        ({"worker": 2 * MINUTE}, ["worker"]),
        ({"scheduler": 2 * MINUTE}, ["scheduler"]),
        ({"worker": None, "scheduler": None}, ["worker", "scheduler"]),
    ],
)
def test_a_silent_process_is_named(alive, seen, codes):
    alive(**seen)
    response = Client().get("/readyz")
    assert (response.status_code, failed(response)) == (503, codes)
    broken = next(check for check in response.json()["checks"] if not check["ok"])
    assert broken["remedy"] == f"Start the {codes[0]}, or look at its log."


def test_a_pin_that_missed_its_time_is_counted_with_its_age(alive, write_pin, now):
    alive()
    write_pin(at=now - 6 * MINUTE)
    write_pin(at=now - 4 * MINUTE)
    report = examine(now=now)
    check = next(each for each in report.checks if each.code == "overdue")
    assert (check.ok, check.message, check.age_s) == (
        False,
        "1 Pin has missed its time; it was due 6 min ago.",
        360,
    )


def test_a_claim_that_nobody_begins_on_is_missed_too(alive, put, now):
    alive()
    put("claimed", content={"at": now - 6 * MINUTE})
    assert examine(now=now).has_failed("overdue")


def stop(now):
    AppStop.objects.create(
        app_id=pinterest_app().app_id, since=now, reason="x", message="No.", remedy="Ask."
    )


def test_late_pins_that_wait_by_policy_are_not_missed(alive, write_pin, put, now):
    alive()
    spaced = write_pin(at=now - 60 * MINUTE)
    Pin.objects.filter(pk=spaced.pk).update(due_at=now + MINUTE)
    put("held", held_reason="late")
    assert examine(now=now).is_ready


def test_pins_of_a_lost_account_are_not_missed(alive, write_pin, now):
    alive()
    write_pin(at=now - 60 * MINUTE)
    Connection.objects.update(status=ConnectionStatus.NEEDS_RECONNECTING)
    assert examine(now=now).is_ready


def test_a_backlog_that_is_being_worked_off_is_not_missed(alive, write_pin, now):
    alive()
    pin = write_pin(at=now - 60 * MINUTE)
    tried = Attempt.objects.create(
        pin=pin, number=1, worker="w", fingerprint="f", board_id="1", started_at=now - 4 * MINUTE
    )
    assert examine(now=now).is_ready
    Attempt.objects.filter(pk=tried.pk).update(started_at=now - 6 * MINUTE)
    assert examine(now=now).has_failed("overdue")


def test_an_account_whose_day_is_used_up_has_missed_nothing(alive, write_pin, connection, now):
    alive()
    write_pin(at=now - 60 * MINUTE)
    answer = Answer(
        operation="create_pin",
        category="org_write",
        status=429,
        rid=None,
        rate_limit=None,
        duration_s=0.1,
        retry_after_s=7200,
    )
    counters.learn(connection.pinterest_id, answer)
    assert examine(now=now).is_ready


def test_a_stop_is_told_with_what_to_do(alive, now):
    alive()
    stop(now)
    response = Client().get("/readyz")
    assert (response.status_code, failed(response)) == (503, ["app_stop"])
    (check,) = (each for each in response.json()["checks"] if not each["ok"])
    assert (check["message"], check["remedy"]) == (
        "Publishing is stopped: No.",
        "Ask. Then an owner presses “Try again” on any page.",
    )


# Surroundings that are away


@contextmanager
def silent_server():
    """Takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        yield listener.getsockname()[1]


@pytest.fixture
def hanging(monkeypatch):
    """Asks questions of its own, for a thread that hangs stays in its asker."""
    monkeypatch.setattr(readiness, "_bounded", Bounded())
    with silent_server() as port:
        yield port


def test_a_broker_that_hangs_is_told_within_two_seconds(alive, hanging):
    alive()
    kept = celery_app.conf.broker_url, celery_app.conf.broker_write_url
    celery_app.conf.broker_url = celery_app.conf.broker_write_url = f"redis://127.0.0.1:{hanging}/0"
    try:
        began = time.monotonic()
        response = Client().get("/readyz")
    finally:
        celery_app.conf.broker_url, celery_app.conf.broker_write_url = kept
    assert failed(response) == ["broker"]
    assert time.monotonic() - began < PATIENCE + 1


def test_a_question_that_hangs_is_asked_by_one_thread_only():
    bounded, calls, end = Bounded(), [], threading.Event()

    def hang():
        calls.append(1)
        end.wait(30)

    for _ in range(2):
        with pytest.raises(readiness.NoAnswer):
            bounded.ask({"hang": hang})["hang"]()
    assert len(calls) == 1
    end.set()


def test_a_locked_database_does_not_hold_the_answer_up(alive, monkeypatch):
    """Readers do not wait for a writer, on either database."""
    alive()
    monkeypatch.setattr(readiness, "_bounded", Bounded())
    with transaction.atomic():
        Heartbeat.objects.select_for_update().update(pid=7)
        began = time.monotonic()
        assert examine(now=timezone.now()).is_ready
        assert time.monotonic() - began < PATIENCE


def test_a_signed_in_persons_cookie_asks_nothing_of_the_database(
    owner, sign_in, django_assert_num_queries
):
    browser = sign_in(owner)
    with django_assert_num_queries(0):
        assert browser.get("/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_they_take_no_posts(path):
    assert Client().post(path).status_code == 405


def test_the_database_and_cache_of_these_tests_are_real():
    assert database.vendor == "postgresql"
    assert cache.get("readyz") is None


@pytest.mark.parametrize(
    ("trouble", "ok", "says"),
    [
        (
            Trouble("worker", deaths=5, code=-9, starts_at=4e9),
            False,
            (
                "The process 'worker' ended 5 times lately; the last time it was killed, and it is "
                "started again in "
            ),
        ),
        (
            Trouble("scheduler", deaths=3, code=1, starts_at=0.0),
            False,
            (
                "The process 'scheduler' ended 3 times lately; the last time it ended with code 1, "
                "and it runs."
            ),
        ),
        (
            Trouble("worker", deaths=3, code=-9, starts_at=0.0, is_over=True),
            True,
            (
                "The process 'worker' ended 3 times lately; the last time it was killed, and it "
                "has run for more than a minute since."
            ),
        ),
        (
            Trouble("shop", deaths=3, code=1, starts_at=0.0),
            True,
            (
                "The process 'shop' ended 3 times lately; the last time it ended with code 1, "
                "and it runs."
            ),
        ),
    ],
)
def test_a_process_that_keeps_dying_is_told(alive, settings, tmp_path, trouble, ok, says):
    alive()
    settings.VAR_DIR = tmp_path
    write_troubles(tmp_path, [trouble])
    answer = Client().get("/readyz")
    (check,) = [each for each in answer.json()["checks"] if each["code"].startswith("process_")]
    assert (answer.status_code, check["ok"]) == (200 if ok else 503, ok)
    assert check["message"].startswith(says)
    assert check["remedy"].startswith(f"Look at what {trouble.name}.log says last.")
    assert ("out of memory" in check["remedy"]) is (trouble.code == -9)
    write_troubles(tmp_path, [])
    assert Client().get("/readyz").status_code == 200


def test_what_a_supervisor_said_that_is_gone_counts_no_more(tmp_path):
    write_troubles(tmp_path, [Trouble("worker", deaths=5, code=-9, starts_at=0.0)])
    file = tmp_path / "supervisor.json"
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    file.write_text(
        file.read_text().replace(f'"supervisor": {os.getpid()}', f'"supervisor": {gone.pid}')
    )
    assert read_troubles(tmp_path) == []
