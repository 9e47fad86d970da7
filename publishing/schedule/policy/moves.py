"""What becomes of a Pin that is given another time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from foundation.spans.clocks import told_apart
from publishing.choices.statuses import HoldReason, PinStatus

MORNING = time(9)
"""When a draft goes out on a day that it is put on without a time."""


def stays_held(*, status: str, held_reason: str, account_works: bool) -> bool:
    """Whether a Pin on hold stays there with its new time.

    What a person has stopped is not started by tidying the calendar, and what waits for an account
    goes on waiting. A new time answers the other reasons.
    """
    if status != PinStatus.HELD:
        return False
    return held_reason == HoldReason.PERSON or not account_works


def clock_on(day: date, *, planned: datetime | None, now: datetime, zone: str) -> time:
    """The time of a Pin that is put on a day: its own, or for a draft one that is still ahead."""
    place = ZoneInfo(zone)
    if planned is not None:
        return planned.astimezone(place).time()
    here = now.astimezone(place)
    if day != here.date() or here.time() < MORNING:
        return MORNING
    if here.hour == 23:
        return here.time().replace(minute=59, second=0, microsecond=0)
    return (here + timedelta(hours=1)).time().replace(minute=0, second=0, microsecond=0)


def move_words(old: datetime | None, new: datetime | None, *, zone: str) -> str:
    """A line of history: `Tue 24 Nov 2026, 09:00 → Wed 25 Nov 2026, 09:00 (Europe/Berlin)`."""
    return f"{_words(old, zone)} → {_words(new, zone)} ({zone})"


def _words(moment: datetime | None, zone: str) -> str:
    if moment is None:
        return "no time"
    local = moment.astimezone(ZoneInfo(zone))
    return told_apart(f"{local:%a %-d %b %Y, %H:%M}", local)
