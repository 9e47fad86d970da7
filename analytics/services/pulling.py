"""Reading figures from Pinterest: what is missing or may change, and nothing twice."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from accounts.models import Connection
from accounts.services.tokens import ConnectionLost, call_pinterest
from analytics.models import DayRow, Series, Snapshot, TopPin
from analytics.policy.statuses import READY
from analytics.policy.windows import Window, window_to_read
from analytics.selectors.series import active_connection, connections_without_series, lost_and_found
from analytics.services.pins import PINS_EVERY, keep_pins, read_pins
from pinterest.client import PinterestClient
from pinterest.errors import PinterestError, RefusalReason, Refused, Unavailable
from pinterest.figures import DayFigures, Figures, Filters, Metrics, TopPins
from pinterest.types import Account, Pin

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]

USUAL: Final = Filters()
"""Pinterest's own defaults: paid figures and other people's Pins count."""

LEASE: Final = timedelta(minutes=10)
"""Up to seventeen calls of half a minute at most; a worker that holds one longer counts as dead."""

EVERY: Final = timedelta(hours=6)
_FIRST_RETRY: Final = timedelta(minutes=2)
_LONGEST_RETRY: Final = timedelta(hours=6)
SORTS: Final = ("IMPRESSION", "SAVE", "PIN_CLICK", "OUTBOUND_CLICK", "ENGAGEMENT")
TOP_DAYS: Final = 30
TOP_COUNT: Final = 50


@dataclass(slots=True)
class Pulled:
    """What one visit to Pinterest brought. `unfinished`: what kept it from bringing the rest."""

    figures: Figures
    account: Account | None = None
    tops: dict[str, TopPins] = field(default_factory=dict)
    pins: list[Pin] | None = None
    unfinished: Unavailable | None = None


def keep_all_connected(*, now: datetime) -> int:
    """Begin a series for each account that has none; returns how many. Idempotent."""
    found = connections_without_series(USUAL)
    for connection in found:
        watch(connection=connection, filters=USUAL, now=now)
    return len(found)


def watch(*, connection: Connection, filters: Filters, now: datetime) -> Series:
    """Keep an account's figures under these filters from now on, and fetch what there still is."""
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
        },
    )
    return series


def pull(*, series_id: int, clock: Clock) -> bool:
    """Read one series if it is due; True when Pinterest answered.

    Does nothing while another worker has it in hand. What fails is tried again later: the days
    that were read are kept, so the next time completes it.
    """
    series = _take(series_id, now=clock())
    if series is None:
        return False
    connection = active_connection(series.workspace_id, series.account_id)
    if connection is None:
        _put_off(series, at=None, problem=_LOST)
        return False
    try:
        pulled = _visit(series, connection, now=clock())
    except ConnectionLost as error:
        _put_off(series, at=None, problem=str(error))
    except Unavailable as error:
        _fail(series, str(error), now=clock(), pause=_pause_of(error))
    except PinterestError as error:
        _fail(series, str(error), now=clock())
    else:
        _keep(series, connection, pulled, now=clock())
        return True
    return False


def resume_lost(*, now: datetime) -> int:
    """Go on with series whose account is connected again; returns how many."""
    return lost_and_found().update(next_pull_at=now, problem="")


_LOST: Final = "The account is not connected any more. Connect it again, and its figures go on."


def _take(series_id: int, *, now: datetime) -> Series | None:
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    due = Series.objects.filter(free, pk=series_id, next_pull_at__lte=now)
    if not due.update(leased_until=now + LEASE):
        return None
    return Series.objects.select_related("workspace").get(pk=series_id)


def _visit(series: Series, connection: Connection, *, now: datetime) -> Pulled:
    """The days, and for the usual series once a day the best Pins and all Pins.

    Where a limit is reached half-way, what was read is kept: to ask for it again would cost the
    limit a second time.
    """
    today = now.astimezone(UTC).date()
    known = dict(DayRow.objects.filter(series=series).values_list("date", "status"))
    window = window_to_read(known, today=today)
    filters = Filters(series.content_type, series.source, series.claimed)
    last = series.pins_read_at

    def read(client: PinterestClient) -> Pulled:
        pulled = Pulled(_figures(client, window, filters))
        if filters != USUAL:
            return pulled
        try:
            pulled.account = client.get_account()
            if last is None or now - last >= PINS_EVERY:
                for sort_by in SORTS:
                    pulled.tops[sort_by] = _tops(client, sort_by, filters, today)
                pulled.pins = read_pins(client)
        except Unavailable as error:
            pulled.unfinished = error
        return pulled

    return call_pinterest(connection_id=connection.pk, now=now, call=read)


