"""Rearranging an account's queue, once somebody has seen what moves."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import Connection, User
from publishing.choices.events import EventKind
from publishing.choices.statuses import PinStatus
from publishing.models import Pin
from publishing.pins.services.events import note_all
from publishing.schedule.policy.rearranging import Move, digest
from publishing.schedule.selectors.rearranging import plan_rearrangement


class QueueChanged(Exception):
    """The queue is not what the person has seen; the text says what to do."""

    def __str__(self) -> str:
        return "The queue has changed meanwhile, so nothing was moved. This is how it would be now."


def rearrange_queue(
    *, connection: Connection, by: User, seed: str, seen: str, now: datetime
) -> int:
    """Give the queue's Pins their new slots; returns how many moved.

    `seed` as of `plan_rearrangement`; `seen` is the digest of what the person has agreed to.
    Raises QueueChanged.
    """
    try:
        with transaction.atomic():
            pins = _lock_queue(connection, now=now)
            moves = plan_rearrangement(connection, pins, seed=seed, now=now)
            if digest(moves) != seen:
                raise QueueChanged
            moved = _move(pins, [move for move in moves if move.before != move.after], now=now)
            note_all(pin_ids=moved, kind=EventKind.SPACED, by=by, now=now, text="Queue rearranged")
    except IntegrityError as error:
        # Somebody has taken one of these slots since they were looked up.
        raise QueueChanged from error
    return len(moved)


def _lock_queue(connection: Connection, *, now: datetime) -> list[Pin]:
    """The Pins that wait in slots, in order; nobody else changes them until this is done."""
    rows = Pin.objects.select_for_update(of=("self",)).filter(
        connection=connection, status=PinStatus.SCHEDULED, slot_at__gt=now
    )
    return list(rows.select_related("media").order_by("slot_at"))


def _move(pins: list[Pin], moves: list[Move], *, now: datetime) -> list[str]:
    """All leave their slots before any takes another's."""
    new_times = {move.pin_id: move.after for move in moves}
    moving = [pin for pin in pins if str(pin.pk) in new_times]
    Pin.objects.filter(pk__in=[pin.pk for pin in moving]).update(slot_at=None)
    for pin in moving:
        at = new_times[str(pin.pk)]
        pin.slot_at = pin.scheduled_at = pin.due_at = at
        pin.updated_at = now
    Pin.objects.bulk_update(
        moving, ["slot_at", "scheduled_at", "due_at", "updated_at"], batch_size=200
    )
    return list(new_times)
