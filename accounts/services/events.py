"""Writing down what happened, in the transaction in which it did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from accounts.models import Connection, Event, RowId, User
from accounts.notifications.kinds import Kind

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened to one subject; the fields are those of an Event."""

    workspace_id: RowId
    subject: str
    subject_id: RowId | int
    concerns_id: RowId | None = None
    payload: dict[str, Any] = field(default_factory=dict)


def record(kind: Kind, happenings: Iterable[Happening], *, by: User | None, now: datetime) -> None:
    """Write down what happened; whoever is to be told of it is told after the commit.

    `by` is None for what PinApp does by itself.
    """
    told = list(happenings)
    # In the order they are given in, for they share the moment.
    ids = sorted(uuid4() for _ in told)
    Event.objects.bulk_create(
        [
            Event(
                id=event_id,
                workspace_id=each.workspace_id,
                kind=kind.code,
                subject=each.subject,
                subject_id=str(each.subject_id),
                concerns_id=each.concerns_id,
                actor=by,
                payload=each.payload,
                created_at=now,
            )
            for event_id, each in zip(ids, told, strict=True)
        ],
        batch_size=_BATCH,
    )


def about(connection: Connection, *, problem: str = "") -> Happening:
    """What happened to an account, which is the work of whoever connected it."""
    return Happening(
        workspace_id=connection.workspace_id,
        subject="connection",
        subject_id=connection.pk,
        concerns_id=connection.connected_by_id,
        payload={"name": str(connection), "problem": problem},
    )
