"""Celery's side of the preflight: each task makes one domain call."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from publishing.preflight.selectors.preflight import pins_to_preflight
from publishing.preflight.services.preflight import Preflight

PREFLIGHT_LIMIT = 25
"""Pins looked at in one go. One after another: a slow site may hold up one thread, not all."""


@shared_task(name="publishing.preflight_pins")
def preflight_pins() -> None:
    """Look for what may keep planned Pins from going out as meant."""
    preflight = Preflight(clock=timezone.now)
    for pin in pins_to_preflight(now=timezone.now(), limit=PREFLIGHT_LIMIT):
        preflight.check(pin)
