"""Asking Pinterest, board by board, what a later account can reach of an earlier one's."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Succession
from accounts.services.tokens import ConnectionLost
from pinterest.errors import PinterestError
from publishing.boards.services.boards import read_board, sync_boards, sync_sections
from publishing.choices.reach import ReachResult
from publishing.handover.policy.reach import judge_reach
from publishing.handover.selectors.successions import movable_pins
from publishing.models import Board, Reach

SECTION_GONE = "The board is there, but not this section."
Answer = tuple[ReachResult, str]


def check_reach(*, succession_id: int | str, now: datetime) -> None:
    """Find out which boards and sections the later account reaches, and write it down.

    A board counts when the later account's own list has it or Pinterest shows it when asked by its
    id. What could not be asked is unknown, which is not the same as out of reach.
    """
    succession = Succession.objects.select_related("earlier", "later").get(pk=succession_id)
    wanted = _wanted(succession)
    if not wanted:
        return
    answers: dict[tuple[str, str], Answer] = {}
    try:
        sync_boards(connection_id=succession.later_id, now=now)
    except (PinterestError, ConnectionLost) as error:
        failed = (ReachResult.UNKNOWN, str(error))
        answers = {(board, section): failed for board, found in wanted.items() for section in found}
    else:
        for board_id, section_ids in wanted.items():
            answers |= _ask_about(succession, board_id, section_ids, now=now)
    _store(succession, answers, now=now)


def _wanted(succession: Succession) -> dict[str, set[str]]:
    """Boards that Pins were planned for, each with its sections; \"\" is the board itself."""
    rows = movable_pins(succession.earlier).values_list(
        "board__pinterest_id", "section__pinterest_id"
    )
    wanted: dict[str, set[str]] = {}
    for board_id, section_id in rows.distinct().order_by():
        wanted.setdefault(board_id, set()).add(section_id or "")
    return wanted


def _ask_about(
    succession: Succession, board_id: str, section_ids: set[str], *, now: datetime
) -> dict[tuple[str, str], Answer]:
    try:
        board = _find(succession, board_id, now=now)
        if section_ids != {""}:
            sync_sections(board=board, now=now)
    except PinterestError as error:
        result = judge_reach(error)
        # Pinterest calls a board of somebody else's "not found" too: its words would mislead.
        answer = (result, "" if result is ReachResult.NO else str(error))
        return {(board_id, section_id): answer for section_id in section_ids}
    except ConnectionLost as error:
        lost = (ReachResult.UNKNOWN, str(error))
        return {(board_id, section_id): lost for section_id in section_ids}
    there = {"", *board.sections.filter(gone_at=None).values_list("pinterest_id", flat=True)}
    return {
        (board_id, section_id): (ReachResult.YES, "")
        if section_id in there
        else (ReachResult.NO, SECTION_GONE)
        for section_id in section_ids
    }


def _find(succession: Succession, board_id: str, *, now: datetime) -> Board:
    """The later account's row of a board, read by its id where the list has none."""
    listed = Board.objects.filter(
        connection_id=succession.later_id, pinterest_id=board_id, gone_at=None
    ).first()
    return listed or read_board(connection_id=succession.later_id, board_id=board_id, now=now)


def _store(
    succession: Succession, answers: dict[tuple[str, str], Answer], *, now: datetime
) -> None:
    Reach.objects.bulk_create(
        [
            Reach(
                succession=succession,
                board_id=board_id,
                section_id=section_id,
                result=result,
                note=note[:500],
                checked_at=now,
            )
            for (board_id, section_id), (result, note) in sorted(answers.items())
        ],
        update_conflicts=True,
        unique_fields=["succession", "board_id", "section_id"],
        update_fields=["result", "note", "checked_at"],
    )
