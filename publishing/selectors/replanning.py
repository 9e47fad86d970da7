"""What many Pins would repeat too soon at times that are not theirs yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from accounts.models import Workspace
from publishing.policy.bulk import BulkAction, BulkOrder, BulkRow, judge
from publishing.policy.statuses import PinStatus
from publishing.selectors.repeats import candidate_of, repeating_keys


def repeating_at(workspace: Workspace, times: Mapping[UUID, datetime]) -> list[UUID]:
    """Those Pins that would repeat a link or a picture too soon at `times`, in their order.

    Those whose repeating is meant are left out. Three queries, however many Pins.
    """
    if not times:
        return []
    rows = workspace.pins.filter(pk__in=list(times)).select_related("media")
    there = {pin.pk: pin for pin in rows}
    candidates = [candidate_of(there[pk], at=at) for pk, at in times.items() if pk in there]
    return [UUID(key) for key in repeating_keys(workspace, candidates)]


def repeating_after(
    workspace: Workspace, rows: Sequence[BulkRow], order: BulkOrder, *, now: datetime, zone: str
) -> list[UUID]:
    """Those Pins that would repeat something too soon once an order is carried out.

    Only orders that say when or where Pins go out are asked about.
    """
    verdict = judge(rows, order, now=now, zone=zone)
    times: dict[UUID, datetime] = {}
    if order.action in {BulkAction.SHIFT, BulkAction.SPREAD}:
        pairs = zip(verdict.taken, verdict.times, strict=True)
        times = {row.pin_id: at for row, at in pairs}
    elif order.action is BulkAction.BOARD:
        times = {
            row.pin_id: row.scheduled_at
            for row in verdict.taken
            if row.scheduled_at is not None and row.status != PinStatus.FAILED
        }
    return repeating_at(workspace, times)
