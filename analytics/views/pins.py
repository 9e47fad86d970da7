"""One Pin's figures, exactly, when somebody asks."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_view
from accounts.services.tokens import ConnectionLost
from accounts.wire import pin_page_url
from analytics.models import PinRow
from analytics.selectors.pins import pins_by_id
from analytics.selectors.series import accounts_of, active_connection
from analytics.services.pins import ExactFigures, exact_figures
from analytics.views.pin_facts import pin_title
from foundation.percents import percent
from pinterest.errors import PinterestError

_WORDS = {
    "IMPRESSION": "Impressions",
    "SAVE": "Saves",
    "SAVE_RATE": "Saves of impressions",
    "PIN_CLICK": "Pin clicks",
    "OUTBOUND_CLICK": "Outbound clicks",
    "TOTAL_COMMENTS": "Comments, ever",
    "TOTAL_REACTIONS": "Reactions, ever",
    "USER_FOLLOW": "Followers won",
    "PROFILE_VISIT": "Visits of your profile",
    "VIDEO_MRC_VIEW": "Video views",
    "VIDEO_10S_VIEW": "Views of 10 seconds",
    "QUARTILE_95_PERCENT_VIEW": "Views of 95 percent",
    "VIDEO_V50_WATCH_TIME": "Played for, in all (ms)",
    "VIDEO_START": "Video starts",
    "VIDEO_AVG_WATCH_TIME": "Played for, on average (ms)",
}


@require_GET
@member_view()
def pin_figures(request: MemberRequest, account_id: str, pin_id: str) -> HttpResponse:
    """What the lists say of a Pin, and what Pinterest says of it now."""
    if account_id not in dict(accounts_of(request.workspace)):
        raise Http404
    row = pins_by_id(request.workspace.pk, account_id, [pin_id]).get(pin_id)
    exact, problem = _ask(request, account_id, pin_id)
    context = {
        "title": pin_title(row, pin_id),
        "picture_url": row.picture_url if row else "",
        "pin_url": pin_page_url(pin_id),
        "back_url": f"{reverse('analytics')}?account={account_id}",
        "problem": problem,
        "exact": _facts(exact),
        "listed": _listed(row),
        "read_at": row.read_at if row else None,
        "counted_at": row.counted_at if row and row.counted_at != row.read_at else None,
    }
    return render(request, "analytics/pin.html", context)


def _ask(request: MemberRequest, account_id: str, pin_id: str) -> tuple[ExactFigures | None, str]:
    connection = active_connection(request.workspace.pk, account_id)
    if connection is None:
        return None, "The account is not connected. Connect it again to ask Pinterest."
    try:
        return exact_figures(connection=connection, pin_id=pin_id, now=timezone.now()), ""
    except (PinterestError, ConnectionLost) as error:
        return None, str(error)


def _facts(exact: ExactFigures | None) -> list[dict[str, str]]:
    if exact is None:
        return []
    return [
        {"label": label, "text": _text(name, exact.merged[name])}
        for name, label in _WORDS.items()
        if name in exact.merged
    ]


def _listed(row: PinRow | None) -> list[dict[str, Any]]:
    if row is None:
        return []
    pairs = (
        ("Impressions", row.impression, row.ever_impression),
        ("Pin clicks", row.pin_click, row.ever_pin_click),
        ("Outbound clicks", row.outbound_click, row.ever_outbound_click),
        ("Reactions", None, row.reactions),
        ("Comments", None, row.comments),
    )
    return [
        {"label": label, "recent": _number(recent), "ever": _number(ever)}
        for label, recent, ever in pairs
    ]


def _text(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    return percent(value, 2) if name.endswith("_RATE") else f"{value:,.0f}"


def _number(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"
