"""Many Pins at once: those that a list has, and what decides about each."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from accounts.models import ConnectionStatus, Workspace
from publishing.policy.bulk import BulkRow
from publishing.selectors.held import AS_PLANNED


def bulk_rows(workspace: Workspace, pin_ids: Collection[UUID]) -> list[BulkRow]:
    """The workspace's Pins among some ids, in the order in which they would go out. One query."""
    facts = (
        workspace.pins.filter(pk__in=pin_ids)
        .order_by(*AS_PLANNED)
        .values_list(
            "pk",
            "status",
            "held_reason",
            "scheduled_at",
            "connection_id",
            "connection__status",
            "board_id",
            "media_id",
        )
    )
    return [
        BulkRow(
            pin_id=pk,
            status=status,
            held_reason=held_reason,
            scheduled_at=scheduled_at,
            connection_id=connection_id,
            account_works=connection_status == ConnectionStatus.ACTIVE,
            is_complete=None not in (connection_id, board_id, media_id),
        )
        for (
            pk,
            status,
            held_reason,
            scheduled_at,
            connection_id,
            connection_status,
            board_id,
            media_id,
        ) in facts
    ]