def _figures(client: PinterestClient, window: Window, filters: Filters) -> Figures:
    """Ask for the window; for a shorter one where Pinterest refuses its beginning."""
    while True:
        try:
            return client.get_account_figures(start=window.first, end=window.last, filters=filters)
        except Refused as error:
            shorter = window.shorter()
            if error.reason is not RefusalReason.INVALID or shorter is None:
                raise
            logger.info("figures_window_refused first=%s", window.first)
            window = shorter


def _tops(client: PinterestClient, sort_by: str, filters: Filters, today: date) -> TopPins:
    return client.get_top_pins(
        start=today - timedelta(days=TOP_DAYS - 1),
        end=today,
        filters=filters,
        sort_by=sort_by,
        count=TOP_COUNT,
    )


@transaction.atomic
def _keep(series: Series, connection: Connection, pulled: Pulled, *, now: datetime) -> None:
    """Write it all down in one transaction; settled days are left as they are."""
    settled = set(DayRow.objects.filter(series=series, status=READY).values_list("date", flat=True))
    days = {day.date: day for day in pulled.figures.days if day.date not in settled}
    rows = [_row(series, day, now) for day in days.values()]
    DayRow.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["series", "date"],
        update_fields=["status", *_COUNTS.values(), "read_at"],
    )
    for sort_by, tops in pulled.tops.items():
        _keep_tops(series, sort_by, tops)
    if pulled.account is not None:
        _keep_snapshot(series, pulled.account, now)
    if pulled.pins is not None:
        keep_pins(series, pulled.pins, now=now)
        series.pins_read_at = now
    series.username = connection.username
    series.pulled_at, series.failures, series.problem = now, 0, ""
    series.next_pull_at, series.leased_until = _next_pull(now), None
    if pulled.unfinished is not None:
        series.next_pull_at = now + (_pause_of(pulled.unfinished) or _FIRST_RETRY)
    series.save(
        update_fields=[
            *("username", "pulled_at", "failures", "problem"),
            *("next_pull_at", "leased_until", "pins_read_at"),
        ]
    )


_COUNTS: Final = {
    "IMPRESSION": "impression",
    "ENGAGEMENT": "engagement",
    "SAVE": "save_count",
    "PIN_CLICK": "pin_click",
    "OUTBOUND_CLICK": "outbound_click",
}


def _row(series: Series, day: DayFigures, now: datetime) -> DayRow:
    return DayRow(
        series=series,
        date=day.date,
        status=day.status[:60] or "PROCESSING",
        read_at=now,
        **_counts(day.metrics),
    )


def _counts(metrics: Metrics) -> dict[str, int | None]:
    return {
        column: None if (value := metrics.get(name)) is None else round(value)
        for name, column in _COUNTS.items()
    }


def _keep_tops(series: Series, sort_by: str, tops: TopPins) -> None:
    TopPin.objects.filter(series=series, sort_by=sort_by).delete()
    TopPin.objects.bulk_create(
        TopPin(series=series, sort_by=sort_by, rank=rank, pin_id=pin.pin_id, **_counts(pin.metrics))
        for rank, pin in enumerate(tops.pins, start=1)
    )


def _keep_snapshot(series: Series, account: Account, now: datetime) -> None:
    Snapshot.objects.update_or_create(
        workspace_id=series.workspace_id,
        account_id=series.account_id,
        date=now.astimezone(UTC).date(),
        defaults={
            "followers": account.follower_count,
            "monthly_views": account.monthly_views,
            "pins": account.pin_count,
            "boards": account.board_count,
        },
    )


def _next_pull(now: datetime) -> datetime:
    """Six hours on, and soon after each UTC midnight, when a new day begins."""
    midnight = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(0, 15), UTC)
    return min(now + EVERY, midnight)


def _fail(series: Series, problem: str, *, now: datetime, pause: timedelta | None = None) -> None:
    series.failures += 1
    doubled = _FIRST_RETRY * 2 ** min(series.failures - 1, 10)
    wait = pause or min(doubled, _LONGEST_RETRY)
    logger.warning(
        "figures_not_read series=%s failures=%s wait_s=%.0f %s",
        series.pk,
        series.failures,
        wait.total_seconds(),
        problem,
    )
    _put_off(series, at=now + wait, problem=problem)


def _pause_of(error: Unavailable) -> timedelta | None:
    """How long Pinterest, or our own count of its limits, says to wait; at least a second."""
    return timedelta(seconds=max(1.0, error.retry_after)) if error.retry_after else None


def _put_off(series: Series, *, at: datetime | None, problem: str) -> None:
    series.next_pull_at, series.leased_until, series.problem = at, None, problem[:500]
    series.save(update_fields=["next_pull_at", "leased_until", "problem", "failures"])
