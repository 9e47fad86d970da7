"""A worker, watched: its loop must turn, and its places must get on with their tasks."""

from __future__ import annotations

import time
from typing import Any

from celery import bootsteps
from celery.worker import state
from django.conf import settings

from health.policy import Kind, Turns, worker_lives
from health.watch import Watch

_TURN_EVERY = 2.0


class WorkerPulse:
    """What a running worker shows of itself."""

    def __init__(self, *, places: int) -> None:
        self._places = places
        self._turned_at = self._moved_at = time.monotonic()
        self._counted: tuple[int, int] = (0, 0)

    def turn(self) -> None:
        """Called by the worker's own loop, between its tasks."""
        now = time.monotonic()
        self._turned_at = now
        counted = (sum(state.total_count.values()), len(state.active_requests))
        if counted != self._counted:
            self._counted, self._moved_at = counted, now

    def lives(self) -> bool:
        now = time.monotonic()
        return worker_lives(
            Turns(
                since_loop=now - self._turned_at,
                since_task=now - self._moved_at,
                busy=len(state.active_requests),
                places=self._places,
                longest_task=settings.CELERY_TASK_TIME_LIMIT,
            )
        )


class WatchedWorker(bootsteps.StartStopStep):
    """Celery calls `start` after each connecting to the broker, for its timers end with that."""

    requires = {"celery.worker.consumer.tasks:Tasks"}

    def __init__(self, consumer: Any, **kwargs: Any) -> None:
        super().__init__(consumer, **kwargs)
        self._pulse = WorkerPulse(places=consumer.pool.num_processes)
        self._watch: Watch | None = None
        self._turning: Any = None

    def start(self, consumer: Any) -> None:
        self._pulse.turn()
        self._turning = consumer.timer.call_repeatedly(_TURN_EVERY, self._pulse.turn)
        if self._watch is None:
            self._watch = Watch(Kind.WORKER, runs=self._pulse.lives)
            self._watch.start()

    def stop(self, consumer: Any) -> None:
        if self._turning is not None:
            consumer.timer.cancel(self._turning)

    def shutdown(self, consumer: Any) -> None:
        if self._watch is not None:
            self._watch.stop()
