"""Handing the schedule of one account to another, because a person said so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Succession, User
from accounts.services.successions import AlreadyDecided, decide_schedule
from publishing.choices.events import EventKind
from publishing.choices.reach import ReachResult
from publishing.handover.policy.reach import MOVABLE
from publishing.handover.selectors.successions import movable_pins
from publishing.models import Board, BoardSection, Pin, Reach
from publishing.pins.services.events import note_all


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How many Pins changed hands, and how many stayed with the earlier account."""

    moved: int
    stayed: int


def hand_over(*, succession: Succession, by: User, now: datetime) -> HandedOver:
    """Keep the earlier account's schedule: give the later one the Pins of all boards it reaches.

    Times stay as they are, and what is on hold stays on hold. Said once more later, it takes along
    what has become reachable since. Pins on their way or in doubt stay, and so do those of other
    boards. Raises AlreadyDecided when somebody has refused.
    """
    with transaction.atomic():
        Succession.objects.select_for_update().get(pk=succession.pk)
        try:
            decide_schedule(succession=succession, keep=True, by=by, now=now)
        except AlreadyDecided:
            if not succession.keeps_schedule:
                raise
        moved = sum(
            _move(succession, reach, by=by, now=now)
            for reach in succession.reach.filter(result=ReachResult.YES)
        )
        stayed = movable_pins(succession.earlier).count()
    return HandedOver(moved=moved, stayed=stayed)


def refuse_schedule(*, succession: Succession, by: User, now: datetime) -> None:
    """Keep both accounts apart for good; nothing moves. Raises AlreadyDecided."""
    decide_schedule(succession=succession, keep=False, by=by, now=now)


def _move(succession: Succession, reach: Reach, *, by: User, now: datetime) -> int:
    """Give the Pins of one board or section to the later account; returns how many."""
    place = _place_of(succession, reach)
    if place is None:
        return 0
    board, section = place
    ids = list(
        movable_pins(succession.earlier)
        .filter(
            board__pinterest_id=reach.board_id,
            **(
                {"section__pinterest_id": reach.section_id}
                if reach.section_id
                else {"section": None}
            ),
        )
        .order_by("pk")
        .select_for_update(of=("self",))
        .values_list("pk", flat=True)
    )
    Pin.objects.filter(pk__in=ids, connection=succession.earlier, status__in=MOVABLE).update(
        connection=succession.later,
        board=board,
        section=section,
        # Slots belong to an account's queue.
        slot_at=None,
        updated_at=now,
    )
    text = f"From {succession.earlier} to {succession.later}"
    note_all(pin_ids=ids, kind=EventKind.HANDED_OVER, by=by, now=now, text=text)
    return len(ids)


def _place_of(succession: Succession, reach: Reach) -> tuple[Board, BoardSection | None] | None:
    """The later account's own rows of a board and section; None when they have gone since."""
    board = Board.objects.filter(
        connection=succession.later, pinterest_id=reach.board_id, gone_at=None
    ).first()
    if board is None:
        return None
    if not reach.section_id:
        return board, None
    section = board.sections.filter(pinterest_id=reach.section_id, gone_at=None).first()
    return (board, section) if section else None
