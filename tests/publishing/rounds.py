"""One round of what the scheduler and its workers do, at a moment a test chooses."""

from __future__ import annotations

from datetime import datetime

from publishing.services import claims, engine, settling


def publish_due(*, now: datetime) -> None:
    """Claim all Pins that are due and send them."""
    for pin_id in claims.claim_due(now=now, limit=100):
        engine.publish(pin_id=pin_id, worker="w", clock=lambda: now)


def look_at_boards(*, now: datetime) -> None:
    """Look at all boards with Pins in doubt."""
    for board in settling.boards_to_settle(now=now):
        settling.settle_board(
            connection_id=board.connection_id, board_id=board.board_id, clock=lambda: now
        )
