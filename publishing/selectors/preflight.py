"""Which Pins are to be looked at before they go out, and what was found."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Workspace
from publishing.models import Pin, PinWarning
from publishing.policy.preflight import AHEAD, check_is_due
from publishing.policy.statuses import PinStatus


def pins_to_preflight(*, now: datetime, limit: int) -> list[Pin]:
    """Planned Pins whose look is due, those that go out first at the top."""
    planned = Pin.objects.filter(status=PinStatus.SCHEDULED, due_at__gt=now).order_by("due_at")
    soon = planned.filter(due_at__lte=now + max(AHEAD))
    due = [pin for pin in soon.iterator() if is_to_be_preflighted(pin, now=now)][:limit]
    known = {pin.pk for pin in due}
    new = planned.filter(preflighted_at=None)[:limit]
    return [*due, *(pin for pin in new if pin.pk not in known)][:limit]


def is_to_be_preflighted(pin: Pin, *, now: datetime) -> bool:
    """Whether the Pin's look is due."""
    if pin.status != PinStatus.SCHEDULED or pin.due_at is None:
        return False
    return check_is_due(checked_at=pin.preflighted_at, due_at=pin.due_at, now=now)


def warnings_of(pin: Pin) -> QuerySet[PinWarning]:
    """What was found at a planned Pin, oldest first."""
    return PinWarning.objects.filter(pin=pin, pin__status=PinStatus.SCHEDULED).order_by("pk")


def count_warned(workspace: Workspace) -> int:
    """How many planned Pins of a workspace may not go out as meant."""
    warnings = PinWarning.objects.filter(pin__workspace=workspace, pin__status=PinStatus.SCHEDULED)
    return warnings.values("pin").distinct().count()


def is_warned() -> Exists:
    """What marks Pins in a list, at no query of its own: planned, and something was found."""
    return Exists(PinWarning.objects.filter(pin=OuterRef("pk"), pin__status=PinStatus.SCHEDULED))
