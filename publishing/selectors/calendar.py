"""Pins in the stretches of time that a calendar shows.

A stretch shows few Pins however many it holds, so no more than those are read: each stretch is a
short walk along the index by time. PostgreSQL and SQLite do that for a UNION of limited queries,
but not for any other form that Django can write, which is why two statements here are put together
from the SQL of its querysets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection as database
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from accounts.models import Workspace
from publishing.models import Pin
from publishing.policy.calendars import Span
from publishing.policy.statuses import PinStatus
from publishing.selectors.filters import PinFilter, filtered
from publishing.selectors.pins import NEEDS_ATTENTION, pins_of


@dataclass(frozen=True, slots=True)
class Stretch:
    """The first Pins of a stretch of time, how many it holds, how many of those need a person."""

    pins: list[Pin]
    count: int
    attention: int


def pins_in(
    workspace: Workspace, spans: Sequence[Span], *, chosen: PinFilter, shown: int
) -> list[Stretch]:
    """For each span in order: up to `shown` Pins that are planned in it, and how many there are.

    Three queries, whatever they find.
    """
    rows = filtered(workspace.pins.all(), chosen)
    counts = _counts(rows, spans)
    attention = _counts(rows.filter(status__in=NEEDS_ATTENTION), spans)
    wanted = [span for span, count in zip(spans, counts, strict=True) if count]
    pins = _first_of_each(workspace, rows, wanted or list(spans[:1]), shown=shown)
    return [
        Stretch(
            pins=[
                pin
                for pin in pins
                if pin.scheduled_at and span.start <= pin.scheduled_at < span.end
            ]
            if count
            else [],
            count=count,
            attention=worried,
        )
        for span, count, worried in zip(spans, counts, attention, strict=True)
    ]


def drafts_of(workspace: Workspace, *, chosen: PinFilter, limit: int) -> tuple[list[Pin], bool]:
    """Drafts without a time, written last first, and whether there are more than `limit`."""
    without_status = PinFilter(
        connection=chosen.connection, board=chosen.board, kind=chosen.kind, text=chosen.text
    )
    drafts = filtered(pins_of(workspace), without_status).filter(status=PinStatus.DRAFT)
    found = list(drafts.order_by("-updated_at", "pk")[: limit + 1])
    return found[:limit], len(found) > limit


def _counts(rows: QuerySet[Pin], spans: Sequence[Span]) -> list[int]:
    sql, values = _for_each(_planned_within(rows).values("pk"), spans)
    parts = [
        f"SELECT {number}, COUNT(*) FROM ({sql}) AS span_{number}"  # noqa: S608 - Django's SQL
        for number in range(len(spans))
    ]
    with database.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return [count for _, count in sorted(cursor.fetchall())]


def _first_of_each(
    workspace: Workspace, rows: QuerySet[Pin], spans: Sequence[Span], *, shown: int
) -> list[Pin]:
    in_order = _planned_within(rows).order_by("scheduled_at", "pk").values("pk")
    sql, values = _for_each(in_order[:shown], spans)
    parts = [
        f"SELECT * FROM ({sql}) AS span_{number}"  # noqa: S608 - Django's SQL
        for number in range(len(spans))
    ]
    ids = RawSQL(" UNION ALL ".join(parts), values)  # noqa: S611 - Django's SQL
    return list(pins_of(workspace).filter(pk__in=ids).order_by("scheduled_at", "pk"))


# Stand for a span's ends until its own are put there: no Pin is planned for that day.
_START, _END = datetime(1900, 1, 1, tzinfo=UTC), datetime(1900, 1, 2, tzinfo=UTC)


def _planned_within(rows: QuerySet[Pin]) -> QuerySet[Pin]:
    return rows.filter(scheduled_at__gte=_START, scheduled_at__lt=_END)


def _for_each(rows: Any, spans: Sequence[Span]) -> tuple[str, list[Any]]:
    """The SQL of `rows`, written by Django once, and the values of all spans one after another."""
    sql, params = rows.query.sql_with_params()
    adapt = database.ops.adapt_datetimefield_value
    start, end = adapt(_START), adapt(_END)
    values: list[Any] = []
    for span in spans:
        own = {start: adapt(span.start), end: adapt(span.end)}
        values.extend(own.get(value, value) for value in params)
    return sql, values
