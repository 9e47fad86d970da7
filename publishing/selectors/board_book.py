"""An account's boards, ready to tell which of them a text means."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from accounts.models import Connection
from publishing.models import Board, BoardSection
from publishing.policy.board_names import BoardBook, KnownBoard, KnownSection, Place, Resolution


@dataclass(frozen=True, slots=True)
class AccountBoards:
    """The boards of a connection: which one a text means, and the rows behind it."""

    book: BoardBook
    boards: dict[str, Board]
    sections: dict[str, BoardSection]

    def resolve(self, text: str, *, suggest: bool = True) -> Resolution:
        """Which board, or section of a board, `text` means; never one that was not named."""
        return self.book.resolve(text, suggest=suggest)

    def rows(self, place: Place) -> tuple[Board, BoardSection | None]:
        """The rows of a resolved place."""
        section = self.sections[place.key] if place.section else None
        return self.boards[place.board.id], section


def boards_by_name(connection: Connection) -> AccountBoards:
    """Read what the connection can pin to, in two queries however many boards there are."""
    there = BoardSection.objects.filter(gone_at=None).order_by("name", "pk")
    rows = list(
        connection.boards.filter(gone_at=None)
        .order_by("name", "pk")
        .prefetch_related(Prefetch("sections", there))
    )
    return AccountBoards(
        book=BoardBook.of(_known(board) for board in rows),
        boards={board.pinterest_id: board for board in rows},
        sections={
            f"{board.pinterest_id}/{section.pinterest_id}": section
            for board in rows
            for section in board.sections.all()
        },
    )


def _known(board: Board) -> KnownBoard:
    sections = (KnownSection(each.pinterest_id, each.name) for each in board.sections.all())
    return KnownBoard(board.pinterest_id, board.name, board.owner_username, tuple(sections))
