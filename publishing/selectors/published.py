"""Pins of ours that are out, as others ask for them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import Workspace
from publishing.policy.statuses import PinStatus


def published_between(
    workspace: Workspace, account_id: str, start: datetime, end: datetime
) -> list[datetime]:
    """When Pins went out to an account, known by Pinterest's id, from `start` to before `end`."""
    pins = workspace.pins.filter(
        status=PinStatus.PUBLISHED,
        connection__pinterest_id=account_id,
        published_at__gte=start,
        published_at__lt=end,
    )
    return [at for at in pins.values_list("published_at", flat=True) if at is not None]


def known_pins(workspace: Workspace, pin_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """What we know of Pins by Pinterest's ids: title, media (a row), url of their page here."""
    pins = workspace.pins.filter(pinterest_id__in=pin_ids).select_related("media")
    return {
        pin.pinterest_id: {
            "title": pin.title,
            "media": pin.media,
            "url": reverse("pin_detail", args=[pin.pk]),
        }
        for pin in pins
    }
