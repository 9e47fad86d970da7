"""Sums over all connected accounts of a workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum

from accounts.models import Connection, ConnectionStatus, Workspace
from accounts.spans import Span
from analytics.models import DayRow
from analytics.policy.figures import column_of
from pinterest.figures import Filters


@dataclass(frozen=True, slots=True)
class Total:
    """A count's sum over a span and over the days before, and how many days told each."""

    now: int | None
    before: int | None
    days: int
    days_before: int


def totals_of(
    workspace: Workspace, span: Span, *, filters: Filters, counts: Sequence[str]
) -> dict[str, Total]:
    """The sums by count, in one query."""
    connected = Connection.objects.filter(
        workspace=workspace,
        pinterest_id=OuterRef("series__account_id"),
        status=ConnectionStatus.ACTIVE,
    )
    rows = DayRow.objects.filter(
        Exists(connected),
        series__workspace=workspace,
        series__content_type=filters.content_type,
        series__source=filters.source,
        series__claimed=filters.claimed,
        date__gte=span.before.first,
        date__lte=span.last,
    )
    found = rows.aggregate(**_sums(span, counts))
    return {
        name: Total(
            found[f"{name}_now"],
            found[f"{name}_before"],
            found[f"{name}_days"],
            found[f"{name}_past"],
        )
        for name in counts
    }


def _sums(span: Span, counts: Sequence[str]) -> dict[str, Any]:
    sums: dict[str, Any] = {}
    now, before = Q(date__gte=span.first), Q(date__lt=span.first)
    for name in counts:
        column = column_of(name)
        sums[f"{name}_now"] = Sum(column, filter=now)
        sums[f"{name}_before"] = Sum(column, filter=before)
        sums[f"{name}_days"] = Count(column, filter=now)
        sums[f"{name}_past"] = Count(column, filter=before)
    return sums
