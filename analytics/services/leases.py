"""Having a series in hand: one worker at a time, and a dead one's place taken over.

The moment until which a worker has a series is also its proof: who finds another one in the row
has lost the series, and writes nothing more of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from analytics.models import Series, Stage
from analytics.selectors.series import due_series

LEASE: Final = timedelta(minutes=3)
"""Renewed at each step; a call takes 20 seconds at most, and is made three times at most."""


class LeaseLost(Exception):
    """Another worker has the series in hand: this one was too slow."""


def take(*, series_id: int, now: datetime) -> Series | None:
    """Take one series in hand if it is due and free."""
    return _take_first(due_series(now=now).filter(pk=series_id), now)


def take_next(*, now: datetime) -> Series | None:
    """Take in hand what has waited the longest; None where nothing is due and free."""
    return _take_first(due_series(now=now).order_by("next_pull_at", "pk"), now)


def go_on(series: Series, *, stage: Stage, done: int, in_all: int, now: datetime) -> None:
    """Keep the series in hand and say how far it is. Raises LeaseLost."""
    later = {"leased_until": now + LEASE}
    save(series, stage=stage, calls_done=done, calls_in_all=max(in_all, done), **later)


def let_go(series: Series, **changes: Any) -> None:
    """Write these columns and put the series down. Raises LeaseLost."""
    save(series, leased_until=None, stage="", calls_done=0, calls_in_all=0, **changes)


def keep_hold(series: Series) -> None:
    """Lock the row for the rest of the transaction. Raises LeaseLost."""
    save(series, leased_until=series.leased_until)


def save(series: Series, **changes: Any) -> None:
    """Write these columns of a series that is in hand. Raises LeaseLost where it is not."""
    mine = Series.objects.filter(pk=series.pk, leased_until=series.leased_until)
    if not mine.update(**changes):
        raise LeaseLost
    for name, value in changes.items():
        setattr(series, name, value)


def _take_first(due: Any, now: datetime) -> Series | None:
    with transaction.atomic():
        # Workers who ask at the same time get one each instead of waiting for the first one's.
        locked = due.select_for_update(skip_locked=True, of=("self",))
        series: Series | None = locked.select_related("workspace").first()
        if series is not None:
            series.leased_until = now + LEASE
            series.save(update_fields=["leased_until"])
    return series
