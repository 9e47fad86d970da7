"""Whose figures are kept, under which filters, and since when somebody waits for them."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from accounts.models import Connection, User
from analytics.models import Series
from analytics.selectors.series import connections_without_series, lost_and_found
from pinterest.figures import Filters

logger = logging.getLogger(__name__)

USUAL: Final = Filters()
"""Pinterest's own defaults: paid figures and other people's Pins count."""

FRESH: Final = timedelta(minutes=5)
"""Figures as young as this are not read again for the asking: Pinterest counts in hours."""


def keep_all_connected(*, now: datetime) -> int:
    """Begin a series for each account that has none; returns how many. Idempotent."""
    found = connections_without_series(USUAL)
    for connection in found:
        _begin(connection, USUAL, now)
    return len(found)


def watch(*, connection: Connection, filters: Filters, by: User, now: datetime) -> Series:
    """Keep an account's figures under these filters from now on, and fetch what there still is.

    Goes on with what was stopped. Idempotent.
    """
    series = _begin(connection, filters, now)
    if series.stopped_at is not None:
        _ask(series, now)
    logger.info("figures_watched series=%s by=%s", series.pk, by.pk)
    return series


def ask_again(*, series: Series, by: User, now: datetime) -> bool:
    """Read a series now rather than when it is due; False where it was read just now.

    Whoever asks while it is read waits for that.
    """
    if series.pulled_at is not None and now - series.pulled_at < FRESH:
        return False
    if series.next_pull_at is None or series.stopped_at is not None:
        return False
    _ask(series, now)
    logger.info("figures_asked series=%s by=%s", series.pk, by.pk)
    return True


def stop(*, series: Series, by: User, now: datetime) -> bool:
    """Read these filters no more; what was read stays. False for the usual ones, which stay."""
    if filters_of(series) == USUAL:
        return False
    Series.objects.filter(pk=series.pk).update(stopped_at=now, asked_at=None)
    logger.info("figures_stopped series=%s by=%s", series.pk, by.pk)
    return True


def resume_lost(*, now: datetime) -> int:
    """Go on with series whose account is connected again; returns how many."""
    return lost_and_found().update(next_pull_at=now, problem="")


def filters_of(series: Series) -> Filters:
    """The filters a series is kept under."""
    return Filters(series.content_type, series.source, series.claimed)


def _begin(connection: Connection, filters: Filters, now: datetime) -> Series:
    series, _ = Series.objects.get_or_create(
        workspace=connection.workspace,
        account_id=connection.pinterest_id,
        content_type=filters.content_type,
        source=filters.source,
        claimed=filters.claimed,
        defaults={
            "username": connection.username,
            "created_at": now,
            "next_pull_at": now,
            "asked_at": now,
        },
    )
    return series


def _ask(series: Series, now: datetime) -> None:
    series.next_pull_at = series.asked_at = now
    series.stopped_at, series.problem = None, ""
    series.save(update_fields=["next_pull_at", "asked_at", "stopped_at", "problem"])
