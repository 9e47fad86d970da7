"""A visit to Pinterest for one series: what is due, step by step, each kept once it is read."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final, TypeVar

from accounts.models import Connection
from accounts.services.tokens import call_pinterest
from analytics.models import Series, Snapshot, Stage
from analytics.policy.figures import as_count
from analytics.policy.windows import REACH, utc_day, window_to_read
from analytics.services import leases
from analytics.services.best_pins import SORTS, keep_best_pins, read_best_pins
from analytics.services.days import keep_days, kept_statuses, read_days
from analytics.services.pins import MOST_PINS, PAGE, keep_pins, read_pins
from analytics.services.watching import FRESH, USUAL, filters_of
from pinterest.client import PinterestClient
from pinterest.errors import PinterestError, RefusalReason, Refused, Unavailable
from pinterest.types import Account

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]
T = TypeVar("T")

PINS_EVERY: Final = timedelta(hours=20)


class Visit:
    """One visit: its steps in order, and how many calls of about how many are made."""

    def __init__(self, series: Series, connection: Connection, clock: Clock) -> None:
        self.stage = Stage.DAYS
        self._series = series
        self._connection = connection
        self._clock = clock
        self._filters = filters_of(series)
        self._is_usual = self._filters == USUAL
        self._done = self._in_all = 0

    def read_days(self) -> None:
        """Raises PinterestError, ConnectionLost and LeaseLost, as the other does."""
        series, is_fresh = self._series, self._days_are_fresh()
        self._in_all = (not is_fresh) + len(SORTS) * self._best_pins_are_due()
        if self._is_usual:
            self._in_all += 1 + self._pins_are_due()
        if is_fresh:
            return
        today = utc_day(self._clock())
        window = window_to_read(kept_statuses(series, since=today - REACH), today=today)
        ask = partial(
            read_days,
            window=window,
            filters=self._filters,
            before_each=lambda: self._renew(Stage.DAYS),
        )
        answered, figures = self._call(ask)
        self._done += 1
        name = self._connection.username
        keep_days(series, figures, asked_from=answered.first, username=name, now=self._clock())

    def read_the_rest(self) -> None:
        """Followers each time, the best Pins and all Pins about once a day.

        Followers and Pins know no filters: they come with the usual ones. What Pinterest refuses
        is told and tried again when it is due next; the rest is read.
        """
        self.stage = Stage.ACCOUNT
        if self._is_usual:
            self._read_part(Stage.ACCOUNT, self._read_account)
        if self._best_pins_are_due():
            self._read_part(Stage.BEST_PINS, self._read_best_pins)
            leases.save(self._series, best_pins_next_at=self._clock() + PINS_EVERY)
        if self._is_usual and self._pins_are_due():
            self._read_part(Stage.PINS, self._read_pins)
            leases.save(self._series, pins_next_at=self._clock() + PINS_EVERY)

    def _read_part(self, stage: Stage, read: Callable[[], None]) -> None:
        """Read a part and note what Pinterest refuses; what may pass by itself ends the visit."""
        problems = {**self._series.part_problems}
        problems.pop(stage, None)
        self._go_on(stage)
        try:
            read()
        except Unavailable:
            raise
        except PinterestError as error:
            logger.warning("figures_refused series=%s stage=%s", self._series.pk, stage)
            problems[stage] = words_of(error)[:500]
        if problems != self._series.part_problems:
            leases.save(self._series, part_problems=problems)

    def _read_account(self) -> None:
        account = self._call(lambda client: client.get_account())
        if self._pins_are_due():
            pages = math.ceil(min(as_count(account.pin_count) or 0, MOST_PINS) / PAGE)
            self._in_all += max(0, pages - 1)
        _keep_snapshot(self._series, account, self._clock())

    def _read_best_pins(self) -> None:
        for number, sort_by in enumerate(SORTS):
            if number:
                self._go_on(Stage.BEST_PINS)
            ask = partial(read_best_pins, sort_by=sort_by, filters=self._filters, now=self._clock())
            keep_best_pins(self._series, sort_by, self._call(ask))

    def _read_pins(self) -> None:
        listed = self._call(
            lambda client: read_pins(client, on_page=lambda _page: self._go_on(Stage.PINS))
        )
        keep_pins(self._series, listed, now=self._clock())

    def _days_are_fresh(self) -> bool:
        """A visit that only had to wait for the rest costs the limit no second look at the days."""
        read_at, now = self._series.pulled_at, self._clock()
        if read_at is None or utc_day(read_at) < utc_day(now):
            return False
        return now - read_at < FRESH

    def _best_pins_are_due(self) -> bool:
        moment = self._series.best_pins_next_at
        return moment is None or moment <= self._clock()

    def _pins_are_due(self) -> bool:
        moment = self._series.pins_next_at
        return moment is None or moment <= self._clock()

    def _go_on(self, stage: Stage) -> None:
        self._renew(stage)
        self._done += 1

    def _renew(self, stage: Stage) -> None:
        self.stage = stage
        leases.go_on(
            self._series, stage=stage, done=self._done, in_all=self._in_all, now=self._clock()
        )

    def _call(self, call: Callable[[PinterestClient], T]) -> T:
        return call_pinterest(connection_id=self._connection.pk, now=self._clock(), call=call)


def words_of(error: PinterestError) -> str:
    """What to tell people. A question that was refused is ours, and nothing of theirs to mend."""
    if not isinstance(error, Refused) or error.reason is not RefusalReason.INVALID:
        return str(error)
    said = f": “{error.detail}”" if error.detail else ""
    return (
        f"Pinterest did not accept how PinApp asked{said}. What was read is kept, and it is tried "
        "again; if this stays, tell whoever runs this server."
    )


def _keep_snapshot(series: Series, account: Account, now: datetime) -> None:
    """Write down what Pinterest tells of today; what it leaves out stays as it was told before."""
    counts = {
        "followers": as_count(account.follower_count),
        "monthly_views": as_count(account.monthly_views),
        "pins": as_count(account.pin_count),
        "boards": as_count(account.board_count),
    }
    Snapshot.objects.update_or_create(
        workspace_id=series.workspace_id,
        account_id=series.account_id,
        date=utc_day(now),
        defaults={name: value for name, value in counts.items() if value is not None},
    )
