"""An account's boards, ready to tell which of them a text means."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch

from accounts.models import Connection
from publishing.boards.policy.board_names import (
    BoardBook,
    BoardProblem,
    KnownBoard,
    KnownSection,
    Place,
    Resolution,
)
from publishing.models import Board, BoardSection, Pin


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


class BoardNames:
    """Names by which an import finds the same boards again."""

    def __init__(self) -> None:
        self._accounts: dict[UUID, AccountBoards] = {}
        self._names: dict[tuple[int, int | None], str] = {}

    def of(self, pin: Pin) -> str:
        """The name of a Pin's board and section; its id where the name means several."""
        if pin.board is None:
            return ""
        key = (pin.board.pk, pin.section.pk if pin.section else None)
        if key not in self._names:
            self._names[key] = self._name(pin.board, pin.section)
        return self._names[key]

    @staticmethod
    def written(pin: Pin) -> str:
        """The names of a Pin's board and section as Pinterest shows them; empty for no board."""
        if pin.board is None:
            return ""
        return f"{pin.board.name}/{pin.section.name}" if pin.section else pin.board.name

    def _name(self, board: Board, section: BoardSection | None) -> str:
        name = f"{board.name}/{section.name}" if section else board.name
        place_id = f"{board.pinterest_id}/{section.pinterest_id}" if section else board.pinterest_id
        found = self._account(board).resolve(name, suggest=False)
        # A board that is gone has no better name than its own.
        if found.problem is BoardProblem.AMBIGUOUS or (found.place and found.place.key != place_id):
            return place_id
        return name

    def _account(self, board: Board) -> AccountBoards:
        if board.connection_id not in self._accounts:
            self._accounts[board.connection_id] = boards_by_name(board.connection)
        return self._accounts[board.connection_id]
