"""A thread beside a process's loop: writes its heartbeat while the loop runs, looks for trouble.

A thread, so that a slow database or mail server holds up neither the scheduler's ticks nor the
worker's tasks; and in both processes, so that either can tell of the other's death.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.db import Error as DatabaseError
from django.db import connections
from django.utils import timezone

from health import alarms, heartbeats
from health.policy import BEAT_EVERY, LOOK_EVERY, Kind
from health.readiness import examine

logger = logging.getLogger(__name__)


class Watch:
    """Heartbeats of one process, and its look-out for alarms. `runs` says whether it works."""

    def __init__(self, kind: Kind, *, runs: Callable[[], bool]) -> None:
        self._kind = kind
        self._runs = runs
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep_on, name="health", daemon=True)
        self._looked_at = time.monotonic()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end; it is a daemon, so nothing waits for it."""
        self._stop.set()

    def round(self) -> None:
        """One heartbeat if the process works, and every now and then a look for trouble."""
        now = timezone.now()
        if self._runs():
            heartbeats.beat(self._kind, now=now)
        if time.monotonic() - self._looked_at >= LOOK_EVERY.total_seconds():
            self._looked_at = time.monotonic()
            heartbeats.forget_old(now=now)
            alarms.look(examine(), now=now)

    def _keep_on(self) -> None:
        while not self._stop.wait(BEAT_EVERY.total_seconds()):
            try:
                self.round()
            except DatabaseError as error:
                # There is nowhere to write to; /readyz says so, and the next round tries again.
                logger.warning("heartbeat_not_written kind=%s %s", self._kind, type(error).__name__)
            finally:
                connections.close_all()
