"""Boards and sections, as pickers show them and workers read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Prefetch, Q

from accounts.models import Connection, ConnectionStatus
from publishing.models import Board, BoardList, BoardSection

BOARDS_SHOWN = 60
"""How many boards the picker lists at a time; the search finds the others."""


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Boards for the picker, and how many more match."""

    boards: list[Board]
    more: int


def find_boards(connection: Connection, *, text: str, keep: str = "") -> BoardPage:
    """Boards whose name, or a section's name, holds `text`; the board `keep` comes first."""
    offered = (
        connection.boards.filter(gone_at=None)
        .prefetch_related(
            Prefetch("sections", BoardSection.objects.filter(gone_at=None).order_by("name"))
        )
        .order_by("name", "pk")
    )
    matching = offered
    if text:
        matching = offered.filter(
            Q(name__icontains=text) | Q(sections__name__icontains=text, sections__gone_at=None)
        ).distinct()
    found = list(matching[:BOARDS_SHOWN])
    if keep and all(board.pinterest_id != keep for board in found):
        found = [*offered.filter(pinterest_id=keep), *found]
    return BoardPage(boards=found, more=max(matching.count() - BOARDS_SHOWN, 0))


def boards_for_more(connection: Connection, *, text: str, keep: Sequence[str]) -> list[Board]:
    """Boards to tick: those of `keep` (board id, or board id/section id), then those that match."""
    kept_ids = {value.partition("/")[0] for value in keep}
    page = find_boards(connection, text=text)
    missing = kept_ids - {board.pinterest_id for board in page.boards}
    kept = connection.boards.filter(gone_at=None, pinterest_id__in=missing).prefetch_related(
        Prefetch("sections", BoardSection.objects.filter(gone_at=None).order_by("name"))
    )
    return [*(kept.order_by("name", "pk") if missing else ()), *page.boards]


def places_of(
    connection: Connection, values: Sequence[str]
) -> list[tuple[Board, BoardSection | None]]:
    """Boards and sections by the names of the picker, in this order; what is gone is left out."""
    wanted = [value.partition("/") for value in values]
    boards = {
        board.pinterest_id: board
        for board in connection.boards.filter(
            gone_at=None, pinterest_id__in=[board_id for board_id, _, _ in wanted]
        )
    }
    sections = {
        (section.board_id, section.pinterest_id): section
        for section in BoardSection.objects.filter(
            board__in=boards.values(),
            gone_at=None,
            pinterest_id__in=[each for _, _, each in wanted],
        )
    }
    found: list[tuple[Board, BoardSection | None]] = []
    for board_id, _, section_id in wanted:
        board = boards.get(board_id)
        section = sections.get((board.pk, section_id)) if board else None
        if board is not None and (section is not None or not section_id):
            found.append((board, section))
    return found


def board_list_of(connection: Connection) -> BoardList | None:
    """When the connection's boards were last read."""
    return BoardList.objects.filter(connection=connection).first()


def connections_to_read_boards_of(*, before: datetime) -> list[Connection]:
    """Working connections whose boards were last read before an instant, or never."""
    stale = Q(board_list=None) | Q(board_list__synced_at=None) | Q(board_list__synced_at__lt=before)
    return list(Connection.objects.filter(stale, status=ConnectionStatus.ACTIVE))


def boards_to_read_sections_of(
    connection: Connection, *, now: datetime, asked_at: datetime | None = None
) -> list[Board]:
    """Boards whose sections were never read, or half an hour ago; or not since somebody asked."""
    before = asked_at or now - timedelta(minutes=30)
    stale = Q(sections_synced_at=None) | Q(sections_synced_at__lt=before)
    return list(
        connection.boards.filter(stale, gone_at=None).order_by(
            F("sections_synced_at").asc(nulls_first=True), "pk"
        )
    )
