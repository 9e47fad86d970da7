"""When a process counts as silent, a Pin as missed, an alarm as over. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

BEAT_EVERY = timedelta(seconds=5)
SILENT_AFTER = timedelta(seconds=60)
"""A process that has not been seen for this long is silent: twelve heartbeats are missing."""

FORGOTTEN_AFTER = timedelta(days=1)
"""Rows of processes that ended are kept this long."""

LOOP_STUCK_AFTER = timedelta(seconds=30)
"""A loop that has not turned for this long does not run. It turns several times a second."""

MISSED_AFTER = timedelta(minutes=5)
"""A Pin still here this long after it was due, with nothing in its way, is missed."""

ALARM_AFTER_SILENCE = timedelta(minutes=5)
"""A restart makes a process silent for a moment; nobody is mailed for that."""

ABOUT_TO_MISS = timedelta(hours=1)
"""While a process is silent, workspaces with a Pin due within this are warned."""

OVER_AFTER = timedelta(minutes=2)
"""Trouble that has not been seen for this long is over."""

LOOK_EVERY = timedelta(seconds=30)


class Kind(StrEnum):
    """The kinds of process without which nothing is published."""

    WORKER = "worker"
    SCHEDULER = "scheduler"


class Cause(StrEnum):
    """What keeps Pins from going out, as far as PinApp can tell."""

    WORKER = "worker"
    SCHEDULER = "scheduler"
    CACHE = "cache"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Turns:
    """What a worker shows of itself, in seconds. `busy` of `places` tasks are under way."""

    since_loop: float
    since_task: float
    busy: int
    places: int
    longest_task: float


def is_silent(last: datetime | None, *, now: datetime) -> bool:
    """Whether a kind of process has not been heard of lately, or never."""
    return last is None or now - last > SILENT_AFTER


def loop_runs(since_loop: float) -> bool:
    """Whether a loop that turned so many seconds ago is running."""
    return since_loop <= LOOP_STUCK_AFTER.total_seconds()


def worker_lives(turns: Turns) -> bool:
    """Whether a worker gets on with its work.

    A slow upload is work. A worker is stuck when all its places are taken and none of them has
    begun or ended a task for longer than any task may take.
    """
    is_full = turns.busy >= turns.places
    return loop_runs(turns.since_loop) and not (is_full and turns.since_task > turns.longest_task)


def alarm_is_over(seen_at: datetime, *, now: datetime) -> bool:
    """Whether the trouble behind an alarm has been gone for long enough."""
    return now - seen_at >= OVER_AFTER
