"""The right to send one Pin now: room under Pinterest's limits, and the turn at its board."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from accounts.limits import counters
from accounts.limits.counters import Granted, Wait
from accounts.selectors import account_id_of
from publishing.models import Board
from publishing.pins.services.time_scale import SENDING_LEASE

CATEGORY = "org_write"
"""What Pinterest counts a new Pin as."""


@contextmanager
def clearance(board: Board) -> Iterator[Granted | Wait]:
    """Room for one call and the board's turn, or how long to wait for the one that lacks.

    Boards are known by Pinterest's id: whoever else writes to this one, from another workspace
    perhaps, waits. The turn outlasts the longest send, and ends with the block.
    """
    turn = counters.take_in_turn(
        account_id=account_id_of(board.connection_id),
        category=CATEGORY,
        connection_id=board.connection_id,
        board_id=board.pinterest_id,
        seconds=SENDING_LEASE.total_seconds(),
    )
    if isinstance(turn, Wait):
        yield turn
        return
    with turn:
        yield Granted(CATEGORY)
