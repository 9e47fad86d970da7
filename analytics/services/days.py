"""A series' days: read what is missing or may change, write it down in one statement."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from django.db import transaction

from analytics.models import DayRow, Series
from analytics.policy.figures import COUNTS, as_count, column_of
from analytics.policy.statuses import has_no_data, is_settled
from analytics.policy.windows import Window
from analytics.services import leases, troubles
from pinterest.client import PinterestClient
from pinterest.errors import RefusalReason, Refused
from pinterest.figures import DayFigures, Figures, Filters, Metrics

logger = logging.getLogger(__name__)

_COLUMNS: Final = {name.upper(): column_of(name) for name in COUNTS}


def read_days(
    client: PinterestClient, window: Window, filters: Filters, *, before_each: Callable[[], None]
) -> tuple[Window, Figures]:
    """Ask for the window; for a shorter one where Pinterest refuses its beginning.

    Returns the one that was answered with its figures, which may leave days out. `before_each` is
    called before each of these calls. Raises PinterestError.
    """
    *longer, last = window.and_shorter()
    for each in longer:
        before_each()
        try:
            found = client.get_account_figures(start=each.first, end=each.last, filters=filters)
        except Refused as error:
            if error.reason is not RefusalReason.INVALID:
                raise
            logger.info("figures_window_refused first=%s", each.first)
        else:
            return each, found
    before_each()
    return last, client.get_account_figures(start=last.first, end=last.last, filters=filters)


def kept_statuses(series: Series, *, since: date) -> dict[date, str]:
    """What is kept from that day on: Pinterest's word for each day."""
    rows = DayRow.objects.filter(series=series, date__gte=since)
    return dict(rows.values_list("date", "status"))


@transaction.atomic
def keep_days(
    series: Series, figures: Figures, *, asked_from: date, username: str, now: datetime
) -> None:
    """Write days down. No number is replaced by none, and no settled one by another.

    `asked_from`: the first day of those that were asked for. Raises LeaseLost before anything is
    written.
    """
    leases.save(series, pulled_at=now, asked_from=asked_from, username=username, problem="")
    troubles.end(series, now=now)
    days = {day.date: day for day in figures.days}
    kept = {row.date: row for row in DayRow.objects.filter(series=series, date__in=days)}
    rows = [_row(series, day, kept.get(day.date), now) for day in days.values()]
    DayRow.objects.bulk_create(
        [row for row in rows if row is not None],
        update_conflicts=True,
        unique_fields=["series", "date"],
        update_fields=["status", *_COLUMNS.values(), "read_at"],
    )


def counts_of(metrics: Metrics) -> dict[str, int | None]:
    """Pinterest's metrics as our columns; what is missing is None."""
    return {column: as_count(metrics.get(name)) for name, column in _COLUMNS.items()}


def _row(series: Series, day: DayFigures, kept: DayRow | None, now: datetime) -> DayRow | None:
    """The row to write; None for a day of which no more is told than is kept."""
    before = {name: getattr(kept, name) for name in _COLUMNS.values()} if kept else {}
    told = counts_of(day.metrics)
    status = day.status[:60] or "PROCESSING"
    if kept is not None and is_settled(kept.status):
        news = {name: value for name, value in told.items() if before[name] is None}
        if not is_settled(status) or all(value is None for value in news.values()):
            return None
        told = {**before, **news}
    elif has_no_data(status) and any(value is not None for value in before.values()):
        # Forgotten there, known here: that is what this is for.
        return None
    counts = {name: before.get(name) if value is None else value for name, value in told.items()}
    return DayRow(series=series, date=day.date, status=status, read_at=now, **counts)
