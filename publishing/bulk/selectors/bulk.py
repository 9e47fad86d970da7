"""Many Pins at once: those that a list has, and what decides about each."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from accounts.models import Workspace
from publishing.bulk.policy.bulk import BulkRow
from publishing.holds.selectors.held import AS_PLANNED


def bulk_rows(workspace: Workspace, pin_ids: Collection[UUID]) -> list[BulkRow]:
    """The workspace's Pins among some ids, in the order in which they would go out. One query."""
    pins = (
        workspace.pins.filter(pk__in=pin_ids)
        .order_by(*AS_PLANNED)
        .select_related("connection")
        .only(
            *("workspace", "connection", "connection__status", "board"),
            *("status", "held_reason", "scheduled_at", "kind", "media", "cover_second"),
        )
    )
    return [
        BulkRow(
            pin_id=pin.pk,
            status=pin.status,
            held_reason=pin.held_reason,
            scheduled_at=pin.scheduled_at,
            connection_id=pin.connection_id,
            account_works=pin.connection is not None and pin.connection.is_active,
            is_complete=pin.is_complete,
        )
        for pin in pins
    ]
