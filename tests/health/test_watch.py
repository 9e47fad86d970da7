"""The watch beside a process's loop: it beats while the loop turns, and survives what is away."""

import os
import socket
import time
from datetime import timedelta

import pytest
from celery import Celery
from celery.worker import state
from django.core import mail
from django.db import OperationalError
from django.utils import timezone

from health import heartbeats, watch
from health.models import Alarm, Heartbeat
from health.policy import Kind
from health.scheduler import WatchedScheduler
from health.watch import Watch
from health.worker import WorkerPulse

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


def test_a_process_whose_loop_turns_leaves_one_row():
    beating = Watch(Kind.WORKER, runs=lambda: True)
    beating.round()
    first = Heartbeat.objects.get()
    beating.round()
    again = Heartbeat.objects.get()
    assert (again.kind, again.host, again.pid) == ("worker", socket.gethostname(), os.getpid())
    assert again.at > first.at


def test_a_process_whose_loop_stands_leaves_none():
    Watch(Kind.SCHEDULER, runs=lambda: False).round()
    assert not Heartbeat.objects.exists()


def test_the_youngest_of_several_processes_counts():
    now = timezone.now()
    heartbeats.beat(Kind.WORKER, now=now)
    Heartbeat.objects.create(kind="worker", host="other", pid=1, at=now - DAY)
    assert heartbeats.last_beats() == {Kind.WORKER: now}
    heartbeats.forget_old(now=now + timedelta(seconds=1))
    assert Heartbeat.objects.count() == 1


def test_the_watch_of_a_living_process_tells_of_a_dead_one(alive, write_pin, owner, now):
    alive(worker=timedelta(minutes=6))
    write_pin(at=now + timedelta(minutes=20))
    looking = Watch(Kind.SCHEDULER, runs=lambda: True)
    looking.round()
    assert not Alarm.objects.exists()
    looking._looked_at -= 31
    looking.round()
    assert Alarm.objects.get().cause == "worker"
    assert [message.subject for message in mail.outbox] == ["Pins of Clay do not go out"]


def test_a_database_that_comes_back_finds_the_watch_at_its_place(monkeypatch):
    monkeypatch.setattr(watch, "BEAT_EVERY", timedelta(milliseconds=20))
    asked = []

    def runs():
        asked.append(True)
        if len(asked) < 3:
            raise OperationalError("the database is away")
        return True

    beating = Watch(Kind.WORKER, runs=runs)
    beating.start()
    give_up_at = time.monotonic() + 20
    while not Heartbeat.objects.exists() and time.monotonic() < give_up_at:
        time.sleep(0.02)
    beating.stop()
    beating._thread.join(20)
    assert Heartbeat.objects.get().kind == "worker"


def test_a_worker_gets_on_while_its_tasks_begin_and_end(monkeypatch):
    pulse = WorkerPulse(places=1)
    request = object()
    monkeypatch.setattr(state, "active_requests", {request})
    pulse.turn()
    assert pulse.lives()
    pulse._moved_at -= 601  # its only place has been taken for longer than a task may take
    pulse.turn()
    assert not pulse.lives()
    monkeypatch.setattr(state, "active_requests", set())
    pulse.turn()
    assert pulse.lives()
    pulse._turned_at -= 31
    assert not pulse.lives()


def test_a_scheduler_runs_as_long_as_it_ticks(tmp_path):
    app = Celery("alone", broker="memory://", set_as_current=False)
    scheduler = WatchedScheduler(app=app, schedule_filename=str(tmp_path / "beat"), lazy=True)
    scheduler._store = {"entries": {}}
    scheduler._ticked_at -= 31
    assert not scheduler._runs()
    scheduler.tick()
    assert scheduler._runs()
