"""The last thirty days of all accounts, for the dashboard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from accounts.models import Workspace
from analytics.policy.figures import LABELS, Day, add_up, compare, sum_up
from analytics.policy.windows import utc_day
from analytics.selectors.chains import chains_in, days_by_chain
from analytics.services.watching import USUAL
from foundation.percents import percent
from foundation.spans.spans import days_until

_DAYS = 30
_SHOWN = ("impression", "save", "outbound_click")


def total_facts(workspace: Workspace, *, now: datetime) -> list[dict[str, Any]]:
    """A figure for each count, over all accounts; none while nothing is known.

    Accounts that are read as one count once, as on the page of analytics.
    """
    span = days_until(utc_day(now), days=_DAYS)
    chains = chains_in(workspace, USUAL)
    days = days_by_chain(chains, first=span.first, last=span.last)
    before = days_by_chain(chains, first=span.before.first, last=span.before.last)
    sums = sum_up(day for each in days for day in each)
    if all(sums[name] is None for name in _SHOWN):
        return []
    return [
        {
            "label": LABELS[name],
            "value": "–" if sums[name] is None else f"{sums[name]:,}",
            "note": _note(days, before, name),
            "url": reverse("analytics"),
        }
        for name in _SHOWN
    ]


def _note(days: Sequence[Sequence[Day]], before: Sequence[Sequence[Day]], name: str) -> str:
    apart = timedelta(days=_DAYS)
    each = [compare(*pair, name, apart=apart) for pair in zip(days, before, strict=True)]
    change = add_up(each).change
    return (
        ""
        if change is None
        else f"{percent(change, signed=True)} to the 30 days before, by settled days."
    )
