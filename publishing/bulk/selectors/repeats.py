"""What many Pins would repeat too soon at times that are not theirs yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from accounts.models import Workspace
from publishing.bulk.policy.bulk import BulkAction, BulkOrder, BulkRow, judge
from publishing.choices.statuses import PinStatus
from publishing.schedule.selectors.repeats import repeating_at


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
