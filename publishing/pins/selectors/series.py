"""Pins that were written together for several boards."""

from __future__ import annotations

from publishing.models import Pin
from publishing.pins.selectors.pins import with_cards


def siblings_of(pin: Pin) -> list[Pin]:
    """The other Pins of its series, in the order in which they go out; none for a single Pin."""
    if pin.series is None:
        return []
    others = Pin.objects.filter(workspace=pin.workspace_id, series=pin.series).exclude(pk=pin.pk)
    return list(with_cards(others).order_by("scheduled_at", "created_at", "pk"))
