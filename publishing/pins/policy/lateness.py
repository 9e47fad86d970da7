"""What is late, and when late Pins go out. Pure: lengths of time come in at the present pace."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

GAP = timedelta(minutes=5)
"""Due Pins are handed out each second; after a silence this long, those it missed are late."""

LATE_AFTER = timedelta(minutes=5)
"""A Pin that has not gone out this long after its time is called late."""


SHORTEST_HOLD = timedelta(hours=1)
"""The least that a workspace can choose as the lateness beyond which it wants to be asked."""

SPACED_TEXT = "Publishing was interrupted at this Pin's time, so it is late."
SPACED_REMEDY = (
    "It goes out by itself, some time after the other late Pins. "
    "Publish it now if it can't wait, or give it another time."
)
HELD_REMEDY = "Publish it now or give it a new time. If its day is over, make it a draft."


@dataclass(frozen=True, slots=True)
class Waiting(Generic[Key]):
    """A Pin whose planned time has passed; `due_at` is when it would go out as things are."""

    key: Key
    scheduled_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Spread(Generic[Key]):
    """New instants for the Pins that get one, and those that would become too late by it."""

    moved: dict[Key, datetime]
    too_late: list[Key]


def was_silent(*, last: datetime, now: datetime, gap: timedelta) -> bool:
    """Whether so long nothing was handed out that what was due meanwhile is late."""
    return now - last >= gap


def is_too_late(scheduled_at: datetime, *, at: datetime, hold_after: timedelta | None) -> bool:
    """Whether a Pin that went out `at` an instant would be later than goes without asking."""
    return hold_after is not None and at - scheduled_at > hold_after


def spread(
    waiting: Iterable[Waiting[Key]],
    *,
    now: datetime,
    spacing: timedelta,
    hold_after: timedelta | None,
) -> Spread[Key]:
    """Space late Pins of one account from now on, in the order in which they are due.

    None goes out before it is due: it may be waiting for a limit's end. A Pin that is far enough
    behind the one before it stays where it is. Those that the spacing would make later than
    `hold_after` take no place.
    """
    moved: dict[Key, datetime] = {}
    too_late: list[Key] = []
    earliest = now
    for pin in sorted(waiting, key=lambda pin: (pin.due_at, pin.scheduled_at)):
        at = max(earliest, pin.due_at)
        if is_too_late(pin.scheduled_at, at=at, hold_after=hold_after):
            too_late.append(pin.key)
            continue
        if at != pin.due_at:
            moved[pin.key] = at
        earliest = at + spacing
    return Spread(moved=moved, too_late=too_late)


def held_text(hold_after: timedelta) -> str:
    """Why a Pin waits for somebody's approval."""
    hours = round(hold_after / timedelta(hours=1))
    unit = "hour" if hours == 1 else "hours"
    return f"This Pin missed its time by more than {hours} {unit}, so it does not go out unasked."
