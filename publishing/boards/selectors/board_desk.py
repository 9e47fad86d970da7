"""An account's boards with what waits for them, as the board manager shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Min, Prefetch, Q, QuerySet

from accounts.models import Connection, Workspace
from publishing.choices.statuses import EDITABLE, MOVING, PinStatus
from publishing.models import Board, BoardSection, Pin

_PLANNED = Q(status__in=[PinStatus.SCHEDULED, *MOVING])


@dataclass(frozen=True, slots=True)
class BoardCounts:
    """How many Pins of ours a board has, and when the next one goes out."""

    planned: int = 0
    published: int = 0
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stranded:
    """A board or section that is gone, and how many Pins wait for it."""

    board: Board
    section: BoardSection | None
    pins: int


@dataclass(frozen=True, slots=True)
class BoardDesk:
    """Boards to show, with their counts by id."""

    boards: list[Board]
    counts: dict[int, BoardCounts] = field(default_factory=dict)

    def counts_of(self, board: Board) -> BoardCounts:
        """The counts of a board; none of ours is none."""
        return self.counts.get(board.pk, BoardCounts())


def boards_of(connection: Connection, *, text: str) -> QuerySet[Board]:
    """Boards that are there, whose name or a section's name holds `text`, with their sections."""
    there = BoardSection.objects.filter(gone_at=None).order_by("name", "pk")
    boards = connection.boards.filter(gone_at=None)
    if text:
        named = Q(name__icontains=text) | Q(sections__name__icontains=text, sections__gone_at=None)
        boards = boards.filter(named).distinct()
    return boards.order_by("name", "pk").prefetch_related(Prefetch("sections", there))


def desk_of(connection: Connection, boards: list[Board]) -> BoardDesk:
    """These boards with the counts of their Pins, in one query."""
    pins = Pin.objects.filter(connection=connection, board__in=boards)
    counted = pins.values_list("board").annotate(
        planned=Count("pk", filter=_PLANNED),
        published=Count("pk", filter=Q(status=PinStatus.PUBLISHED, removed_at=None)),
        next_at=Min("scheduled_at", filter=_PLANNED),
    )
    return BoardDesk(boards, {board: BoardCounts(*rest) for board, *rest in counted})


def stranded_on(connection: Connection) -> list[Stranded]:
    """Boards and sections that are gone while Pins wait for them, in two queries."""
    boards = connection.boards.filter(gone_at__isnull=False)
    boards = boards.annotate(waiting=Count("pins", filter=_of_pins(connection)))
    sections = BoardSection.objects.filter(
        board__connection=connection, board__gone_at=None, gone_at__isnull=False
    ).select_related("board")
    sections = sections.annotate(waiting=Count("pins", filter=_of_pins(connection)))
    return [
        *(Stranded(each, None, each.waiting) for each in boards.filter(waiting__gt=0)),
        *(Stranded(each.board, each, each.waiting) for each in sections.filter(waiting__gt=0)),
    ]


def board_of(workspace: Workspace, board_id: int) -> Board | None:
    """One of the workspace's boards, gone or not."""
    boards = Board.objects.filter(connection__workspace=workspace).select_related("connection")
    return boards.filter(pk=board_id).first()


def section_of(workspace: Workspace, section_id: int) -> BoardSection | None:
    """A section of one of the workspace's boards, gone or not."""
    sections = BoardSection.objects.filter(board__connection__workspace=workspace)
    return sections.select_related("board__connection").filter(pk=section_id).first()


def _of_pins(connection: Connection) -> Q:
    return Q(pins__status__in=EDITABLE - MOVING, pins__connection=connection)
