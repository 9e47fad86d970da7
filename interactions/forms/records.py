"""What a person looks for among the records, read from an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.models import Workspace
from foundation.spans.spans import FIRST_YEAR
from interactions.policy.levels import Level
from interactions.selectors.records import MARKS, Sought
from interactions.selectors.sites import site_of

VERDICTS = ("yes", "no", "unknown")
_YEARS = range(FIRST_YEAR, 9999)
"""What databases and time zones can reckon with is wider by little."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for, and the fields of the form as they were filled in."""

    sought: Sought
    fields: Mapping[str, str]
    cursor: tuple[datetime, UUID] | None


def read_sought(query: Mapping[str, str], *, workspace: Workspace, zone: ZoneInfo) -> Asked:
    """What an address asks for; what means nothing is left out, as if it were not there."""
    fields = {
        name: value.replace("\x00", "").strip()[:100]
        for name in ("site", "level", "verdict", "mark", "q", "from", "to")
        if (value := query.get(name, ""))
    }
    sought = Sought(
        site=site_of(workspace, fields["site"]) if "site" in fields else None,
        level=_level(fields.get("level", "")),
        verdict=_one_of(VERDICTS, fields.get("verdict", "")),
        mark=_one_of(tuple(MARKS), fields.get("mark", "")),
        text=fields.get("q", ""),
        start=_moment(fields.get("from", ""), zone),
        end=_moment(fields.get("to", ""), zone, days=1),
    )
    return Asked(sought, fields, _cursor(query.get("after", "")))


def write_cursor(at: datetime, pk: UUID) -> str:
    """The place in the list after this row."""
    return f"{at.isoformat()}_{pk}"


def _cursor(text: str) -> tuple[datetime, UUID] | None:
    at, _, pk = text.partition("_")
    try:
        moment = datetime.fromisoformat(at)
        return (moment, UUID(pk)) if moment.tzinfo and moment.year in _YEARS else None
    except ValueError:
        return None


def _level(text: str) -> Level | None:
    return Level(int(text)) if text in {str(each.value) for each in Level} else None


def _one_of(choices: tuple[str, ...], text: str) -> str:
    return text if text in choices else ""


def _moment(text: str, zone: ZoneInfo, *, days: int = 0) -> datetime | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    if day.year not in _YEARS:
        return None
    return datetime.combine(day + timedelta(days=days), time(), zone)
