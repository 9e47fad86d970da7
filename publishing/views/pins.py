"""The list of Pins, a Pin's page, and the buttons on it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member_view
from accounts.policy import Role, role_allows
from publishing.models import Pin
from publishing.nudge import nudge
from publishing.policy.statuses import PinStatus
from publishing.selectors.pins import (
    NEEDS_ATTENTION,
    AttemptWithLooks,
    attempts_of,
    count_by_status,
    pins_of,
    search_pins,
)
from publishing.services import pins
from publishing.services.pins import PinLocked
from publishing.tasks import hand_out_due_pins
from publishing.views.cards import local_text, pin_card, pin_facts, question
from publishing.views.media import media_facts
from publishing.views.queries import text_of
from publishing.views.sections import section_nav

PAGE_SIZE = 24

# The list's tabs: name, words, statuses (none means all), and the order that fits them.
TABS: list[tuple[str, str, list[PinStatus], list[str]]] = [
    ("all", "All", [], ["-updated_at"]),
    (
        "scheduled",
        "Scheduled",
        [PinStatus.SCHEDULED, PinStatus.CLAIMED, PinStatus.SENDING],
        ["scheduled_at"],
    ),
    ("drafts", "Drafts", [PinStatus.DRAFT], ["-updated_at"]),
    ("published", "Published", [PinStatus.PUBLISHED], ["-published_at"]),
    ("attention", "Needs attention", NEEDS_ATTENTION, ["-updated_at"]),
]


@require_GET
@member_view()
def pin_list(request: MemberRequest) -> HttpResponse:
    """The workspace's Pins, by status and by words."""
    chosen, text = request.GET.get("show", "all"), text_of(request.GET, "q")
    name, _, statuses, order = next((tab for tab in TABS if tab[0] == chosen), TABS[0])
    found = search_pins(request.workspace, statuses=statuses, text=text)
    page = Paginator(found.order_by(*order, "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "pins": [pin_card(pin) for pin in page],
        "tabs": _tabs(request, chosen=name, text=text),
        "text": text,
        "show": name,
        "query": urlencode({"show": name, "q": text}) + "&",
        "can_edit": role_allows(request.membership.role, needed=Role.EDITOR),
        "sections": section_nav(request),
    }
    return render(request, "publishing/pin_list.html", context)


@require_GET
@member_view()
def pin_detail(request: MemberRequest, pin_id: UUID) -> HttpResponse:
    """A Pin: what it shows, where it is on its way, what was tried."""
    return render(request, "publishing/pin_detail.html", _context(request, _get(request, pin_id)))


@require_GET
@member_view()
def pin_status(request: MemberRequest, pin_id: UUID) -> HttpResponse:
    """The part of a Pin's page that moves by itself."""
    return render(request, "publishing/_pin_status.html", _context(request, _get(request, pin_id)))


@require_POST
@member_view(Role.EDITOR)
def pin_publish_now(request: MemberRequest, pin_id: UUID) -> HttpResponse:
    """Make the Pin due at once."""
    pin = _get(request, pin_id)
    missing = _missing(pin)
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


def _missing(pin: Pin) -> str:
    """What a Pin lacks before it can go out, in words; empty when it is complete."""
    if pin.connection is not None and not pin.connection.is_active:
        return f"{pin.connection} to be connected"
    parts = {"an account": pin.connection, "a board": pin.board, "a picture": pin.media}
    return " and ".join(words for words, part in parts.items() if part is None)


def _context(request: MemberRequest, pin: Pin) -> dict[str, Any]:
    return {
        "pin": pin_facts(pin),
        "media": media_facts(pin.media) if pin.media else None,
        "board": pin.board,
        "section": pin.section,
        "connection": pin.connection,
        "attempts": [_attempt_row(attempt) for attempt in attempts_of(pin)],
        "status_url": reverse("pin_status", args=[pin.pk]),
        "question": question(pin),
        "may_answer": role_allows(request.membership.role, needed=Role.EDITOR),
        **_actions(request, pin),
    }


def _actions(request: MemberRequest, pin: Pin) -> dict[str, str | None]:
    """Addresses of what this person may do with this Pin now; None for what they may not."""
    may_edit = role_allows(request.membership.role, needed=Role.EDITOR)
    change = may_edit and pin.is_editable
    allowed = {
        "edit": change,
        "publish_now": change and not _missing(pin),
        "unschedule": change and pin.status != PinStatus.DRAFT,
        "delete": change,
        "duplicate": may_edit,
    }
    names = {"unschedule": "cancel_url"}
    return {
        names.get(name, f"{name}_url"): reverse(f"pin_{name}", args=[pin.pk]) if ok else None
        for name, ok in allowed.items()
    }


def _looks_text(count: int) -> str:
    if not count:
        return ""
    times = "once" if count == 1 else f"{count} times"
    return f"PinApp looked at the board {times} to find out."


def _attempt_row(tried: AttemptWithLooks) -> dict[str, Any]:
    attempt = tried.attempt
    return {
        "number": attempt.number,
        "started_at": attempt.started_at,
        "started_local": local_text(attempt.started_at),
        "finished_at": attempt.finished_at,
        "outcome": attempt.outcome,
        "outcome_label": attempt.get_outcome_display(),
        "message": attempt.message,
        "looks_text": _looks_text(tried.looks_count),
        "rid": attempt.rid,
    }


def _tabs(request: MemberRequest, *, chosen: str, text: str) -> list[dict[str, Any]]:
    counts = count_by_status(request.workspace)
    return [
        {
            "label": label,
            "url": "?" + urlencode({"show": name, **({"q": text} if text else {})}),
            "active": name == chosen,
            "count": sum(counts.get(s, 0) for s in statuses or PinStatus),
        }
        for name, label, statuses, _ in TABS
    ]
