"""Figures that do not come although their account is connected: told once, and once when they do.

Only of an account's usual filters: whatever keeps those away keeps the others away too.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from accounts.models import Connection
from accounts.notifications.kinds import Kind
from accounts.services.events import Happening, record
from analytics.models import Series
from analytics.notifications import FIGURES_COME_AGAIN, FIGURES_MISSING
from analytics.selectors.series import active_connection
from analytics.services import leases
from analytics.services.watching import USUAL, filters_of

TOLD_AFTER: Final = timedelta(days=3)
"""From the first attempt in vain on. Pinterest's own bad days, and its limits, are over sooner."""

NO_TROUBLE: Final = {"failing_since": None, "failing_told_at": None}


@transaction.atomic
def put_down_unread(series: Series, *, now: datetime, **changes: Any) -> None:
    """Put a series down whose days could not be read, and tell of it where that lasts.

    `changes`: its other columns to write. Raises LeaseLost.
    """
    if filters_of(series) != USUAL:
        leases.let_go(series, **changes)
        return
    since = series.failing_since or now
    is_news = series.failing_told_at is None and now - since >= TOLD_AFTER
    told_at = now if is_news else series.failing_told_at
    leases.let_go(series, failing_since=since, failing_told_at=told_at, **changes)
    if is_news:
        _tell(FIGURES_MISSING, series, now)


@transaction.atomic
def end(series: Series, *, now: datetime) -> None:
    """Note that the days were read, and tell it where it was told that they were not.

    Raises LeaseLost.
    """
    if series.failing_since is None:
        return
    was_told = series.failing_told_at is not None
    leases.save(series, **NO_TROUBLE)
    if was_told:
        _tell(FIGURES_COME_AGAIN, series, now)


def _tell(kind: Kind, series: Series, now: datetime) -> None:
    """What is so of it is asked when it is told: here stands only whose figures these are."""
    connection = active_connection(series.workspace_id, series.account_id)
    record(kind, [_about(series, connection)], by=None, now=now)


def _about(series: Series, connection: Connection | None) -> Happening:
    return Happening(
        workspace_id=series.workspace_id,
        subject="figures",
        subject_id=series.pk,
        concerns_id=connection.connected_by_id if connection else None,
        payload={"name": f"@{series.username}"},
    )
