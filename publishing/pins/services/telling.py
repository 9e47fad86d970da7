"""Writing down, for the people concerned, what happened to Pins; in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import RowId, User
from accounts.notifications.kinds import Kind
from accounts.services.events import Happening, record
from publishing.models import Pin

_BATCH = 500
_COLUMNS = (
    "pk",
    "workspace_id",
    "created_by_id",
    "title",
    "connection__username",
    "board__name",
    "scheduled_at",
    "problem",
    "remedy",
)


def tell_of_pins(
    kind: Kind, *, pin_ids: Iterable[RowId], by: User | None = None, now: datetime
) -> None:
    """Say that this has happened to the Pins, with what their rows say of it at this moment."""
    ids = list(pin_ids)
    for start in range(0, len(ids), _BATCH):
        rows = Pin.objects.filter(pk__in=ids[start : start + _BATCH]).order_by("scheduled_at", "pk")
        record(kind, [_happening(row) for row in rows.values(*_COLUMNS)], by=by, now=now)


def _happening(row: dict[str, Any]) -> Happening:
    return Happening(
        workspace_id=row["workspace_id"],
        subject="pin",
        subject_id=row["pk"],
        concerns_id=row["created_by_id"],
        payload={
            **pin_facts(
                title=row["title"],
                account=row["connection__username"],
                board=row["board__name"],
                planned=row["scheduled_at"],
            ),
            "problem": row["problem"],
            "remedy": row["remedy"],
        },
    )


def pin_facts(
    *, title: str, account: str | None, board: str | None, planned: datetime | None
) -> dict[str, Any]:
    """What a Pin is, where it goes and when: the fields of an Event's payload for it."""
    return {
        "name": title or "Untitled Pin",
        "place": [*([f"@{account}"] if account else []), *([board] if board else [])],
        "planned_at": planned.isoformat() if planned else None,
    }
