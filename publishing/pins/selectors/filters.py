"""Which of a workspace's Pins a page is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.models import Connection, Workspace
from publishing.models import Board, Pin
from publishing.pins.policy.prospects import Level
from publishing.pins.selectors.prospects import is_stopped, is_worth_a_look, of_level


@dataclass(frozen=True, slots=True)
class PinFilter:
    """What Pins must have in common; empty members ask for nothing.

    `since` and `before` are about the time a Pin is planned for.
    """

    statuses: tuple[str, ...] = ()
    level: Level = Level.NONE
    connection: UUID | None = None
    board: int | None = None
    kind: str = ""
    created_by: UUID | None = None
    since: datetime | None = None
    before: datetime | None = None
    text: str = ""

    @property
    def conditions(self) -> dict[str, Any]:
        """What is asked for, as the keywords of a queryset's filter."""
        asked = {
            "status__in": self.statuses,
            "connection": self.connection,
            "board": self.board,
            "kind": self.kind,
            "created_by": self.created_by,
            "scheduled_at__gte": self.since,
            "scheduled_at__lt": self.before,
        }
        return {name: value for name, value in asked.items() if value}


def filtered(pins: QuerySet[Pin], chosen: PinFilter) -> QuerySet[Pin]:
    """Those of `pins` that a filter asks for."""
    pins = pins.filter(of_level(chosen.level), **chosen.conditions)
    if chosen.text:
        pins = pins.filter(
            Q(title__icontains=chosen.text)
            | Q(description__icontains=chosen.text)
            | Q(link__icontains=chosen.text)
        )
    return pins


@dataclass(frozen=True, slots=True)
class Counts:
    """How many Pins there are in each status, and of each level but NONE."""

    by_status: dict[str, int]
    by_level: dict[Level, int]


def counts_in(workspace: Workspace, chosen: PinFilter) -> Counts:
    """How many of the Pins that a filter asks for are how; one query."""
    rows = list(
        filtered(workspace.pins.all(), chosen)
        .order_by()
        .values("status")
        .annotate(
            count=Count("pk"),
            stopped=Count("pk", filter=is_stopped()),
            look=Count("pk", filter=is_worth_a_look()),
        )
    )
    return Counts(
        by_status={row["status"]: row["count"] for row in rows},
        by_level={
            Level.STOPPED: sum(row["stopped"] for row in rows),
            Level.LOOK: sum(row["look"] for row in rows),
        },
    )


def boards_to_filter_by(workspace: Workspace, *, limit: int) -> list[Board]:
    """Boards of the workspace's accounts, by account and name."""
    boards = Board.objects.filter(connection__workspace=workspace, gone_at=None)
    return list(
        boards.select_related("connection").order_by("connection__username", "name", "pk")[:limit]
    )


def accounts_to_filter_by(workspace: Workspace) -> list[Connection]:
    """All accounts of a workspace, lost ones too: their Pins are still here."""
    return list(workspace.connections.order_by("username"))
