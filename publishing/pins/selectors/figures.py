"""Figures about all Pins of this server, for whoever watches it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count

from publishing.choices.statuses import HoldReason, PinStatus
from publishing.models import Attempt, Pin

ATTEMPTS_OF = timedelta(hours=24)


def pins_by_status() -> dict[str, int]:
    """How many Pins there are in each status, zeros too."""
    rows = Pin.objects.order_by().values_list("status").annotate(count=Count("pk"))
    return {status.value: 0 for status in PinStatus} | dict(rows)


def held_by_reason() -> dict[str, int]:
    """How many Pins are on hold for each reason, zeros too."""
    held = Pin.objects.filter(status=PinStatus.HELD)
    rows = held.order_by().values_list("held_reason").annotate(count=Count("pk"))
    return {reason.value: 0 for reason in HoldReason} | dict(rows)


def attempts_by_outcome(*, now: datetime) -> dict[str, int]:
    """What came of the attempts of the last day, zeros too."""
    lately = Attempt.objects.filter(started_at__gte=now - ATTEMPTS_OF)
    rows = lately.order_by().values_list("outcome").annotate(count=Count("pk"))
    return {outcome.value: 0 for outcome in Attempt.Outcome} | dict(rows)
