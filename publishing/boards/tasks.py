"""Celery's side of boards: each task makes one domain call."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from celery import shared_task
from django.utils import timezone

from accounts.models import Connection
from accounts.services.tokens import ConnectionLost
from pinterest.errors import PinterestError
from publishing.boards.selectors.boards import (
    boards_to_read_sections_of,
    connections_to_read_boards_of,
)
from publishing.boards.services import boards

logger = logging.getLogger(__name__)


@shared_task(name="publishing.refresh_boards")
def refresh_boards() -> None:
    """Hand each connection whose boards were last read half an hour ago to a worker."""
    before = timezone.now() - timedelta(minutes=29)
    for connection in connections_to_read_boards_of(before=before):
        read_boards.delay(connection_id=str(connection.pk))


@shared_task(name="publishing.read_boards")
def read_boards(*, connection_id: str, asked_at: str = "") -> None:
    """Read a connection's boards, then the sections of each.

    `asked_at`, an ISO time, is when a person asked for it: no section stays as it was before.
    """
    now, asked = timezone.now(), datetime.fromisoformat(asked_at) if asked_at else None
    try:
        boards.sync_boards(connection_id=connection_id, now=now)
        connection = Connection.objects.get(pk=connection_id)
        for board in boards_to_read_sections_of(connection, now=now, asked_at=asked):
            boards.sync_sections(board=board, now=now)
    except (PinterestError, ConnectionLost) as error:
        logger.warning("boards_not_read connection=%s %s", connection_id, error)
