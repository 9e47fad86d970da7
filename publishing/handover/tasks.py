"""Celery's side of handovers: each task makes one domain call."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from publishing.handover.services import reachability


@shared_task(name="publishing.check_reach")
def check_reach(*, succession_id: str) -> None:
    """Find out which boards of an earlier account a newly connected one can reach."""
    reachability.check_reach(succession_id=succession_id, now=timezone.now())
