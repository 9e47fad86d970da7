"""All that happened to a Pin, in one order."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from publishing.models import Attempt, Look, Pin, PinEvent, PinWarning

Happening: TypeAlias = PinEvent | Attempt | Look | PinWarning


def timeline_of(pin: Pin) -> list[Happening]:
    """What people and PinApp did with a Pin, oldest first; four queries however much it is."""
    happenings: list[Happening] = [
        *pin.events.select_related("actor"),
        *pin.attempts.all(),
        *Look.objects.filter(attempt__pin=pin).select_related("attempt"),
        *pin.warnings.all(),
    ]
    return sorted(happenings, key=_place)


def moment_of(happening: Happening) -> datetime:
    """When it happened; an attempt counts from the moment it was begun."""
    match happening:
        case PinEvent():
            return happening.at
        case Attempt():
            return happening.started_at
        case Look():
            return happening.looked_at
        case PinWarning():
            return happening.found_at


def _place(happening: Happening) -> tuple[datetime, int, int]:
    """By time; what shares a moment in the order in which it comes about."""
    order = (PinEvent, PinWarning, Attempt, Look)
    return moment_of(happening), order.index(type(happening)), happening.pk
