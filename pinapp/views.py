"""The landing page and the dashboard."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest, member_view
from accounts.policy import Role, role_allows
from analytics.views.total_facts import total_facts
from health.alarms import open_alarm_of
from health.heartbeats import last_beats
from health.text import health_strip
from interactions.selectors.results import recent_sums_of
from pinapp.context import stop_in, waiting_in
from pinapp.funnels import funnel_facts
from publishing.choices.statuses import PinStatus
from publishing.outlook.views.cards import pin_card
from publishing.pins.policy.prospects import Level
from publishing.pins.selectors.filters import PinFilter, counts_in
from publishing.pins.selectors.pins import (
    count_published_since,
    pins_needing_attention,
    recently_published,
    upcoming_pins,
)
from publishing.pins.selectors.waiting import sum_of

SHELF = 6
"""Pins shown in each row of the dashboard."""


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The landing page, or the dashboard of somebody who is signed in."""
    if not request.user.is_authenticated:
        return render(request, "pinapp/landing.html")
    return _dashboard(request)


@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    """Where browsers look that have not read a page of ours, such as on JSON answers."""
    return redirect(static("img/favicon.svg"))


@member_view()
def _dashboard(request: MemberRequest) -> HttpResponse:
    workspace = request.workspace
    counted = counts_in(workspace, PinFilter())
    counts, levels = counted.by_status, counted.by_level
    accounts = waiting_in(request, workspace)
    # One that was lost since is no first step: the banner says what to do about it.
    steps = _steps(connected=bool(accounts), counts=counts)
    now = timezone.now()
    waiting = sum_of(accounts)
    week_ago = now - timedelta(days=7)
    context = {
        "steps": steps,
        # A viewer could take none of them.
        "show_steps": role_allows(request.membership.role, needed=Role.EDITOR)
        and not all(step["done"] for step in steps),
        "counts": {
            "scheduled": counts.get(PinStatus.SCHEDULED, 0),
            "published_7d": count_published_since(workspace, since=week_ago),
            "late": waiting.late,
            "held": counts.get(PinStatus.HELD, 0),
            "stopped": levels[Level.STOPPED],
            "look": levels[Level.LOOK],
        },
        "health": health_strip(
            beats=last_beats(),
            alarm=open_alarm_of(workspace.pk),
            stop=stop_in(request),
            late=waiting.late,
            now=now,
        ),
        "figures": total_facts(workspace, now=now),
        "pin_its": funnel_facts(recent_sums_of(workspace, since=week_ago)),
        "upcoming": [pin_card(pin) for pin in upcoming_pins(workspace, limit=SHELF)],
        "attention": [pin_card(pin) for pin in pins_needing_attention(workspace, limit=SHELF)],
        "recent": [pin_card(pin) for pin in recently_published(workspace, limit=SHELF)],
    }
    return render(request, "pinapp/dashboard.html", context)


def _steps(*, connected: bool, counts: dict[str, int]) -> list[dict[str, Any]]:
    """What a new team does first, until it has done it."""
    planned = any(counts.get(s, 0) for s in PinStatus if s is not PinStatus.DRAFT)
    return [
        {
            "title": "Connect a Pinterest account",
            "text": "PinApp publishes to its boards; you can withdraw that at any time.",
            "done": connected,
            "url": reverse("connections"),
            "action": "Connect",
        },
        {
            "title": "Schedule your first Pin",
            "text": "Add a picture, choose a board, pick a time.",
            "done": planned,
            "url": reverse("pin_new"),
            "action": "New Pin",
        },
        {
            "title": "Watch it go out",
            "text": "The Pin's page follows it to Pinterest.",
            "done": bool(counts.get(PinStatus.PUBLISHED, 0)),
            "url": reverse("pin_list"),
            "action": "See Pins",
        },
    ]
