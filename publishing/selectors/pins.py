"""Pins, as lists and pages show them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from accounts.models import Workspace
from publishing.models import Pin
from publishing.policy.statuses import PinStatus
from publishing.selectors.preflight import is_warned

NEEDS_ATTENTION = [PinStatus.FAILED, PinStatus.UNCERTAIN, PinStatus.HELD]


def with_cards(pins: QuerySet[Pin]) -> QuerySet[Pin]:
    """Pins with all that a card shows, at no query of its own for any kind of Pin."""
    shown = pins.select_related("connection", "board", "section", "media", "video")
    return shown.annotate(is_warned=is_warned())


def pins_of(workspace: Workspace) -> QuerySet[Pin]:
    """A workspace's Pins with all that a card shows, and who wrote them."""
    return with_cards(workspace.pins.select_related("created_by"))


def count_by_status(workspace: Workspace) -> dict[str, int]:
    """How many Pins a workspace has in each status."""
    rows = workspace.pins.values_list("status").annotate(count=Count("pk"))
    return dict(rows)


def upcoming_pins(workspace: Workspace, *, limit: int) -> list[Pin]:
    """What goes out next."""
    moving = [PinStatus.SCHEDULED, PinStatus.CLAIMED, PinStatus.SENDING]
    return list(pins_of(workspace).filter(status__in=moving).order_by("scheduled_at")[:limit])


def pins_needing_attention(workspace: Workspace, *, limit: int) -> list[Pin]:
    """Pins that wait for a person, or may not go out as meant, newest first."""
    waiting = pins_of(workspace).filter(Q(status__in=NEEDS_ATTENTION) | Q(is_warned=True))
    return list(waiting.order_by("-updated_at")[:limit])


def recently_published(workspace: Workspace, *, limit: int) -> list[Pin]:
    """What went out last."""
    published = pins_of(workspace).filter(status=PinStatus.PUBLISHED)
    return list(published.order_by("-published_at")[:limit])


def count_published_since(workspace: Workspace, *, since: datetime) -> int:
    """How many Pins went out since an instant."""
    return workspace.pins.filter(status=PinStatus.PUBLISHED, published_at__gte=since).count()
