"""The benchmark of analytics: pulling 1,000 connections, and the page beside ten million days."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import median

from tests.bench.rows import Row
from tests.bench.world import DURABILITY, World

NOTES = (
    DURABILITY + "; Valkey. The page is rendered in this process, by Django's own client.",
    "What Pinterest allows: 60 looks at figures a minute for each account, by its own clock.",
    "Medians; each ratio is of figures from this one run.",
)
FEW, MANY = 10_000, 10_000_000
DAYS = 365
ROUNDS = 40
# What is looked at, and what its page must hold to have shown the days.
PAGES = {
    "The page of 90 days": ("/analytics/?days=90", b"day-bars"),
    "The home page": ("/", b"30 days before, by settled days"),
}


def measure(world: World) -> Iterator[list[Row]]:
    """Measure group by group."""
    from tests.bench import pulling  # noqa: PLC0415 - Django is set up by now

    yield from pulling.measure(world)
    yield _measure_pages()


def _measure_pages() -> list[Row]:
    """The pages of one account of many, with few days in the table and with many."""
    from django.db import connection  # noqa: PLC0415 - Django is set up by now

    visitor = _visitor()
    figures: dict[int, dict[str, float]] = {}
    for count, before in ((FEW, 0), (MANY, FEW)):
        with connection.cursor() as cursor:
            given = {"first": before // DAYS, "last": count // DAYS, "days": DAYS}
            cursor.execute(_SERIES, given)
            cursor.execute(_FILL, given)
            cursor.execute("VACUUM ANALYZE analytics_dayrow")
        figures[count] = {name: _page_ms(visitor, *page) for name, page in PAGES.items()}
    return [
        Row(
            f"{name} with {MANY:,} days in the table, beside {FEW:,}",
            figures[MANY][name],
            "ms",
            figures[FEW][name],
            "≤ 1.2",
        )
        for name in PAGES
    ]


def _visitor():
    """A member of a workspace whose account has a year of days among all others."""
    from django.test import Client  # noqa: PLC0415 - likewise

    from accounts.policy import Role  # noqa: PLC0415 - likewise
    from tests import factories  # noqa: PLC0415 - likewise

    workspace = factories.WorkspaceFactory(pk=_WORKSPACE, name="Bench")
    visitor = Client(headers={"host": "testserver"})
    visitor.force_login(
        factories.member(workspace, "olga", Role.OWNER),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    for number in range(1, 20):
        factories.WorkspaceFactory(name=f"Other {number}")
    return visitor


def _page_ms(visitor, path: str, mark: bytes) -> float:
    took = []
    for number in range(ROUNDS + 5):
        began = time.perf_counter()
        page = visitor.get(path)
        if page.status_code != 200 or mark not in page.content:
            raise AssertionError(f"the page answered {page.status_code} at {datetime.now(UTC)}")
        if number >= 5:  # the first ones warm up
            took.append(1000 * (time.perf_counter() - began))
    return median(took)


_WORKSPACE = "00000000-0000-4000-8000-000000000001"
# The first account is the visitor's workspace's, the others are spread over twenty.
_SERIES = """
INSERT INTO analytics_series (
    workspace_id, account_id, username, content_type, source, claimed, created_at,
    failures, problem, stage, calls_done, calls_in_all, part_problems
)
SELECT
    CASE WHEN n = 0 THEN '00000000-0000-4000-8000-000000000001'::uuid ELSE w.id END,
    (700000000000 + n)::text, 'account-' || n, 'ALL', 'ALL', 'BOTH', now(), 0, '', '', 0, 0, '{}'
FROM generate_series(%(first)s, %(last)s - 1) n
JOIN (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS many
    FROM accounts_workspace WHERE id <> '00000000-0000-4000-8000-000000000001'
) w ON w.place = n %% w.many
"""
_FILL = """
INSERT INTO analytics_dayrow (
    series_id, date, status, impression, engagement, save_count, pin_click, outbound_click, read_at
)
SELECT s.id, d::date, 'READY', 400, 30, 8, 15, 4, now()
FROM analytics_series s,
    generate_series(current_date - %(days)s + 1, current_date, interval '1 day') d
WHERE NOT EXISTS (SELECT FROM analytics_dayrow r WHERE r.series_id = s.id)
"""
