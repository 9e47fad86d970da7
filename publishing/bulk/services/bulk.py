"""One change of many Pins: the good ones take it, the others are left alone and named.

Each change is one transaction of few statements, however many Pins it is about: the rows are
locked and judged, those that can take the change get it by conditional UPDATEs, and each gets a
line of history.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Case, DateTimeField, F, QuerySet, Value, When

from accounts.models import User, Workspace
from publishing.bulk.policy.bulk import BulkAction, BulkOrder, BulkRow, Refusal, Verdict, judge
from publishing.bulk.selectors.bulk import bulk_rows
from publishing.choices.events import EventKind
from publishing.choices.statuses import EDITABLE, HoldReason, PinStatus
from publishing.holds.selectors.held import AS_PLANNED
from publishing.models import Board, BoardSection, Pin
from publishing.pins.notifications import PIN_HELD
from publishing.pins.services.events import note_all
from publishing.pins.services.telling import tell_of_pins

HOLD_REMEDY = "It waits until somebody takes it off hold or publishes it."

_BATCH = 200
"""Rows in one UPDATE that gives each a time of its own."""

_CLEAR = {"held_reason": "", "problem": "", "remedy": ""}


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """How many Pins took a change, and which were left alone and why."""

    done: int
    left: list[tuple[UUID, Refusal]] = field(default_factory=list)


def apply_to_many(
    *,
    workspace: Workspace,
    pin_ids: Collection[UUID],
    order: BulkOrder,
    by: User,
    now: datetime,
    zone: str,
    board: Board | None = None,
    section: BoardSection | None = None,
) -> BulkOutcome:
    """Carry out an order; `zone` is what its days mean. BOARD takes `board` and `section`."""
    with transaction.atomic():
        rows = bulk_rows(workspace, _lock(workspace, pin_ids))
        verdict = judge(rows, order, now=now, zone=zone)
        if order.action is BulkAction.SHIFT:
            _shift(verdict, zone=zone, now=now)
        elif order.action is BulkAction.SPREAD:
            _spread(verdict, zone=zone, now=now)
        elif order.action is BulkAction.DELETE:
            Pin.objects.filter(pk__in=_ids(verdict), status=PinStatus.DRAFT).delete()
        else:
            _change(verdict, _columns(order, by=by, board=board, section=section), now=now)
        if order.action is not BulkAction.DELETE:
            kind, text = _line(order, board=board)
            note_all(pin_ids=_ids(verdict), kind=kind, by=by, now=now, text=text)
        if order.action is BulkAction.HOLD:
            tell_of_pins(PIN_HELD, pin_ids=_ids(verdict), by=by, now=now)
    gone = set(pin_ids) - {row.pin_id for row in rows}
    return BulkOutcome(
        done=len(verdict.taken), left=[*verdict.left, *((pk, Refusal.GONE) for pk in gone)]
    )


def _columns(
    order: BulkOrder, *, by: User, board: Board | None, section: BoardSection | None
) -> dict[str, object]:
    """What an action writes into all of its Pins alike."""
    if order.action is BulkAction.BOARD:
        if board is None:
            raise ValueError("A change of the board needs a board.")
        return {"board": board, "section": section}
    columns: dict[BulkAction, dict[str, object]] = {
        BulkAction.HOLD: {
            "status": PinStatus.HELD,
            "held_reason": HoldReason.PERSON,
            "due_at": None,
            "claimed_at": None,
            "problem": f"{by} put this Pin on hold.",
            "remedy": HOLD_REMEDY,
        },
        BulkAction.RELEASE: {
            **_CLEAR,
            "status": PinStatus.SCHEDULED,
            "due_at": F("scheduled_at"),
        },
        BulkAction.CANCEL: {
            **_CLEAR,
            "status": PinStatus.DRAFT,
            "scheduled_at": None,
            "due_at": None,
            "claimed_at": None,
            "slot_at": None,
        },
    }
    return columns[order.action]


def _line(order: BulkOrder, *, board: Board | None) -> tuple[EventKind, str]:
    """The line of history that all of its Pins get."""
    if order.action is BulkAction.SHIFT:
        return EventKind.PLANNED, shift_words(days=order.days, hours=order.hours)
    if order.action is BulkAction.BOARD:
        return EventKind.CHANGED, f"Board: {board}"
    kinds = {
        BulkAction.SPREAD: EventKind.SPACED,
        BulkAction.HOLD: EventKind.HELD,
        BulkAction.RELEASE: EventKind.RELEASED,
        BulkAction.CANCEL: EventKind.UNPLANNED,
    }
    return kinds[order.action], ""


def shift_words(*, days: int, hours: int) -> str:
    """`2 days and 3 hours later`, `1 day earlier`."""
    parts = [
        f"{abs(count)} {unit}{'' if abs(count) == 1 else 's'}"
        for count, unit in ((days, "day"), (hours, "hour"))
        if count
    ]
    return f"{' and '.join(parts)} {'earlier' if days < 0 or hours < 0 else 'later'}"


def _shift(verdict: Verdict, *, zone: str, now: datetime) -> None:
    """Move each by its distance: a day has 24 hours, or 23 or 25 across a change of the clocks."""
    by_distance: dict[tuple[timedelta, bool], list[UUID]] = defaultdict(list)
    for row, at in zip(verdict.taken, verdict.times, strict=True):
        if row.scheduled_at is not None:
            by_distance[at - row.scheduled_at, row.keeps_hold].append(row.pin_id)
    for (distance, keeps_hold), pin_ids in by_distance.items():
        moved = F("scheduled_at") + Value(distance)
        _editable(pin_ids).update(**_planned(moved, keeps_hold=keeps_hold, zone=zone, now=now))


def _spread(verdict: Verdict, *, zone: str, now: datetime) -> None:
    pairs = list(zip(verdict.taken, verdict.times, strict=True))
    for keeps_hold in (False, True):
        alike = [pair for pair in pairs if pair[0].keeps_hold is keeps_hold]
        for first in range(0, len(alike), _BATCH):
            some = alike[first : first + _BATCH]
            at = _own_times(some)
            _editable([row.pin_id for row, _ in some]).update(
                **_planned(at, keeps_hold=keeps_hold, zone=zone, now=now)
            )


def _own_times(pairs: Sequence[tuple[BulkRow, datetime]]) -> Case:
    return Case(
        *(When(pk=row.pin_id, then=Value(at)) for row, at in pairs),
        output_field=DateTimeField(),
    )


def _planned(at: object, *, keeps_hold: bool, zone: str, now: datetime) -> dict[str, object]:
    columns = {"scheduled_at": at, "time_zone": zone, "slot_at": None, "updated_at": now}
    if keeps_hold:
        return columns
    return {
        **columns,
        **_CLEAR,
        "status": PinStatus.SCHEDULED,
        "due_at": at,
        "claimed_at": None,
    }


def _change(verdict: Verdict, columns: dict[str, object], *, now: datetime) -> None:
    chosen = _editable(_ids(verdict))
    if "status" not in columns:
        # Whoever changes a claimed Pin ends the claim: its worker would send what was before.
        claimed = chosen.filter(status=PinStatus.CLAIMED)
        claimed.update(status=PinStatus.SCHEDULED, claimed_at=None)
    chosen.update(**columns, updated_at=now)


def _lock(workspace: Workspace, pin_ids: Collection[UUID]) -> list[UUID]:
    """The ids that are the workspace's; their rows wait for nobody else until the end."""
    rows = workspace.pins.filter(pk__in=pin_ids).order_by(*AS_PLANNED)
    return list(rows.select_for_update().values_list("pk", flat=True))


def _editable(pin_ids: Collection[UUID]) -> QuerySet[Pin]:
    """Conditional all the same: the lock is one guard, the status another."""
    return Pin.objects.filter(pk__in=pin_ids, status__in=EDITABLE)


def _ids(verdict: Verdict) -> list[UUID]:
    return [row.pin_id for row in verdict.taken]
