"""On a Pin's page: putting it into the queue, and the Pins that were written together with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, member_view
from accounts.policy import Role, role_allows
from publishing.choices.statuses import EDITABLE, PinStatus
from publishing.models import Pin
from publishing.outlook.views.cards import pin_card
from publishing.pins.selectors.completeness import missing_from
from publishing.pins.selectors.pins import pins_of
from publishing.pins.selectors.series import siblings_of
from publishing.pins.services.pins import PinLocked
from publishing.pins.views.formats import local_text
from publishing.schedule.services.queue import NoFreeSlot, Queued, queue_pin
from publishing.schedule.services.series import stop_series
from publishing.schedule.views.queue import queue_url


@require_POST
@member_view(Role.EDITOR)
def pin_queue(request: MemberRequest, pin_id: UUID) -> HttpResponse:
    """Give the Pin the next free slot of its account."""
    pin = get_object_or_404(pins_of(request.workspace), pk=pin_id)
    missing = missing_from(pin)
    if missing:
        messages.error(request, f"This Pin still needs {missing}. Edit it, then add it.")
        return redirect("pin_detail", pin.pk)
    try:
        queued = queue_pin(pin=pin, by=request.user, now=timezone.now())
    except (PinLocked, NoFreeSlot) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _queued_text(queued))
    return redirect("pin_detail", pin.pk)


@require_POST
@member_view(Role.EDITOR)
def pin_series_stop(request: MemberRequest, pin_id: UUID) -> HttpResponse:
    """Make drafts of all Pins of the series that have not gone out."""
    pin = get_object_or_404(pins_of(request.workspace), pk=pin_id)
    stopped = stop_series(pin=pin, by=request.user, now=timezone.now())
    if stopped:
        pins = "1 Pin is a draft" if stopped == 1 else f"{stopped} Pins are drafts"
        messages.success(request, f"Stopped: {pins} now.")
    else:
        messages.info(request, "No Pin of this series was waiting to go out.")
    return redirect("pin_detail", pin.pk)


def series_context(request: MemberRequest, pin: Pin) -> dict[str, Any]:
    """Context of `_siblings.html`: the other Pins of its series, and how to stop them all."""
    siblings = siblings_of(pin)
    may_edit = role_allows(request.membership.role, needed=Role.EDITOR)
    waiting = [
        each
        for each in (pin, *siblings)
        if each.status in EDITABLE and each.status != PinStatus.DRAFT
    ]
    stops = may_edit and siblings and waiting
    return {
        "siblings": [pin_card(each) for each in siblings],
        "waiting_count": len(waiting),
        "in_queue_url": queue_url(pin.connection) if pin.slot_at and pin.connection else None,
        "series_stop_url": reverse("pin_series_stop", args=[pin.pk]) if stops else None,
    }


def _queued_text(queued: Queued) -> str:
    text = f"In the queue: it goes out {local_text(queued.at)}."
    if queued.passed:
        slots = "1 free slot was" if queued.passed == 1 else f"{queued.passed} free slots were"
        text += f" {slots} passed over, too near to the same link or picture."
    return text
