"""Celery's side of reconciling: each task makes one domain call."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from publishing.reconcile.services import reconcile, removals


@shared_task(name="publishing.look_for_removed_pins")
def look_for_removed_pins() -> None:
    """Hand each account's board with Pins that were not looked for the longest to a worker."""
    for board in removals.boards_to_look_at(now=timezone.now()):
        look_at_published.delay(connection_id=board.connection_id, board_pk=board.board_pk)


@shared_task(name="publishing.look_at_published")
def look_at_published(*, connection_id: str, board_pk: str) -> None:
    """Look whether one board's published Pins are still there."""
    removals.look_for_removed(connection_id=connection_id, board_pk=board_pk, now=timezone.now())


@shared_task(name="publishing.settle_uncertain_pins")
def settle_uncertain_pins() -> None:
    """Hand each board with a Pin in doubt to a worker."""
    for board in reconcile.boards_to_settle(now=timezone.now()):
        settle_board.delay(connection_id=board.connection_id, board_id=board.board_id)


@shared_task(name="publishing.settle_board")
def settle_board(*, connection_id: str, board_id: str) -> None:
    """Look at one board for Pins in doubt."""
    reconcile.settle_board(connection_id=connection_id, board_id=board_id, clock=timezone.now)
