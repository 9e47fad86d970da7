"""A Pin's page, and the buttons on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member_view
from accounts.policy import Role, role_allows
from foundation.leases.nudge import nudge
from publishing.choices.statuses import PinStatus
from publishing.composer.views.content import shown_facts
from publishing.delivery.tasks import hand_out_due_pins
from publishing.media.views.media import media_facts
from publishing.models import Pin
from publishing.outlook.views.cards import pin_facts, question
from publishing.pages.views.timeline import timeline_facts
from publishing.pins.selectors.completeness import missing_from
from publishing.pins.selectors.pins import pins_of
from publishing.pins.services import pins
from publishing.pins.services.pins import PinLocked
from publishing.preflight.views.preflight import preflight_facts
from publishing.schedule.views.repeat_text import repeat_warnings
from publishing.schedule.views.series import series_context


@require_GET
@member_view()
def pin_detail(request: MemberRequest, pin_id: UUID) -> HttpResponse:
    """A Pin: what it shows, where it is on its way, what was tried."""
    return render(
        request, "publishing/pages/pin_detail.html", _context(request, _get(request, pin_id))
    )


@require_GET
@member_view()
def pin_status(request: MemberRequest, pin_id: UUID) -> HttpResponse:
    """The parts of a Pin's page that move by themselves."""
    return render(
        request, "publishing/pages/_pin_moving.html", _context(request, _get(request, pin_id))
    )


@require_POST
@member_view(Role.EDITOR)
def pin_publish_now(request: MemberRequest, pin_id: UUID) -> HttpResponse:
    """Make the Pin due at once."""
    pin = _get(request, pin_id)
    missing = missing_from(pin)
    if missing:
        messages.error(request, f"This Pin still needs {missing}. Edit it, then publish.")
        return redirect("pin_detail", pin.pk)
    try:
        pins.publish_now(pin=pin, by=request.user, now=timezone.now())
    except PinLocked as locked:
        messages.error(request, str(locked))
    else:
        nudge(hand_out_due_pins)
        messages.success(request, "On its way to Pinterest.")
        for warning in repeat_warnings(pin):
            messages.warning(request, warning)
    return redirect("pin_detail", pin.pk)


@require_POST
@member_view(Role.EDITOR)
def pin_unschedule(request: MemberRequest, pin_id: UUID) -> HttpResponse:
    """Take the Pin's time away: it becomes a draft."""
    pin = _get(request, pin_id)
    try:
        pins.unschedule_pin(pin=pin, by=request.user, now=timezone.now())
    except PinLocked as locked:
        messages.error(request, f"Too late to stop it. {locked}")
    else:
        messages.success(request, "Stopped. The Pin is a draft now.")
    return redirect("pin_detail", pin.pk)


@require_POST
@member_view(Role.EDITOR)
def pin_duplicate(request: MemberRequest, pin_id: UUID) -> HttpResponse:
    """A draft with the same content."""
    copy = pins.duplicate_pin(pin=_get(request, pin_id), by=request.user, now=timezone.now())
    messages.success(request, "This is the copy. Change what should differ, then schedule it.")
    return redirect("pin_edit", copy.pk)


@require_POST
@member_view(Role.EDITOR)
def pin_delete(request: MemberRequest, pin_id: UUID) -> HttpResponse:
    """Delete a Pin that is not on Pinterest."""
    pin = _get(request, pin_id)
    try:
        pins.delete_pin(pin=pin)
    except PinLocked as locked:
        messages.error(request, str(locked))
        return redirect("pin_detail", pin.pk)
    messages.success(request, "The Pin is deleted.")
    return redirect("pin_list")


def _get(request: MemberRequest, pin_id: UUID) -> Pin:
    return get_object_or_404(pins_of(request.workspace), pk=pin_id)


def _context(request: MemberRequest, pin: Pin) -> dict[str, Any]:
    return {
        "pin": pin_facts(pin),
        "media": media_facts(pin.media) if pin.media else None,
        "board": pin.board,
        "section": pin.section,
        "connection": pin.connection,
        **timeline_facts(pin),
        "status_url": reverse("pin_status", args=[pin.pk]),
        "question": question(pin),
        "preflight": preflight_facts(pin),
        "may_answer": role_allows(request.membership.role, needed=Role.EDITOR),
        **series_context(request, pin),
        **shown_facts(pin),
        **_actions(request, pin),
    }


def _actions(request: MemberRequest, pin: Pin) -> dict[str, str | None]:
    """Addresses of what this person may do with this Pin now; None for what they may not."""
    may_edit = role_allows(request.membership.role, needed=Role.EDITOR)
    change = may_edit and pin.is_editable
    allowed = {
        "edit": change,
        "publish_now": change and not missing_from(pin),
        "queue": change and not missing_from(pin) and pin.slot_at is None,
        "unschedule": change and pin.status != PinStatus.DRAFT,
        "delete": change,
        "duplicate": may_edit,
        "delete_remote": may_edit
        and pin.status == PinStatus.PUBLISHED
        and pin.removed_at is None
        and bool(pin.connection and pin.connection.is_active),
    }
    names = {"unschedule": "cancel_url"}
    return {
        names.get(name, f"{name}_url"): reverse(f"pin_{name}", args=[pin.pk]) if ok else None
        for name, ok in allowed.items()
    }
