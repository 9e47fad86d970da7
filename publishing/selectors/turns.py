"""Due Pins and Pins in hand, as the sharing of turns needs them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import ConnectionStatus
from publishing.models import Board, Pin
from publishing.policy.statuses import MOVING, PinStatus
from publishing.policy.turns import DuePin, InHand

FEW: Final = 300
"""Due Pins that are simply read. Where there are more, each board is asked for its first: the many
of one account would hide the few of another."""


def due_pins(*, now: datetime) -> list[DuePin]:
    """Due Pins of connected accounts, the first of each board at the least."""
    due = Pin.objects.filter(
        status=PinStatus.SCHEDULED, due_at__lte=now, connection__status=ConnectionStatus.ACTIVE
    )
    few = _facts(due.order_by("due_at", "id")[: FEW + 1])
    return few if len(few) <= FEW else _facts(_first_of_each_board(now=now))


def pins_in_hand() -> list[InHand]:
    """Pins that workers have been given and not finished."""
    rows = Pin.objects.filter(status__in=MOVING)
    return [
        InHand(connection_id, board_id, status == PinStatus.SENDING)
        for connection_id, board_id, status in rows.values_list(
            "connection_id", "board__pinterest_id", "status"
        )
    ]


def _first_of_each_board(*, now: datetime) -> QuerySet[Pin]:
    first = (
        Pin.objects.filter(board=OuterRef("pk"), status=PinStatus.SCHEDULED, due_at__lte=now)
        .order_by("due_at", "id")
        .values("pk")[:1]
    )
    boards = Board.objects.filter(connection__status=ConnectionStatus.ACTIVE)
    return Pin.objects.filter(
        pk__in=boards.annotate(first=Subquery(first)).exclude(first=None).values("first")
    )


def _facts(pins: QuerySet[Pin]) -> list[DuePin]:
    rows = pins.values_list("pk", "connection_id", "board__pinterest_id", "due_at")
    return [DuePin(*row[:3], row[3]) for row in rows if row[3] is not None]
