"""Celery's side of analytics: each task makes one domain call."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from analytics.selectors.series import workers_wanted
from analytics.services import digests, pulling, watching

_TICK: Final = timedelta(seconds=10)
_TURN: Final = timedelta(minutes=1)
"""Several ticks: those that see a worker at work send none, and it should not stop just then."""


@shared_task(name="analytics.hand_out_due")
def hand_out_due() -> None:
    """Begin what is not kept yet, go on with what was lost, and send workers for what is due."""
    now = timezone.now()
    watching.keep_all_connected(now=now)
    watching.resume_lost(now=now)
    for _ in range(workers_wanted(now=now, most=settings.FIGURES_AT_ONCE)):
        pull_due.apply_async(expires=_TICK.total_seconds())


@shared_task(name="analytics.pull_due")
def pull_due() -> None:
    """Read what is due, for a minute at most: a worker that is to stop is not waited for long."""
    pulling.pull_due(clock=timezone.now, until=timezone.now() + _TURN)


@shared_task(name="analytics.pull_series")
def pull_series(*, series_id: str) -> None:
    """Read one series, which somebody waits for."""
    pulling.pull(series_id=int(series_id), clock=timezone.now)


@shared_task(name="analytics.send_digests")
def send_digests() -> None:
    """Mail the week's figures where it is Monday morning."""
    digests.send_due(now=timezone.now())
