"""Whatever goes wrong in whichever order: figures end up complete, and no row is there twice."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache

from accounts.models import Connection
from analytics.models import DayRow, PinRow, TopPin
from analytics.services import leases
from analytics.services.leases import LEASE
from sandbox.faults import Fault
from tests.analytics.conftest import NOON, read

pytestmark = pytest.mark.django_db
VISITS = 25
ROUTES = (
    "GET /v5/user_account",
    "GET /v5/user_account/analytics",
    "GET /v5/user_account/analytics/top_pins",
    "GET /v5/pins",
)
EVILS = (
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 503, "body": "html"},
    {"kind": "status", "status": 200, "body": "empty"},
    {"kind": "status", "status": 403, "code": 29},
    {"kind": "status", "status": 429, "code": 8, "headers": {"x-ratelimit-reset": "20"}},
    {"kind": "status", "status": 429, "code": 8, "headers": {"x-ratelimit-reset": "64800"}},
    {"kind": "drop"},
    {"kind": "drop", "when": "after"},
    {"kind": "token_death"},
    {"kind": "short_page"},
    {"kind": "bookmark_loop"},
    {"kind": "extra_fields"},
    {"kind": "unknown_values"},
    {"kind": "sparse_metrics"},
    {"kind": "late_metrics", "seconds": 7 * 86_400},
)


class Died(BaseException):
    """What no handler catches, as kill -9 is not caught."""


@pytest.mark.parametrize("seed", range(6))
def test_figures_are_complete_in_the_end(series, sandbox, pins, monkeypatch, seed):
    chance = random.Random(seed)  # noqa: S311 - repeatable chance, guards nothing
    at = NOON
    for _ in range(VISITS):
        sandbox.faults.clear()
        for _ in range(chance.randint(0, 3)):
            nth = chance.randint(1, 3)
            sandbox.arm(Fault(route=chance.choice(ROUTES), nth=nth, **chance.choice(EVILS)))
        at = _visit(series, at, monkeypatch, dies_at=chance.choice((None, None, 1, 2, 5, 8)))
        assert DayRow.objects.values("date").distinct().count() == DayRow.objects.count()
    sandbox.faults.clear()
    for _ in range(2):
        at = _visit(series, at + timedelta(hours=24), monkeypatch, dies_at=None)
    _assert_complete(series, at)


def _visit(series, at, monkeypatch, *, dies_at):
    """One visit of a worker that dies at its n-th step; returns when the series is due next."""
    go_on, steps = leases.go_on, []

    def count(*args, **told):
        steps.append(told)
        if len(steps) == dies_at:
            raise Died
        return go_on(*args, **told)

    cache.clear()  # the limits are counted by the cache's own clock
    with time_machine.travel(at, tick=False), monkeypatch.context() as patched:
        patched.setattr(leases, "go_on", count)
        try:
            read(series, at)
        except Died:
            return at + LEASE + timedelta(seconds=1)
    series.refresh_from_db()
    assert series.leased_until is None
    assert series.next_pull_at is not None, f"the account was given up: {series.problem}"
    return max(series.next_pull_at, at + timedelta(seconds=1))


def _assert_complete(series, at):
    series.refresh_from_db()
    assert (series.problem, series.part_problems, series.failures) == ("", {}, 0)
    settled = DayRow.objects.filter(status="READY")
    last = settled.latest("date").date
    first = last - timedelta(days=87)
    known = list(settled.filter(date__gte=first).order_by("date").values_list("date", flat=True))
    assert known == [first + timedelta(days=number) for number in range(88)]
    assert TopPin.objects.values("sort_by").distinct().count() == 5
    assert PinRow.objects.filter(gone_at=None).count() == 3
    assert Connection.objects.get().is_active
