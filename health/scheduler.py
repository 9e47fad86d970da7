"""Celery's scheduler, watched: its heartbeat stops when its ticks do."""

from __future__ import annotations

import time
from typing import Any

from celery.beat import PersistentScheduler

from health.policy import Kind, loop_runs
from health.watch import Watch


class WatchedScheduler(PersistentScheduler):
    """Ticks as Celery's own; a thread beside it writes the heartbeat."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._ticked_at = time.monotonic()
        self._watch = Watch(Kind.SCHEDULER, runs=self._runs)
        super().__init__(*args, **kwargs)

    def setup_schedule(self) -> None:
        super().setup_schedule()
        self._watch.start()

    def tick(self, *args: Any, **kwargs: Any) -> float:
        delay: float = super().tick(*args, **kwargs)
        self._ticked_at = time.monotonic()
        return delay

    def close(self) -> None:
        self._watch.stop()
        super().close()

    def _runs(self) -> bool:
        return loop_runs(time.monotonic() - self._ticked_at)
