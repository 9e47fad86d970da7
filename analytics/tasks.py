"""Celery's side of analytics: each task makes one domain call."""

from __future__ import annotations

from typing import Final

from celery import shared_task
from django.utils import timezone

from analytics.selectors.series import series_due
from analytics.services import digests, pulling

_AT_ONCE: Final = 50
"""Handed out by each tick; what is left waits for the next."""


@shared_task(name="analytics.hand_out_due")
def hand_out_due() -> None:
    """Begin what is not kept yet, go on with what was lost, and hand out what is due."""
    now = timezone.now()
    pulling.keep_all_connected(now=now)
    pulling.resume_lost(now=now)
    for series_id in series_due(now=now, limit=_AT_ONCE):
        pull_series.delay(series_id=series_id)


@shared_task(name="analytics.pull_series")
def pull_series(*, series_id: int) -> None:
    """Read one series."""
    pulling.pull(series_id=series_id, clock=timezone.now)


@shared_task(name="analytics.send_digests")
def send_digests() -> None:
    """Mail the week's figures where it is Monday morning."""
    digests.send_due(now=timezone.now())
