"""The same Pin for several boards: written together, each a Pin of its own afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from accounts.models import User, Workspace
from publishing.choices.events import EventKind
from publishing.choices.statuses import EDITABLE, PinStatus
from publishing.models import Pin
from publishing.pins.services.events import note_all
from publishing.pins.services.pins import PinContent, Plan, create_pin
from publishing.schedule.services.queue import create_in_slot

_STOPPABLE = EDITABLE - {PinStatus.DRAFT}


@dataclass(frozen=True, slots=True)
class Entry:
    """One Pin to write: what it shows and where, and when."""

    content: PinContent
    plan: Plan


def write_pins(
    *, workspace: Workspace, by: User, entries: Sequence[Entry], now: datetime
) -> list[Pin]:
    """Write Pins, all or none; several share a series.

    One that wants a slot that is taken by now gets the next free one. Raises NoFreeSlot.
    """
    series = uuid4() if len(entries) > 1 else None
    with transaction.atomic():
        return [
            (create_in_slot if entry.plan.slot_at else create_pin)(
                workspace=workspace,
                by=by,
                content=entry.content,
                plan=entry.plan,
                now=now,
                series=series,
            )
            for entry in entries
        ]


def stop_series(*, pin: Pin, by: User, now: datetime) -> int:
    """Make drafts of all Pins of a series that have not gone out; returns how many there were."""
    if pin.series is None:
        return 0
    with transaction.atomic():
        rows = Pin.objects.filter(workspace=pin.workspace_id, series=pin.series)
        waiting = rows.filter(status__in=_STOPPABLE).select_for_update().order_by("pk")
        pin_ids = list(waiting.values_list("pk", flat=True))
        stopped = Pin.objects.filter(pk__in=pin_ids).update(
            status=PinStatus.DRAFT,
            scheduled_at=None,
            due_at=None,
            claimed_at=None,
            slot_at=None,
            repeats=False,
            held_reason="",
            problem="",
            remedy="",
            updated_at=now,
        )
        note_all(pin_ids=pin_ids, kind=EventKind.UNPLANNED, by=by, now=now)
    return stopped
