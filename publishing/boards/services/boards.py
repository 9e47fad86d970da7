"""Keeping our copy of an account's boards and sections in step with Pinterest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import TypeVar

from django.db import transaction

from accounts.models import RowId
from accounts.services.tokens import call_pinterest
from pinterest import types as wire
from pinterest.client import PinterestClient
from pinterest.errors import PinterestError, RefusalReason, Refused
from publishing.models import Board, BoardList, BoardSection

Listed = TypeVar("Listed", wire.Board, wire.BoardSection)

_GONE = {RefusalReason.BOARD_GONE, RefusalReason.NOT_FOUND}
_CLOSED = {
    RefusalReason.BOARD_NOT_PERMITTED,
    RefusalReason.NOT_PERMITTED,
    RefusalReason.MISSING_SCOPE,
}
_LARGEST_COUNT = 2**31 - 1
_BOARD_COLUMNS = ["name", "privacy", "owner_username", "pin_count", "cover_url", "gone_at"]


def sync_boards(*, connection_id: RowId, now: datetime) -> None:
    """Read all boards of a connection; those no longer listed are marked gone, never deleted.

    Raises ConnectionLost and PinterestError; then our copy stays as it was and the problem is
    noted beside it.
    """
    try:
        boards = call_pinterest(connection_id=connection_id, now=now, call=_list_boards)
    except PinterestError as error:
        BoardList.objects.update_or_create(
            connection_id=connection_id, defaults={"problem": str(error)[:500]}
        )
        raise
    with transaction.atomic():
        _store_boards(connection_id, boards, now=now)
        BoardList.objects.update_or_create(
            connection_id=connection_id, defaults={"synced_at": now, "problem": ""}
        )


def sync_sections(*, board: Board, now: datetime) -> None:
    """Read a board's sections; one that does not show them to us keeps those we know.

    Raises ConnectionLost and PinterestError.
    """
    try:
        sections = call_pinterest(
            connection_id=board.connection_id,
            now=now,
            call=partial(_list_sections, board_id=board.pinterest_id),
        )
    except Refused as error:
        _note_refused_sections(board, error, now=now)
        return
    with transaction.atomic():
        _store_sections(board, sections, now=now)
        board.sections_synced_at = now
        board.save(update_fields=["sections_synced_at"])


def read_board(*, connection_id: RowId, board_id: str, now: datetime) -> Board:
    """Read one board that the list lacks, by Pinterest's id, and take it into our copy.

    Raises ConnectionLost and PinterestError.
    """
    found = call_pinterest(
        connection_id=connection_id,
        now=now,
        call=partial(PinterestClient.get_board, board_id=board_id),
    )
    board, _ = Board.objects.update_or_create(
        connection_id=connection_id, pinterest_id=found.id, defaults=board_values(found)
    )
    return board


def _list_boards(client: PinterestClient) -> list[wire.Board]:
    return list(client.iter_boards())


def _list_sections(client: PinterestClient, *, board_id: str) -> list[wire.BoardSection]:
    return list(client.iter_sections(board_id))


def _note_refused_sections(board: Board, error: Refused, *, now: datetime) -> None:
    """Remember what a board's refusal says of it; re-raises what concerns more than this board."""
    if error.reason in _GONE:
        board.gone_at = now
    elif error.reason in _CLOSED:
        board.sections_synced_at = now
    else:
        raise error
    board.save(update_fields=["gone_at", "sections_synced_at"])


def board_values(board: wire.Board) -> dict[str, object]:
    """What our columns hold of a board; what they can't hold must not stop the others."""
    count, cover_url = board.pin_count, board.image_cover_url or ""
    return {
        "name": board.name[:200],
        "privacy": (board.privacy or "")[:20],
        "owner_username": (board.owner_username or "")[:100],
        "pin_count": count if count is not None and 0 <= count <= _LARGEST_COUNT else None,
        "cover_url": cover_url if len(cover_url) <= 2048 else "",
        "gone_at": None,
    }


def _once_each(listed: Iterable[Listed]) -> list[Listed]:
    """Each thing once, its last mention counting: pages overlap when something is made meanwhile.

    In the order of ids, so that two readings at a time lock the rows in the same order.
    """
    return sorted({each.id: each for each in listed}.values(), key=lambda each: each.id)


def _store_boards(connection_id: RowId, boards: list[wire.Board], *, now: datetime) -> None:
    Board.objects.bulk_create(
        [
            Board(connection_id=connection_id, pinterest_id=board.id, **board_values(board))
            for board in _once_each(boards)
        ],
        update_conflicts=True,
        unique_fields=["connection", "pinterest_id"],
        update_fields=_BOARD_COLUMNS,
    )
    Board.objects.filter(connection_id=connection_id, gone_at=None).exclude(
        pinterest_id__in=[board.id for board in boards]
    ).update(gone_at=now)


def _store_sections(board: Board, sections: list[wire.BoardSection], *, now: datetime) -> None:
    BoardSection.objects.bulk_create(
        [
            BoardSection(board=board, pinterest_id=section.id, name=section.name[:200])
            for section in _once_each(sections)
        ],
        update_conflicts=True,
        unique_fields=["board", "pinterest_id"],
        update_fields=["name", "gone_at"],
    )
    BoardSection.objects.filter(board=board, gone_at=None).exclude(
        pinterest_id__in=[section.id for section in sections]
    ).update(gone_at=now)
