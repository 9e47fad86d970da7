"""The days a page is asked for: a number of days until today, or two days of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from accounts.spans import Span, days_until, read_span

RANGES = (7, 30, 90)
USUAL = 30


@dataclass(frozen=True, slots=True)
class AskedSpan:
    """The days to show, what is wrong with those asked for, and the query that asks for them."""

    span: Span
    problem: str
    days: int | None
    first: str
    last: str

    @property
    def query(self) -> str:
        """To ask for the same days again."""
        if self.days is not None:
            return urlencode({"days": self.days})
        return urlencode({"from": self.span.first, "to": self.span.last})

    @property
    def facts(self) -> dict[str, Any]:
        """For the form that asks."""
        return {
            "tabs": [
                {"label": f"{each} days", "url": f"?days={each}", "active": each == self.days}
                for each in RANGES
            ],
            "first": self.first or self.span.first.isoformat(),
            "last": self.last or self.span.last.isoformat(),
            "problem": self.problem,
            "is_own": self.days is None or bool(self.problem),
        }


def asked_span(request: HttpRequest, *, today: date) -> AskedSpan:
    """What the address asks for; where that is no span, the usual one and what is wrong."""
    first, last = (request.GET.get(name, "").strip()[:10] for name in ("from", "to"))
    text = request.GET.get("days", "")
    days = int(text) if text in {str(each) for each in RANGES} else USUAL
    if not first and not last:
        return AskedSpan(days_until(today, days=days), "", days, "", "")
    span, problem = read_span(first, last, today=today)
    if span is None:
        return AskedSpan(days_until(today, days=days), problem, days, first, last)
    return AskedSpan(span, "", None, first, last)
