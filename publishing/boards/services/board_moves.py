"""Taking Pins away from boards and sections that are gone."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from publishing.choices.events import EventKind
from publishing.choices.statuses import EDITABLE, MOVING
from publishing.models import Board, BoardSection, Pin
from publishing.pins.services.events import note_all

_AT_REST = EDITABLE - MOVING


def move_from_board(
    *, board: Board, to: Board, section: BoardSection | None, by: User, now: datetime
) -> int:
    """Send all Pins that wait for a board to another one of the account; returns how many.

    Times and statuses stay. Pins that are being sent or have gone out are left alone.
    """
    waiting = Pin.objects.filter(board=board, connection=board.connection)
    return _move(waiting, _place_name(board, None), to=to, section=section, by=by, now=now)


def move_from_section(
    *, gone: BoardSection, to: Board, section: BoardSection | None, by: User, now: datetime
) -> int:
    """The same for a section."""
    waiting = Pin.objects.filter(section=gone, connection=gone.board.connection)
    return _move(waiting, _place_name(gone.board, gone), to=to, section=section, by=by, now=now)


def _move(
    waiting: QuerySet[Pin],
    from_name: str,
    *,
    to: Board,
    section: BoardSection | None,
    by: User,
    now: datetime,
) -> int:
    with transaction.atomic():
        rows = waiting.filter(status__in=_AT_REST).order_by("pk")
        ids = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
        still = Pin.objects.filter(pk__in=ids, status__in=_AT_REST)
        moved = still.update(board=to, section=section, updated_at=now)
        note_all(
            pin_ids=ids,
            kind=EventKind.CHANGED,
            by=by,
            now=now,
            text=f"Moved from {from_name} to {_place_name(to, section)}.",
        )
    return moved


def _place_name(board: Board, section: BoardSection | None) -> str:
    return f"“{board} / {section}”" if section else f"“{board}”"
