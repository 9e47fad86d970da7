"""Making boards and sections at Pinterest: nothing is made again before somebody looked."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

from accounts.limits import counters
from accounts.limits.counters import Wait
from accounts.models import Connection, User
from accounts.services.tokens import call_pinterest
from pinterest.client import PinterestClient
from pinterest.errors import PinterestError, RefusalReason, Refused, Uncertain
from publishing.boards.policy.board_names import fold
from publishing.boards.services.boards import board_values, sync_boards, sync_sections
from publishing.models import Board, BoardSection

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")

BOARD_NAME_LIMIT: Final = 50
SECTION_NAME_LIMIT: Final = 180
_TURN_S: Final = 60.0


class BoardExists(Exception):
    """The account has a board of that name; None where Pinterest says so but does not list it."""

    def __init__(self, board: Board | None, name: str) -> None:
        self.board = board
        super().__init__(f"There is a board “{name}” on this account already. Choose another name.")


class SectionExists(Exception):
    """The board has a section of that name."""

    def __init__(self, section: BoardSection) -> None:
        self.section = section
        super().__init__(f"“{section.board}” has a section “{section}” already.")


class OutcomeUnknown(Exception):
    """Pinterest did not say whether it made the thing, and does not list it; the text says so."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__(
            f"Pinterest did not say whether the {what} “{name}” was made, and does not show it "
            "yet. Wait a minute and try again: PinApp looks before it makes anything."
        )


class BoardBusy(Exception):
    """Something else is being written to the board right now."""

    def __str__(self) -> str:
        return "A Pin is going out to this board right now. Try again in a moment."


def create_board(
    *, connection: Connection, by: User, name: str, description: str, privacy: str, now: datetime
) -> Board:
    """Make a board at Pinterest, unless the account has one of that name.

    Raises BoardExists, OutcomeUnknown, ConnectionLost and PinterestError.
    """
    _refuse_twin(connection, name, now=now)
    try:
        created = call_pinterest(
            connection_id=connection.pk,
            now=now,
            call=partial(
                PinterestClient.create_board, name=name, description=description, privacy=privacy
            ),
        )
    except Uncertain:
        return _found(partial(_own_board, connection, name, now=now), what="board", name=name)
    except Refused as error:
        if error.reason is RefusalReason.DUPLICATE_BOARD_NAME:
            raise BoardExists(_own_board(connection, name, now=now), name) from error
        raise
    board, _ = Board.objects.update_or_create(
        connection=connection, pinterest_id=created.id, defaults=board_values(created)
    )
    logger.info("board_created connection=%s board=%s by=%s", connection.pk, board.pk, by.pk)
    return board


def create_section(*, board: Board, by: User, name: str, now: datetime) -> BoardSection:
    """Make a section at Pinterest, unless the board has one of that name.

    Raises SectionExists, OutcomeUnknown, BoardBusy, ConnectionLost and PinterestError.
    """
    if (twin := _section(board, name, now=now)) is not None:
        raise SectionExists(twin)
    make = partial(PinterestClient.create_section, board_id=board.pinterest_id, name=name)
    try:
        with _turn(board):
            created = call_pinterest(connection_id=board.connection_id, now=now, call=make)
    except Uncertain:
        return _found(partial(_section, board, name, now=now), what="section", name=name)
    section, _ = BoardSection.objects.update_or_create(
        board=board, pinterest_id=created.id, defaults={"name": created.name[:200], "gone_at": None}
    )
    logger.info("section_created board=%s section=%s by=%s", board.pk, section.pk, by.pk)
    return section


def rename_section(*, section: BoardSection, by: User, name: str, now: datetime) -> None:
    """Give a section another name at Pinterest and here.

    Raises SectionExists, BoardBusy, ConnectionLost and PinterestError.
    """
    board = section.board
    twin = _section(board, name, now=now)
    if twin is not None and twin.pk != section.pk:
        raise SectionExists(twin)
    rename = partial(
        PinterestClient.rename_section,
        board_id=board.pinterest_id,
        section_id=section.pinterest_id,
        name=name,
    )
    with _turn(board):
        renamed = call_pinterest(connection_id=board.connection_id, now=now, call=rename)
    section.name = renamed.name[:200]
    section.save(update_fields=["name"])
    logger.info("section_renamed board=%s section=%s by=%s", board.pk, section.pk, by.pk)


def _refuse_twin(connection: Connection, name: str, *, now: datetime) -> None:
    twin = _own_board(connection, name, now=now)
    if twin is not None:
        raise BoardExists(twin, twin.name)


def _own_board(connection: Connection, name: str, *, now: datetime) -> Board | None:
    """The account's own board of that name, as Pinterest lists them now."""
    sync_boards(connection_id=connection.pk, now=now)
    wanted = fold(name)
    own = connection.boards.filter(gone_at=None, owner_username__in=["", connection.username])
    return next((board for board in own.order_by("pk") if fold(board.name) == wanted), None)


def _section(board: Board, name: str, *, now: datetime) -> BoardSection | None:
    """The board's section of that name, as Pinterest lists them now."""
    sync_sections(board=board, now=now)
    wanted = fold(name)
    there = board.sections.filter(gone_at=None).order_by("pk")
    return next((section for section in there if fold(section.name) == wanted), None)


def _found(look: Callable[[], Answer | None], *, what: str, name: str) -> Answer:
    """What an uncertain call made after all. Raises OutcomeUnknown when a look does not show it."""
    try:
        found = look()
    except PinterestError as error:
        raise OutcomeUnknown(what, name) from error
    if found is None:
        raise OutcomeUnknown(what, name)
    return found


@contextmanager
def _turn(board: Board) -> Iterator[None]:
    """The right to write to a board, as for Pins. Raises BoardBusy."""
    turn = counters.board_turn(
        connection_id=board.connection_id, board_id=board.pinterest_id, seconds=_TURN_S
    )
    if isinstance(turn, Wait):
        raise BoardBusy
    with turn:
        yield
