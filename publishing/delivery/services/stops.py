"""Stopping all publishing while Pinterest refuses this server's app, and going on again."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from accounts.models import ConnectionStatus, User, Workspace
from accounts.notifications.kinds import Kind
from accounts.services.events import Happening, record
from accounts.wire import pinterest_app
from pinterest.errors import Refused
from publishing.delivery.services.lateness import take_up_late
from publishing.models import AppStop
from publishing.pins.notifications import PUBLISHING_RESUMED, PUBLISHING_STOPPED
from publishing.pins.policy.lateness import GAP, was_silent
from publishing.pins.services.time_scale import PACE

logger = logging.getLogger(__name__)
RESUMED_TEXT = "Pins that became due meanwhile are treated as your publishing preferences say."


@transaction.atomic
def stop_publishing(*, refusal: Refused, now: datetime) -> None:
    """Write down that Pinterest refuses the app; the first refusal stays."""
    _, is_new = AppStop.objects.get_or_create(
        app_id=pinterest_app().app_id,
        defaults={
            "since": now,
            "reason": refusal.reason,
            "message": refusal.message[:500],
            "remedy": refusal.remedy[:500],
        },
    )
    if is_new:
        words = {"problem": refusal.message, "remedy": refusal.remedy}
        _tell_everybody(PUBLISHING_STOPPED, words, by=None, now=now)
        logger.error("publishing_stopped reason=%s", refusal.reason)


@transaction.atomic
def resume_publishing(*, by: User, now: datetime) -> None:
    """Try again, because somebody says that the cause is mended.

    Pins that became due during a long stop are treated as after any other interruption.
    """
    stop = AppStop.objects.select_for_update().filter(app_id=pinterest_app().app_id).first()
    if stop is None:
        return
    stop.delete()
    _tell_everybody(PUBLISHING_RESUMED, {"remedy": RESUMED_TEXT}, by=by, now=now)
    if was_silent(last=stop.since, now=now, gap=GAP * PACE):
        take_up_late(since=stop.since, now=now)
    logger.info("publishing_resumed by=%s", by.pk)


def _tell_everybody(kind: Kind, payload: dict[str, str], *, by: User | None, now: datetime) -> None:
    """Tell each workspace that publishes from this server."""
    rooms = Workspace.objects.filter(connections__status=ConnectionStatus.ACTIVE).distinct()
    record(
        kind,
        [
            Happening(workspace_id=pk, subject="server", subject_id="", payload=payload)
            for pk in rooms.values_list("pk", flat=True)
        ],
        by=by,
        now=now,
    )
