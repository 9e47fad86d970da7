"""Due Pins and Pins in hand, as the sharing of turns needs them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import connection as database
from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import ConnectionStatus
from publishing.models import AppStop, Board, Pin
from publishing.policy.statuses import MOVING, PinStatus
from publishing.policy.turns import DuePin, InHand

FEW: Final = 300
"""Due Pins that are simply read. Where there are more, each board is asked for its first: the many
of one account would hide the few of another."""


# One statement where there could be four: it runs twice a second, due Pins or not.
_LOOK = """
SELECT p.id, p.connection_id, b.pinterest_id, p.due_at, p.status
FROM (
    (SELECT id, connection_id, board_id, due_at, status FROM publishing_pin
     WHERE status = 'scheduled' AND due_at <= %s ORDER BY due_at, id LIMIT %s)
    UNION ALL
    (SELECT id, connection_id, board_id, due_at, status FROM publishing_pin
     WHERE status IN ('claimed', 'sending'))
) p
JOIN publishing_board b ON b.id = p.board_id
JOIN accounts_connection c ON c.id = p.connection_id
WHERE (p.status <> 'scheduled' OR c.status = 'active')
AND NOT EXISTS (SELECT 1 FROM publishing_appstop WHERE app_id = %s)
"""


def due_and_in_hand(*, now: datetime, app_id: str) -> tuple[list[DuePin], list[InHand]]:
    """Due Pins of connected accounts, the first of each board at the least; and Pins in hand.

    No due Pins while Pinterest refuses the app.
    """
    rows = _look(now=now, app_id=app_id)
    due = [DuePin(*row[:4]) for row in rows if row[4] == PinStatus.SCHEDULED]
    in_hand = [
        InHand(row[1], row[2], row[4] == PinStatus.SENDING)
        for row in rows
        if row[4] != PinStatus.SCHEDULED
    ]
    if len(due) > FEW:
        first = _first_of_each_board(now=now).values_list(*_FACTS[:4])
        due = [DuePin(pin_id, account, board, at) for pin_id, account, board, at in first if at]
    return due, in_hand


_FACTS = ("pk", "connection_id", "board__pinterest_id", "due_at", "status")


def _look(*, now: datetime, app_id: str) -> list[tuple[Any, ...]]:
    if database.vendor == "postgresql":
        with database.cursor() as cursor:
            cursor.execute(_LOOK, [now, FEW + 1, app_id])
            return list(cursor.fetchall())
    if AppStop.objects.filter(app_id=app_id).exists():
        return []
    due = Pin.objects.filter(
        status=PinStatus.SCHEDULED, due_at__lte=now, connection__status=ConnectionStatus.ACTIVE
    )
    in_hand = Pin.objects.filter(status__in=MOVING)
    return [
        *due.order_by("due_at", "id").values_list(*_FACTS)[: FEW + 1],
        *in_hand.values_list(*_FACTS),
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
