"""Giving Pins another time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from publishing.choices.events import EventKind
from publishing.choices.statuses import EDITABLE, PinStatus
from publishing.models import Pin
from publishing.pins.selectors.completeness import missing_from
from publishing.pins.services.events import note
from publishing.pins.services.pins import PinDeleted, PinLocked
from publishing.schedule.policy.moves import move_words, stays_held
from publishing.schedule.policy.times import is_past, is_too_far_ahead


class MoveRefused(Exception):
    """The Pin can't have that time; the text says why and what to do. `code` is for scripts."""

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        super().__init__(text)


def reschedule_pin(*, pin: Pin, by: User, at: datetime, now: datetime, time_zone: str) -> None:
    """Plan a Pin for `at` (UTC), which was chosen in `time_zone`; a complete draft is scheduled.

    A Pin that a person has put on hold stays there. Raises MoveRefused, PinLocked.
    """
    refuse_bad_time(at, now=now)
    with transaction.atomic():
        row = _locked(pin)
        columns = _columns(row, at=at, time_zone=time_zone)
        changed = Pin.objects.filter(pk=row.pk, status=row.status).update(updated_at=now, **columns)
        if not changed:  # only where the database has no row locks
            raise PinLocked(Pin.objects.get(pk=row.pk))
        note(
            pin_id=row.pk,
            kind=EventKind.PLANNED,
            by=by,
            now=now,
            text=move_words(row.scheduled_at, at, zone=time_zone),
        )
    pin.refresh_from_db()


def refuse_bad_time(at: datetime, *, now: datetime) -> None:
    """Raise MoveRefused for a time that has passed or can only be a slip."""
    if is_past(at, now=now):
        raise MoveRefused("past", "That time has passed. Choose a later one.")
    if is_too_far_ahead(at, now=now):
        raise MoveRefused("out_of_range", "This date is out of range. Choose a nearer one.")


def _locked(pin: Pin) -> Pin:
    """The row as it is now, kept from others until the transaction ends."""
    rows = Pin.objects.select_related("connection", "board", "media")
    row = rows.select_for_update(of=("self",)).filter(pk=pin.pk).first()
    if row is None:
        raise PinDeleted(pin)
    if row.status not in EDITABLE:
        raise PinLocked(row)
    return row


def _columns(row: Pin, *, at: datetime, time_zone: str) -> dict[str, object]:
    works = row.connection is not None and row.connection.is_active
    planned = {"scheduled_at": at, "time_zone": time_zone, "slot_at": None}
    if stays_held(status=row.status, held_reason=row.held_reason, account_works=works):
        return planned
    # A scheduled Pin may move while its account is lost: it waits when its turn comes.
    missing = "" if row.status in _ON_ITS_WAY else missing_from(row)
    if missing:
        raise MoveRefused("incomplete", f"This Pin still needs {missing}. Edit it, then plan it.")
    return {
        **planned,
        "status": PinStatus.SCHEDULED,
        "due_at": at,
        "claimed_at": None,
        "held_reason": "",
        "problem": "",
        "remedy": "",
    }


_ON_ITS_WAY = {PinStatus.SCHEDULED, PinStatus.CLAIMED}
