"""The Pin-it funnel as the dashboard and the page of analytics show it."""

from __future__ import annotations

from typing import Any

_WORDS = {"clicked": "Clicks", "previewed": "Previewed", "verified": "Verified"}


def funnel_facts(sums: dict[str, int] | None) -> list[dict[str, Any]]:
    """The steps; nothing for a workspace without a site."""
    if sums is None:
        return []
    most = max(1, *(sums[step] for step in _WORDS))
    return [{"label": label, "value": sums[step], "most": most} for step, label in _WORDS.items()]
