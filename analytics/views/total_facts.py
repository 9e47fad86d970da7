"""The last thirty days of all accounts, for the dashboard."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import Workspace
from accounts.spans import days_until
from analytics.policy.figures import LABELS, change
from analytics.policy.windows import utc_day
from analytics.selectors.totals import Total, totals_of
from analytics.services.watching import USUAL

_DAYS = 30
_SHOWN = ("impression", "save", "outbound_click")


def total_facts(workspace: Workspace, *, now: datetime) -> list[dict[str, Any]]:
    """A figure for each count; none while nothing is known."""
    span = days_until(utc_day(now), days=_DAYS)
    totals = totals_of(workspace, span, filters=USUAL, counts=_SHOWN)
    if all(total.now is None for total in totals.values()):
        return []
    return [
        {
            "label": LABELS[name],
            "value": "–" if total.now is None else f"{total.now:,}",
            "note": _note(total),
            "url": reverse("analytics"),
        }
        for name, total in totals.items()
    ]


def _note(total: Total) -> str:
    """Beside the days before; nothing where fewer of those are known, which would flatter."""
    if total.days_before < total.days:
        return ""
    rate = change(total.now, total.before)
    return "" if rate is None else f"{rate:+.0%} to the 30 days before."
