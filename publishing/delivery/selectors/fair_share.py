"""Due Pins and Pins in hand, as the sharing of turns needs them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db import connection as database
from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import ConnectionStatus
from publishing.choices.statuses import PinStatus
from publishing.delivery.policy.fair_share import DuePin, InHand
from publishing.delivery.selectors.functions import LOOK
from publishing.models import Board, Pin

FEW: Final = 300
"""Due Pins that are simply read. Where there are more, each board is asked for its first: the many
of one account would hide the few of another."""


def due_and_in_hand(*, now: datetime, app_id: str) -> tuple[list[DuePin], list[InHand]]:
    """Due Pins of connected accounts, the first of each board at the least; and Pins in hand.

    Both with the longest due first. No due Pins while Pinterest refuses the app.
    """
    rows = _look(now=now, app_id=app_id)
    if len(rows) > FEW and sum(row[3] == PinStatus.SCHEDULED for row in rows) > FEW:
        rows = [row for row in rows if row[3] != PinStatus.SCHEDULED]
        rows += _as_text(_first_of_each_board(now=now).values_list(*_FACTS))
    due = [DuePin(*facts) for *facts, status in rows if status == PinStatus.SCHEDULED]
    in_hand = [
        InHand(account, board, status == PinStatus.SENDING)
        for _pin_id, account, board, status in rows
        if status != PinStatus.SCHEDULED
    ]
    return due, in_hand


def next_due_at(*, after: datetime, before: datetime) -> datetime | None:
    """When the first Pin that becomes due between two instants does."""
    coming = Pin.objects.filter(status=PinStatus.SCHEDULED, due_at__gt=after, due_at__lt=before)
    return coming.order_by("due_at", "id").values_list("due_at", flat=True).first()


_FACTS = ("pk", "connection_id", "board__pinterest_id", "status")
_Row = tuple[str, str, str, str]

_BOARD_IDS: dict[str, str] = {}


def _with_board_ids(rows: list[_Row]) -> list[_Row]:
    """Pinterest's id of each board in place of ours. It never changes, so each is read once."""
    unknown = {board_pk for _pin_id, _account, board_pk, _status in rows} - _BOARD_IDS.keys()
    if unknown:
        found = Board.objects.filter(pk__in=unknown).values_list("pk", "pinterest_id")
        _BOARD_IDS.update((str(pk), pinterest_id) for pk, pinterest_id in found)
    return [(pin, account, _BOARD_IDS[board], status) for pin, account, board, status in rows]


def _as_text(rows: Iterable[tuple[Any, ...]]) -> list[_Row]:
    return [(str(pin), str(account), board, status) for pin, account, board, status in rows]


def _look(*, now: datetime, app_id: str) -> list[_Row]:
    with database.cursor() as cursor:
        cursor.execute(LOOK, [now, FEW + 1, app_id])
        return _with_board_ids(cursor.fetchall())


def _first_of_each_board(*, now: datetime) -> QuerySet[Pin]:
    first = (
        Pin.objects.filter(board=OuterRef("pk"), status=PinStatus.SCHEDULED, due_at__lte=now)
        .order_by("due_at", "id")
        .values("pk")[:1]
    )
    boards = Board.objects.filter(connection__status=ConnectionStatus.ACTIVE)
    return Pin.objects.filter(
        pk__in=boards.annotate(first=Subquery(first)).exclude(first=None).values("first")
    ).order_by("due_at", "id")
