"""Celery's side of publishing: each task makes one domain call."""

from __future__ import annotations

import logging
import os
import socket
from datetime import datetime, timedelta

from celery import shared_task
from django.utils import timezone

from accounts.models import Connection
from accounts.services.tokens import ConnectionLost
from foundation.leases.nudge import nudge
from pinterest.errors import PinterestError
from publishing.selectors.boards import boards_to_read_sections_of, connections_to_read_boards_of
from publishing.selectors.imports import imports_to_resume
from publishing.selectors.preflight import pins_to_preflight
from publishing.selectors.videos import stills_to_draw, videos_to_prepare
from publishing.services import (
    boards,
    claims,
    hand_out,
    import_work,
    preparing,
    reaching,
    recovering,
    removals,
    settling,
    stranded,
    videos,
)
from publishing.services.preflight import Preflight

logger = logging.getLogger(__name__)

VIDEO_TIME_LIMIT_S = 6 * 3600
"""2 GB at 100 kB/s; its row's lease, not this limit, tells a slow upload from a dead one."""

STILLS_LIMIT = 20
"""Covers drawn in one go: each takes up to a second of a bounded process."""

PREFLIGHT_LIMIT = 25
"""Pins looked at in one go. One after another: a slow site may hold up one thread, not all."""

WORKER = f"{socket.gethostname()}:{os.getpid()}"


@shared_task(name="publishing.hand_out_due_pins")
def hand_out_due_pins(*, span_s: float = 0.0) -> None:
    """Hand each Pin to a worker at its time: those that are due, and become due in so long."""
    for pin_id in hand_out.hand_out_due(clock=timezone.now, span=timedelta(seconds=span_s)):
        publish_pin.delay(pin_id=pin_id)


@shared_task(name="publishing.publish_pin")
def publish_pin(*, pin_id: str) -> None:
    """Send one claimed Pin, and hand the next of its board to a worker."""
    next_id = hand_out.publish_and_take_next(pin_id=pin_id, worker=WORKER, clock=timezone.now)
    if next_id is not None:
        nudge(publish_pin, pin_id=next_id)


@shared_task(name="publishing.prepare_videos")
def prepare_videos() -> None:
    """Hand each video that Pins need at Pinterest soon to a worker."""
    for each in videos_to_prepare(now=timezone.now()):
        prepare_video.delay(connection_id=each.connection_id, video_id=each.video_id)


@shared_task(name="publishing.prepare_video", time_limit=VIDEO_TIME_LIMIT_S)
def prepare_video(*, connection_id: str, video_id: str) -> None:
    """Take the next steps of one video's way to Pinterest."""
    preparing.prepare_video(connection_id=connection_id, video_id=video_id, clock=timezone.now)


@shared_task(name="publishing.draw_stills")
def draw_stills() -> None:
    """Draw the frames that Pins have as their covers, a few at a time."""
    for wanted in stills_to_draw(limit=STILLS_LIMIT):
        videos.draw_wanted_still(wanted)


@shared_task(name="publishing.look_for_removed_pins")
def look_for_removed_pins() -> None:
    """Hand each account's board with Pins that were not looked for the longest to a worker."""
    for board in removals.boards_to_look_at(now=timezone.now()):
        look_at_published.delay(connection_id=board.connection_id, board_pk=board.board_pk)


@shared_task(name="publishing.look_at_published")
def look_at_published(*, connection_id: str, board_pk: str) -> None:
    """Look whether one board's published Pins are still there."""
    removals.look_for_removed(connection_id=connection_id, board_pk=board_pk, now=timezone.now())


@shared_task(name="publishing.recover_abandoned_pins")
def recover_abandoned_pins() -> None:
    """Find what dead workers left behind."""
    now = timezone.now()
    given_back = claims.give_back_stale_claims(now=now)
    sends = recovering.recover_abandoned_sends(now=now)
    due_again = given_back + sends.due_again
    if due_again or sends.uncertain:
        logger.warning("pins_recovered due_again=%s uncertain=%s", due_again, sends.uncertain)


@shared_task(name="publishing.hold_stranded_pins")
def hold_stranded_pins() -> None:
    """Put on hold what was planned for an account while somebody disconnected it."""
    stranded.hold_planned_of_disconnected(now=timezone.now())


@shared_task(name="publishing.settle_uncertain_pins")
def settle_uncertain_pins() -> None:
    """Hand each board with a Pin in doubt to a worker."""
    for board in settling.boards_to_settle(now=timezone.now()):
        settle_board.delay(connection_id=board.connection_id, board_id=board.board_id)


@shared_task(name="publishing.settle_board")
def settle_board(*, connection_id: str, board_id: str) -> None:
    """Look at one board for Pins in doubt."""
    settling.settle_board(connection_id=connection_id, board_id=board_id, clock=timezone.now)


@shared_task(name="publishing.preflight_pins")
def preflight_pins() -> None:
    """Look for what may keep planned Pins from going out as meant."""
    preflight = Preflight(clock=timezone.now)
    for pin in pins_to_preflight(now=timezone.now(), limit=PREFLIGHT_LIMIT):
        preflight.check(pin)


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


@shared_task(name="publishing.check_reach")
def check_reach(*, succession_id: str) -> None:
    """Find out which boards of an earlier account a newly connected one can reach."""
    reaching.check_reach(succession_id=succession_id, now=timezone.now())


@shared_task(name="publishing.import_rows")
def import_rows(*, import_id: str) -> None:
    """Make Pins of some rows of an import; the rest is another message's."""
    if import_work.work_on_import(import_id=import_id, clock=timezone.now):
        import_rows.delay(import_id=import_id)


@shared_task(name="publishing.resume_imports")
def resume_imports() -> None:
    """Go on with imports whose worker died, or whose message got lost."""
    for import_id in imports_to_resume(now=timezone.now()):
        import_rows.delay(import_id=str(import_id))
