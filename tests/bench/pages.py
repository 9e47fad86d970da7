"""Pages about Pins: as many queries for 100 as for 1, and a calendar that does not mind 50,000."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median

from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from publishing.models import Attempt, Pin
from tests.bench.content import fill_up, make_room, plan_pins
from tests.bench.rows import Row

CALENDAR = "/pins/calendar/"
ROUNDS = 9
FEW, MANY = 50, 50_000
SPREAD = 222


def measure() -> list[Row]:
    """Open each page in a workspace with 1 and with 100 Pins, then two calendars."""
    one, hundred = _room(1), _room(100)
    rows = []
    for name, address in _PAGES.items():
        counts = [_queries(browser, address(pin)) for browser, pin in (one, hundred)]
        if not all(counts):
            print(f"  {name} is not there yet: no row for it.")
            continue
        rows.append(
            Row(
                f"Queries of {name} with 100 rows, beside 1", counts[1], "queries", counts[0], "≤ 1"
            )
        )
    return rows + _calendars() + _week_beside_month()


_PAGES: dict[str, Callable[[Pin], str]] = {
    "the list of Pins": lambda _pin: "/pins/",
    "the calendar's month": lambda _pin: CALENDAR,
    "a Pin's page (attempts)": lambda pin: f"/pins/{pin.pk}/",
}


def _calendars() -> list[Row]:
    browsers = []
    for count in (FEW, MANY):
        _, owner, boards, media = make_room(f"Calendar of {count}")
        plan_pins(boards, media, count=FEW, first=datetime.now(UTC), apart=timedelta(hours=3))
        if count > FEW:
            # Two years of them, 72 on each day.
            fill_up(boards, media, count=count - FEW, apart=timedelta(minutes=20))
        browsers.append(_browser(owner))
    with database.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE publishing_pin")
    times: list[list[float]] = [[], []]
    for _ in range(ROUNDS):
        for browser, kept in zip(browsers, times, strict=True):
            started = time.perf_counter()
            if browser.get(CALENDAR).status_code != 200:
                return []
            kept.append(time.perf_counter() - started)
    few, many = (1000 * median(kept) for kept in times)
    return [
        Row(f"The calendar of a workspace with {MANY:,} Pins, beside {FEW}", many, "ms", few, "≤ 3")
    ]


def _week_beside_month() -> list[Row]:
    """Both views of one calendar, in turn."""
    _, owner, boards, media = make_room("Week and month")
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    first = today - timedelta(days=today.weekday() + 14)
    plan_pins(boards, media, count=SPREAD, first=first, apart=timedelta(days=35) / SPREAD)
    browser = _browser(owner)
    times: dict[str, list[float]] = {"week": [], "month": []}
    for _ in range(ROUNDS):
        for view, kept in times.items():
            started = time.perf_counter()
            browser.get(CALENDAR, {"view": view})
            kept.append(time.perf_counter() - started)
    week, month = (1000 * median(times[view]) for view in ("week", "month"))
    what = f"The calendar's week, {SPREAD} Pins in five weeks, beside its month"
    return [Row(what, week, "ms", month, "≤ 1.2")]


def _room(count: int) -> tuple[Client, Pin]:
    """A workspace with so many Pins, one of them tried as often."""
    _, owner, boards, media = make_room(f"Room of {count}")
    now = datetime.now(UTC)
    plan_pins(boards, media, count=count, first=now, apart=timedelta(minutes=20))
    pin = Pin.objects.filter(workspace=media.workspace_id).first()
    Attempt.objects.bulk_create(
        Attempt(
            pin=pin,
            number=number,
            worker="w",
            fingerprint="f",
            board_id="1",
            started_at=now,
            finished_at=now,
            outcome="unavailable",
        )
        for number in range(count)
    )
    return _browser(owner), pin


def _browser(user: User) -> Client:
    browser = Client()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def _queries(browser: Client, address: str) -> int:
    """How many queries a page takes the second time; 0 when there is no such page."""
    if browser.get(address).status_code != 200:
        return 0
    with CaptureQueriesContext(database) as queries:
        browser.get(address)
    return len(queries)
