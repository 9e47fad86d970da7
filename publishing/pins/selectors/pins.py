"""Pins, as lists and pages show them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Workspace
from publishing.choices.statuses import PinStatus
from publishing.models import Pin
from publishing.pins.selectors.prospects import is_stopped, with_prospects


def with_cards(pins: QuerySet[Pin]) -> QuerySet[Pin]:
    """Pins with all that a card shows, at no query of its own for any kind of Pin."""
    shown = pins.select_related("connection", "board", "section", "media", "video")
    return with_prospects(shown)


def pins_of(workspace: Workspace) -> QuerySet[Pin]:
    """A workspace's Pins with all that a card shows, and who wrote them."""
    return with_cards(workspace.pins.select_related("created_by"))


def upcoming_pins(workspace: Workspace, *, limit: int) -> list[Pin]:
    """What goes out next."""
    moving = [PinStatus.SCHEDULED, PinStatus.CLAIMED, PinStatus.SENDING]
    return list(pins_of(workspace).filter(status__in=moving).order_by("scheduled_at")[:limit])


def pins_needing_attention(workspace: Workspace, *, limit: int) -> list[Pin]:
    """Pins that will not go out as things are, or wait for an answer, newest first."""
    waiting = pins_of(workspace).filter(is_stopped())
    return list(waiting.order_by("-updated_at")[:limit])


def recently_published(workspace: Workspace, *, limit: int) -> list[Pin]:
    """What went out last."""
    published = pins_of(workspace).filter(status=PinStatus.PUBLISHED)
    return list(published.order_by("-published_at")[:limit])


def count_published_since(workspace: Workspace, *, since: datetime) -> int:
    """How many Pins went out since an instant."""
    return workspace.pins.filter(status=PinStatus.PUBLISHED, published_at__gte=since).count()
