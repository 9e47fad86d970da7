"""The days a page is asked for: a number of days until today, or two days of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from foundation.spans.spans import LONGEST_DAYS, Span, days_until, read_span

RANGES = (7, 30, 90)
USUAL = 30


@dataclass(frozen=True, slots=True)
class AskedSpan:
    """The days to show, what is wrong with those asked for, and the query that asks for them.

    `others` are the further questions of the page, which other days leave as they are.
    """

    span: Span
    problem: str
    days: int | None
    first: str
    last: str
    ranges: tuple[int, ...] = RANGES
    others: Mapping[str, str] = field(default_factory=dict)

    @property
    def params(self) -> dict[str, str]:
        """To ask for the same days again."""
        if self.days is not None:
            return {"days": str(self.days)}
        return {"from": self.span.first.isoformat(), "to": self.span.last.isoformat()}

    @property
    def query(self) -> str:
        """The same as a query."""
        return urlencode(self.params)

    @property
    def facts(self) -> dict[str, Any]:
        """For the form that asks."""
        return {
            "tabs": [
                {
                    "label": f"{each} days",
                    "url": f"?{urlencode({**self.others, 'days': each})}",
                    "active": each == self.days,
                }
                for each in self.ranges
            ],
            "first": self.first or self.span.first.isoformat(),
            "last": self.last or self.span.last.isoformat(),
            "problem": self.problem,
            "is_own": self.days is None or bool(self.problem),
            "others": [{"name": name, "value": value} for name, value in self.others.items()],
        }


def asked_span(
    request: HttpRequest,
    *,
    today: date,
    ranges: tuple[int, ...] = RANGES,
    longest: int = LONGEST_DAYS,
    others: Mapping[str, str] | None = None,
) -> AskedSpan:
    """What the address asks for; where that is no span, the usual one and what is wrong."""
    first, last = (request.GET.get(name, "").strip()[:10] for name in ("from", "to"))
    text = request.GET.get("days", "")
    days = int(text) if text in {str(each) for each in ranges} else USUAL
    kept = dict(others or {})
    if not first and not last:
        return AskedSpan(days_until(today, days=days), "", days, "", "", ranges, kept)
    span, problem = read_span(first, last, today=today, longest=longest)
    if span is None:
        usual = days_until(today, days=days)
        return AskedSpan(usual, problem, days, first, last, ranges, kept)
    return AskedSpan(span, "", None, first, last, ranges, kept)
