"""Records prepared for templates: words and addresses, no decisions left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from accounts.wire import pin_page_url
from interactions.forms.records import Asked
from interactions.models import Evidence, Site
from interactions.policy.levels import EvidenceKind, Level

_LEVELS = (
    (Level.CLICKED, "Clicked or more"),
    (Level.PREVIEWED, "Previewed or more"),
    (Level.CLAIMED, "Fetched or more"),
    (Level.VERIFIED, "Verified or more"),
    (Level.CORROBORATED, "Corroborated or more"),
    (Level.CONFIRMED, "Confirmed"),
)
_VERDICTS = (
    ("yes", "The crawler is Pinterest's"),
    ("no", "The crawler is not Pinterest's"),
    ("unknown", "Nobody knows whose the crawler is"),
)
_MARKS = (
    ("suspect", "Suspect"),
    ("abuse", "Abuse"),
    ("unclicked", "Without a click"),
    ("untrusted", "Clicked by a script"),
)


def filter_facts(asked: Asked, sites: Iterable[Site]) -> dict[str, Any]:
    """The form that looks for records, filled in as it was."""
    chosen = asked.fields
    levels = [(str(level.value), label) for level, label in _LEVELS]
    return {
        "text": chosen.get("q", ""),
        "since": chosen.get("from", ""),
        "until": chosen.get("to", ""),
        "any": bool(set(chosen) - {"site"}),
        "selects": [
            _select("site", "Any site", [(each.key, each.name) for each in sites], chosen),
            _select("level", "Any level", levels, chosen),
            _select("verdict", "Any crawler", _VERDICTS, chosen),
            _select("mark", "Marked or not", _MARKS, chosen),
        ],
    }


def pin_facts(evidence: Sequence[Evidence]) -> dict[str, Any] | None:
    """The Pin somebody named last, and who; None where nobody did or it was taken back."""
    told = [row for row in evidence if row.kind == EvidenceKind.PIN_TOLD]
    last = max(told, key=lambda row: row.pk, default=None)
    if last is None or not last.detail:
        return None
    found = [row.detail for row in evidence if row.kind == EvidenceKind.PIN_FOUND]
    return {
        "id": last.detail,
        "url": pin_page_url(last.detail),
        "by": last.said_by,
        "at": last.at,
        "is_confirmed": last.detail in found,
    }


def _select(
    name: str, empty: str, options: Iterable[tuple[str, str]], chosen: Any
) -> dict[str, Any]:
    return {
        "name": name,
        "empty": empty,
        "options": [
            {"value": value, "label": label, "selected": chosen.get(name) == value}
            for value, label in options
        ],
    }
