"""Pins in the stretches of time that a calendar shows.

A stretch shows few Pins however many it holds, so no more than those are read: a crowded stretch is
a short walk along the index by time. PostgreSQL does that for a UNION of limited queries,
but not for any other form that Django can write, which is why one statement here is put together
from the SQL of its querysets. Stretches that show all of their Pins are read as one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import gcd
from typing import Any

from django.db.models import Count, Func, IntegerField, QuerySet
from django.db.models.expressions import RawSQL

from accounts.models import Workspace
from publishing.choices.statuses import PinStatus
from publishing.models import Pin
from publishing.pins.selectors.filters import PinFilter, filtered
from publishing.pins.selectors.pins import pins_of, with_cards
from publishing.pins.selectors.prospects import is_stopped
from publishing.schedule.policy.calendars import Span


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

    The spans follow each other without a gap. Two queries, whatever they find.
    """
    rows = filtered(workspace.pins.all(), chosen)
    starts = [span.start for span in spans]
    counts = _counts(rows, spans, starts)
    found: list[list[Pin]] = [[] for _ in spans]
    reads = _reads(spans, [count for count, _ in counts], shown=shown)
    for pin in _read(workspace, rows, reads):
        if pin.scheduled_at is not None:
            found[bisect_right(starts, pin.scheduled_at) - 1].append(pin)
    return [
        Stretch(pins=pins, count=count, attention=attention)
        for pins, (count, attention) in zip(found, counts, strict=True)
    ]


def drafts_of(workspace: Workspace, *, chosen: PinFilter, limit: int) -> tuple[list[Pin], bool]:
    """Drafts without a time, written last first, and whether there are more than `limit`."""
    without_status = PinFilter(
        connection=chosen.connection, board=chosen.board, kind=chosen.kind, text=chosen.text
    )
    drafts = filtered(pins_of(workspace), without_status).filter(status=PinStatus.DRAFT)
    found = list(drafts.order_by("-updated_at", "pk")[: limit + 1])
    return found[:limit], len(found) > limit


class _Step(Func):
    """Which of the steps of so many seconds since an instant a moment lies in; the first is 0."""

    output_field = IntegerField()
    template = "FLOOR((EXTRACT(EPOCH FROM %(expressions)s) - %(origin)s) / %(size)s)::integer"


def _counts(
    rows: QuerySet[Pin], spans: Sequence[Span], starts: Sequence[datetime]
) -> list[tuple[int, int]]:
    """How many Pins each span holds, and how many of those will not go out as things are.

    Counted by steps that all spans are made of: hours, or whole days where no clock is changed.
    """
    origin, end = round(spans[0].start.timestamp()), spans[-1].end
    size = gcd(*(round(span.end.timestamp()) - origin for span in spans))
    steps = (
        rows.filter(scheduled_at__gte=spans[0].start, scheduled_at__lt=end)
        .annotate(step=_Step("scheduled_at", origin=origin, size=size))
        .values_list("step")
        .order_by()
        .annotate(count=Count("pk"), attention=Count("pk", filter=is_stopped()))
    )
    counts = [(0, 0)] * len(spans)
    for step, count, attention in steps:
        at = bisect_right(starts, datetime.fromtimestamp(origin + step * size, UTC)) - 1
        counts[at] = (counts[at][0] + count, counts[at][1] + attention)
    return counts


@dataclass(slots=True)
class _Read:
    """A part of the time that is read at once, with a limit where it holds more than it shows."""

    span: Span
    limit: int | None = None


def _reads(spans: Sequence[Span], counts: Sequence[int], *, shown: int) -> list[_Read]:
    reads: list[_Read] = []
    for span, count in zip(spans, counts, strict=True):
        if count > shown:
            reads.append(_Read(span, limit=shown))
        elif count and reads and reads[-1].limit is None:
            reads[-1].span = Span(reads[-1].span.start, span.end)
        elif count:
            reads.append(_Read(span))
    return reads


def _read(workspace: Workspace, rows: QuerySet[Pin], reads: Sequence[_Read]) -> Iterable[Pin]:
    if not reads:
        return []
    if all(read.limit is None for read in reads):
        within = {"scheduled_at__gte": reads[0].span.start, "scheduled_at__lt": reads[-1].span.end}
        pins = with_cards(rows).filter(**within)
    else:
        pins = with_cards(workspace.pins.all()).filter(pk__in=_ids(rows, reads))
    return pins.order_by("scheduled_at", "pk")


def _ids(rows: QuerySet[Pin], reads: Sequence[_Read]) -> RawSQL:
    parts: list[str] = []
    values: list[Any] = []
    for number, read in enumerate(reads):
        within = rows.filter(scheduled_at__gte=read.span.start, scheduled_at__lt=read.span.end)
        some = within.order_by("scheduled_at", "pk").values("pk")[: read.limit]
        sql, words = some.query.sql_with_params()
        parts.append(f"SELECT * FROM ({sql}) AS span_{number}")  # noqa: S608 - Django's SQL
        values += words
    return RawSQL(" UNION ALL ".join(parts), values)  # noqa: S611 - Django's SQL
