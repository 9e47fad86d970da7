"""What people decide about Pins on hold: publish them now, keep or change their times, drop them.

Many at a time, and each answer is one transaction: the rows are locked, those that can't take the
answer are left out and counted, the others change by conditional UPDATE with a line of history.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Case, DateTimeField, F, QuerySet, Value, When

from accounts.models import User, Workspace
from publishing.choices.events import EventKind
from publishing.choices.statuses import PinStatus
from publishing.holds.policy.late_times import AT_ONCE_STEP, spaced_times
from publishing.holds.selectors.held import AS_PLANNED
from publishing.models import Pin
from publishing.pins.services.events import note_all

_BATCH = 200
"""Rows in one UPDATE."""


@dataclass(frozen=True, slots=True)
class HeldAnswer:
    """What an answer did: how many Pins took it, and why the others did not.

    `not_connected` counts by account; `incomplete` lack a board or a picture; `moved_on` were not
    on hold any more; the time of `missed` ones has passed, or they never had one.
    """

    done: int = 0
    not_connected: dict[str, int] = field(default_factory=dict)
    incomplete: int = 0
    moved_on: int = 0
    missed: int = 0


def keep_held(
    *, workspace: Workspace, pin_ids: Iterable[UUID], by: User, now: datetime
) -> HeldAnswer:
    """Let Pins on hold go out at the times they were planned for, where those are still ahead.

    They keep their slots in the queue too.
    """
    wanted = list(dict.fromkeys(pin_ids))
    with transaction.atomic():
        locked = _lock(workspace, wanted)
        able = [pin for pin in locked if can_go_out(pin)]
        ids = [pin.pk for pin in able if pin.scheduled_at and pin.scheduled_at > now]
        columns = {name: value for name, value in _let_go(now=now).items() if name != "slot_at"}
        _on_hold(ids).update(status=PinStatus.SCHEDULED, due_at=F("scheduled_at"), **columns)
        text = "To go out as planned."
        note_all(pin_ids=ids, kind=EventKind.RELEASED, by=by, now=now, text=text)
    return _answer(wanted, locked, done=len(ids), missed=len(able) - len(ids))


def publish_held(
    *, workspace: Workspace, pin_ids: Iterable[UUID], by: User, now: datetime
) -> HeldAnswer:
    """Make Pins on hold due at once, in the order they were planned in."""
    return _plan(
        workspace, pin_ids, start=now, step=AT_ONCE_STEP, kind=EventKind.RELEASED, by=by, now=now
    )


def space_held(
    *,
    workspace: Workspace,
    pin_ids: Iterable[UUID],
    by: User,
    start: datetime,
    step: timedelta,
    zone: str,
    now: datetime,
) -> HeldAnswer:
    """Give Pins on hold new times from `start` on, in the order they were planned in.

    `zone` is what the times were chosen in.
    """
    return _plan(
        workspace,
        pin_ids,
        start=start,
        step=step,
        kind=EventKind.SPACED,
        by=by,
        now=now,
        time_zone=zone,
    )


def drop_held(
    *, workspace: Workspace, pin_ids: Iterable[UUID], by: User, now: datetime
) -> HeldAnswer:
    """Make Pins on hold drafts; they keep what they show and lose their time."""
    wanted = list(dict.fromkeys(pin_ids))
    with transaction.atomic():
        ids = [pin.pk for pin in _lock(workspace, wanted)]
        _on_hold(ids).update(
            status=PinStatus.DRAFT, scheduled_at=None, due_at=None, **_let_go(now=now)
        )
        note_all(pin_ids=ids, kind=EventKind.UNPLANNED, by=by, now=now)
    return HeldAnswer(done=len(ids), moved_on=len(wanted) - len(ids))


def can_go_out(pin: Pin) -> bool:
    """Whether a Pin on hold could be published or planned as things are."""
    return pin.is_complete and pin.connection is not None and pin.connection.is_active


def _plan(
    workspace: Workspace,
    pin_ids: Iterable[UUID],
    *,
    start: datetime,
    step: timedelta,
    kind: EventKind,
    by: User,
    now: datetime,
    **columns: str,
) -> HeldAnswer:
    wanted = list(dict.fromkeys(pin_ids))
    with transaction.atomic():
        locked = _lock(workspace, wanted)
        ids = [pin.pk for pin in locked if can_go_out(pin)]
        times = spaced_times(start, step=step, count=len(ids))
        for first in range(0, len(ids), _BATCH):
            some = slice(first, first + _BATCH)
            _give_times(ids[some], times[some], now=now, **columns)
        text = "To go out at once." if kind is EventKind.RELEASED else ""
        note_all(pin_ids=ids, kind=kind, by=by, now=now, text=text)
    return _answer(wanted, locked, done=len(ids))


def _answer(
    wanted: Sequence[UUID], locked: Sequence[Pin], *, done: int, missed: int = 0
) -> HeldAnswer:
    """What became of all that were meant."""
    complete = [pin for pin in locked if pin.is_complete]
    return HeldAnswer(
        done=done,
        not_connected=dict(Counter(str(pin.connection) for pin in complete if not can_go_out(pin))),
        incomplete=len(locked) - len(complete),
        moved_on=len(wanted) - len(locked),
        missed=missed,
    )


def _lock(workspace: Workspace, pin_ids: Sequence[UUID]) -> list[Pin]:
    """The Pins of the workspace that are on hold, held still, in the order of their times."""
    return list(
        workspace.pins.filter(pk__in=pin_ids, status=PinStatus.HELD)
        .select_related("connection")
        .order_by(*AS_PLANNED)
        .select_for_update(of=("self",))
    )


def _give_times(
    pin_ids: Sequence[UUID], times: Sequence[datetime], *, now: datetime, **columns: str
) -> None:
    at = Case(
        *(When(pk=pk, then=Value(time)) for pk, time in zip(pin_ids, times, strict=True)),
        output_field=DateTimeField(),
    )
    _on_hold(pin_ids).update(
        status=PinStatus.SCHEDULED, scheduled_at=at, due_at=at, **columns, **_let_go(now=now)
    )


def _on_hold(pin_ids: Sequence[UUID]) -> QuerySet[Pin]:
    return Pin.objects.filter(pk__in=pin_ids, status=PinStatus.HELD)


def _let_go(*, now: datetime) -> dict[str, object]:
    """What a Pin that is no longer on hold has none of any more, its slot in the queue included."""
    return {
        "slot_at": None,
        "held_reason": "",
        "problem": "",
        "remedy": "",
        "updated_at": now,
    }
