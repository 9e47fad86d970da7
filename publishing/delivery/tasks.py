"""Celery's side of delivery: each task makes one domain call."""

from __future__ import annotations

import logging
import os
import socket
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from foundation.leases.nudge import nudge
from publishing.delivery.services import claims, dispatch, recovery, stranded, video_upload
from publishing.media.selectors.videos import videos_to_prepare

logger = logging.getLogger(__name__)


VIDEO_TIME_LIMIT_S = 6 * 3600
"""2 GB at 100 kB/s; its row's lease, not this limit, tells a slow upload from a dead one."""


WORKER = f"{socket.gethostname()}:{os.getpid()}"


@shared_task(name="publishing.hand_out_due_pins")
def hand_out_due_pins(*, span_s: float = 0.0) -> None:
    """Hand each Pin to a worker at its time: those that are due, and become due in so long."""
    for pin_id in dispatch.hand_out_due(clock=timezone.now, span=timedelta(seconds=span_s)):
        publish_pin.delay(pin_id=pin_id)


@shared_task(name="publishing.publish_pin")
def publish_pin(*, pin_id: str) -> None:
    """Send one claimed Pin and a few more of its board, and hand the next to a worker."""
    next_id = dispatch.publish_in_a_row(pin_id=pin_id, worker=WORKER, clock=timezone.now)
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
    video_upload.prepare_video(connection_id=connection_id, video_id=video_id, clock=timezone.now)


@shared_task(name="publishing.recover_abandoned_pins")
def recover_abandoned_pins() -> None:
    """Find what dead workers left behind."""
    now = timezone.now()
    given_back = claims.give_back_stale_claims(now=now)
    sends = recovery.recover_abandoned_sends(now=now)
    due_again = given_back + sends.due_again
    if due_again or sends.uncertain:
        logger.warning("pins_recovered due_again=%s uncertain=%s", due_again, sends.uncertain)


@shared_task(name="publishing.hold_stranded_pins")
def hold_stranded_pins() -> None:
    """Put on hold what was planned for an account while somebody disconnected it."""
    stranded.hold_planned_of_disconnected(now=timezone.now())
