"""A series' days: read what is missing or may change, write it down in one statement."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.db import transaction

from analytics.models import DayRow, Series
from analytics.policy.figures import COUNTS, as_count, column_of
from analytics.policy.statuses import is_settled
from analytics.policy.windows import Window
from analytics.services import leases
from pinterest.client import PinterestClient
from pinterest.errors import RefusalReason, Refused
from pinterest.figures import DayFigures, Figures, Filters, Metrics

logger = logging.getLogger(__name__)

_COLUMNS: Final = {name.upper(): column_of(name) for name in COUNTS}


def read_days(client: PinterestClient, window: Window, filters: Filters) -> Figures:
    """Ask for the window; for a shorter one where Pinterest refuses its beginning.

    Raises PinterestError.
    """
    while True:
        try:
            return client.get_account_figures(start=window.first, end=window.last, filters=filters)
        except Refused as error:
            shorter = window.shorter()
            if error.reason is not RefusalReason.INVALID or shorter is None:
                raise
            logger.info("figures_window_refused first=%s", window.first)
            window = shorter


@transaction.atomic
def keep_days(
    series: Series, figures: Figures, *, known: Mapping[date, str], username: str, now: datetime
) -> None:
    """Write days down; those that `known` calls settled are left as they are.

    Raises LeaseLost before anything is written.
    """
    leases.save(series, pulled_at=now, username=username, problem="")
    days = {day.date: day for day in figures.days if not is_settled(known.get(day.date, ""))}
    DayRow.objects.bulk_create(
        [_row(series, day, now) for day in days.values()],
        update_conflicts=True,
        unique_fields=["series", "date"],
        update_fields=["status", *_COLUMNS.values(), "read_at"],
    )


def counts_of(metrics: Metrics) -> dict[str, int | None]:
    """Pinterest's metrics as our columns; what is missing is None."""
    return {column: as_count(metrics.get(name)) for name, column in _COLUMNS.items()}


def _row(series: Series, day: DayFigures, now: datetime) -> DayRow:
    return DayRow(
        series=series,
        date=day.date,
        status=day.status[:60] or "PROCESSING",
        read_at=now,
        **counts_of(day.metrics),
    )
