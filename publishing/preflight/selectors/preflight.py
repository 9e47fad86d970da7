"""Which Pins are to be looked at before they go out, and what was found."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Workspace
from publishing.choices.statuses import PinKind, PinStatus
from publishing.models import Pin, PinWarning, TrustedHost
from publishing.pins.policy.preflight import AHEAD, check_is_due


def pins_to_preflight(*, now: datetime, limit: int) -> list[Pin]:
    """Planned Pins whose look is due, those that go out first at the top."""
    planned = Pin.objects.filter(status=PinStatus.SCHEDULED, due_at__gt=now).order_by("due_at")
    soon = planned.filter(due_at__lte=now + max(AHEAD))
    due = [pin for pin in soon.iterator() if is_to_be_preflighted(pin, now=now)][:limit]
    new = planned.filter(preflighted_at=None)[:limit]
    again = planned.filter(preflight_again_at__lte=now).order_by("preflight_again_at")[:limit]
    return list({pin.pk: pin for pin in (*due, *new, *again)}.values())[:limit]


def pins_to_look_at() -> QuerySet[Pin]:
    """Pins with all that looking at one takes."""
    return Pin.objects.select_related(
        "workspace", "connection", "board", "section", "media", "video"
    )


def trusted_hosts(workspace: Workspace) -> dict[str, TrustedHost]:
    """The hosts whose links somebody has said to be fine, by name."""
    rows = TrustedHost.objects.filter(workspace=workspace).select_related("said_by")
    return {row.host: row for row in rows}


def is_to_be_preflighted(pin: Pin, *, now: datetime) -> bool:
    """Whether the Pin's look is due."""
    if pin.status != PinStatus.SCHEDULED or pin.due_at is None:
        return False
    return check_is_due(checked_at=pin.preflighted_at, due_at=pin.due_at, now=now)


def links_of(pin: Pin) -> list[str]:
    """Where a Pin and the pictures of a carousel lead to, each address once."""
    own = pin.slides.all() if pin.kind == PinKind.CAROUSEL else ()
    return [link for link in dict.fromkeys([pin.link, *(slide.link for slide in own)]) if link]


def warnings_of(pin: Pin) -> QuerySet[PinWarning]:
    """What was found at a planned Pin, oldest first."""
    return PinWarning.objects.filter(pin=pin, pin__status=PinStatus.SCHEDULED).order_by("pk")
