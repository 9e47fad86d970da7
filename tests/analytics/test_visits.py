"""Visits that don't go to their end: what was read stays, and the next one brings the rest."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from accounts.models import Connection
from analytics.models import DayRow, PinRow, Series, Snapshot, Stage, TopPin
from analytics.policy.windows import EVERY
from analytics.services import leases, pulling, visits
from analytics.services.leases import LEASE, LeaseLost
from analytics.services.watching import resume_lost
from analytics.tasks import hand_out_due
from pinterest.client import PinterestClient
from pinterest.types import Account
from sandbox.faults import Fault
from tests.analytics.conftest import NOON, keep, read

pytestmark = pytest.mark.django_db
FIGURES = "GET /v5/user_account/analytics"
BEST = f"{FIGURES}/top_pins"


class Died(BaseException):
    """What no handler catches, as kill -9 is not caught."""


def die(*_args, **_kwargs):
    raise Died


def asked_for(sandbox, path="/v5/user_account/analytics"):
    return len([each for each in sandbox.requests if each.path == path])


@pytest.mark.parametrize(
    ("step", "days", "best"),
    [("keep_days", 0, 0), ("_keep_snapshot", 90, 0), ("keep_pins", 90, 5)],
)
def test_a_worker_that_dies_is_followed_by_another(series, monkeypatch, step, days, best, pins):
    """It dies after Pinterest answered: what came before is kept, and nothing is half written."""
    with monkeypatch.context() as patched:
        patched.setattr(visits, step, die)
        with pytest.raises(Died):
            read(series)
    assert (DayRow.objects.count(), orders()) == (days, best)
    assert not read(series), "its lease still runs"
    later = NOON + LEASE + timedelta(seconds=1)
    with time_machine.travel(later, tick=False):
        assert read(series, later)
    assert (DayRow.objects.count(), orders(), PinRow.objects.count()) == (90, 5, 3)
    series.refresh_from_db()
    assert (series.leased_until, series.stage, series.asked_at) == (None, "", None)


def orders():
    return TopPin.objects.values("sort_by").distinct().count()


def test_a_fault_of_ours_is_told_raised_and_tried_again(series, monkeypatch, pins):
    """Whoever runs the server reads the log; whoever looks at figures does not."""

    def fail(*_args, **_kwargs):
        raise RuntimeError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(visits, "keep_best_pins", fail)
        with pytest.raises(RuntimeError):
            read(series)
    series.refresh_from_db()
    assert (DayRow.objects.count(), series.problem) == (90, "")
    assert series.part_problems["best_pins"].startswith("Something went wrong in PinApp")
    assert (series.leased_until, series.next_pull_at) == (None, NOON + timedelta(minutes=2))
    later = series.next_pull_at
    with time_machine.travel(later, tick=False):
        assert read(series, later)
    series.refresh_from_db()
    assert (orders(), series.part_problems, series.failures) == (5, {}, 0)


def test_a_worker_that_is_too_slow_writes_nothing_over_another_s_work(series, sandbox):
    """Its lease passed while Pinterest took its time; by then another has the series in hand."""
    slow = leases.take(series_id=series.pk, now=NOON)
    other = leases.take(series_id=series.pk, now=NOON + LEASE + timedelta(seconds=1))
    for late in (
        lambda: leases.go_on(slow, stage=Stage.PINS, done=1, in_all=2, now=NOON),
        lambda: leases.let_go(slow, next_pull_at=NOON),
        lambda: leases.keep_hold(slow),
    ):
        with pytest.raises(LeaseLost):
            late()
    series.refresh_from_db()
    assert series.leased_until == other.leased_until


def test_a_limit_reached_half_way_costs_nothing_of_what_was_read(series, sandbox, pins):
    """The days are kept; the best Pins are asked for when the limit says."""
    headers = {"x-ratelimit-reset": "600", "x-ratelimit-remaining": "0"}
    sandbox.arm(Fault(route=BEST, kind="status", status=429, code=8, headers=headers, nth=3))
    assert read(series)
    series.refresh_from_db()
    assert (DayRow.objects.count(), series.best_pins_next_at, series.problem) == (90, None, "")
    assert list(series.part_problems) == ["best_pins"]
    assert timedelta(minutes=9) < series.next_pull_at - NOON < timedelta(minutes=11)
    assert set(TopPin.objects.values_list("sort_by", flat=True)) == {"IMPRESSION", "SAVE"}
    later = series.next_pull_at
    cache.clear()  # the limits are counted by the cache's own clock
    with time_machine.travel(later, tick=False):
        assert read(series, later)
    series.refresh_from_db()
    assert (orders(), series.part_problems, series.failures) == (5, {}, 0)


def test_a_visit_that_only_waited_for_the_rest_does_not_ask_for_the_days_again(series, sandbox):
    headers = {"x-ratelimit-reset": "30", "x-ratelimit-remaining": "0"}
    account = "GET /v5/user_account"
    sandbox.arm(Fault(route=account, kind="status", status=429, code=8, headers=headers))
    assert read(series)
    assert not Snapshot.objects.exists()
    later = NOON + timedelta(seconds=31)
    cache.clear()  # the limits are counted by the cache's own clock
    with time_machine.travel(later, tick=False):
        assert read(series, later)
    assert Snapshot.objects.exists()
    assert asked_for(sandbox) == 1
    series.refresh_from_db()
    assert (series.pulled_at, series.asked_at, series.next_pull_at) == (NOON, None, later + EVERY)


def test_a_day_that_began_since_is_asked_for_however_young_the_others_are(series, sandbox):
    late = NOON.replace(hour=23, minute=58)
    with time_machine.travel(late, tick=False):
        sandbox.arm(Fault(route=BEST, kind="status", status=500))
        assert read(series, late)
    after = late + timedelta(minutes=4)
    with time_machine.travel(after, tick=False):
        assert read(series, after)
    assert DayRow.objects.filter(date=after.date()).exists()


def test_followers_that_were_told_stay_though_pinterest_leaves_them_out_later(series, monkeypatch):
    answers = [Account(id="1", username="clay", follower_count=5, monthly_views=40)]
    monkeypatch.setattr(PinterestClient, "get_account", lambda _client: answers[-1])
    read(series)
    answers.append(Account(id="1", username="clay", follower_count=None, monthly_views=50))
    later = NOON + EVERY
    with time_machine.travel(later, tick=False):
        read(series, later)
    kept = Snapshot.objects.get()
    assert (kept.followers, kept.monthly_views, kept.pins) == (5, 50, None)


def test_tokens_that_can_t_be_opened_are_told_and_tried_ever_more_seldom(series, connection):
    """TOKEN_KEYS lacks their key: the account counts as connected, and no tick may begin anew."""
    Connection.objects.update(access_token_sealed="v1.00000000.broken")
    at, waits = NOON, []
    for _ in range(3):
        assert not read(series, at)
        assert resume_lost(now=at) == 0
        series.refresh_from_db()
        assert "TOKEN_KEYS" in series.problem
        waits.append(series.next_pull_at - at)
        at = series.next_pull_at
    assert waits == [timedelta(minutes=minutes) for minutes in (2, 4, 8)]


@pytest.mark.parametrize("status", [429, 503])
def test_a_wait_that_no_limit_of_pinterest_s_lasts_is_not_believed(series, sandbox, status):
    headers = {"retry-after": "999999999"}
    sandbox.arm(Fault(route=FIGURES, kind="status", status=status, code=8, headers=headers))
    read(series)
    series.refresh_from_db()
    assert timedelta(0) < series.next_pull_at - NOON <= timedelta(hours=25)


def test_waiting_for_a_limit_is_no_failure_and_a_short_wait_no_news(series, sandbox):
    headers = {"x-ratelimit-reset": "30", "x-ratelimit-remaining": "0"}
    sandbox.arm(Fault(route=FIGURES, kind="status", status=429, code=8, headers=headers))
    assert not read(series)
    series.refresh_from_db()
    assert (series.failures, series.problem, series.asked_at) == (0, "", NOON)
    assert series.next_pull_at <= NOON + timedelta(seconds=31)


def test_what_pinterest_refuses_beside_the_days_is_told_and_costs_nothing_else(
    series, sandbox, pins
):
    """An app may be let at the days and not at the best Pins."""
    sandbox.arm(Fault(route=BEST, kind="status", status=403, code=29, times=None))
    assert read(series)
    series.refresh_from_db()
    assert (DayRow.objects.count(), Snapshot.objects.count(), PinRow.objects.count()) == (90, 1, 3)
    assert list(series.part_problems) == ["best_pins"]
    assert series.next_pull_at == NOON + EVERY, "it is not asked again every other minute"
    sandbox.faults.clear()
    read(series, NOON + EVERY)
    series.refresh_from_db()
    assert (orders(), list(series.part_problems)) == (0, ["best_pins"]), "not before it is due"
    later = NOON + timedelta(hours=24)
    with time_machine.travel(later, tick=False):
        read(series, later)
    series.refresh_from_db()
    assert (orders(), series.part_problems) == (5, {})


def test_an_outage_beside_the_days_waits_longer_each_time(series, sandbox):
    sandbox.arm(Fault(route=BEST, kind="status", status=500, times=None))
    at, waits = NOON, []
    for _ in range(3):
        assert read(series, at)
        series.refresh_from_db()
        waits.append(series.next_pull_at - at)
        at = series.next_pull_at
    assert waits == [timedelta(minutes=minutes) for minutes in (2, 4, 8)]


@pytest.mark.parametrize("status", [429, 500])
def test_nobody_waits_for_a_part_that_comes_late_once_the_days_are_there(
    series, sandbox, visitor, status
):
    headers = {"x-ratelimit-reset": "64800", "x-ratelimit-remaining": "0"}
    sandbox.arm(Fault(route=BEST, kind="status", status=status, code=8, headers=headers))
    assert read(series)
    page = visitor.get("/analytics/").context
    assert page["reading"] is None
    assert [each.split(":")[0] for each in page["part_problems"]] == ["Best Pins"]


def test_a_visit_tells_how_far_it_is(series, sandbox, pins, monkeypatch):
    seen = []

    def note(*args, **told):
        seen.append((str(told["stage"]), told["done"], told["in_all"]))
        return go_on(*args, **told)

    go_on = leases.go_on
    monkeypatch.setattr(leases, "go_on", note)
    read(series)
    assert seen == [
        ("days", 0, 8),
        ("account", 1, 8),
        *(("best_pins", number, 8) for number in range(2, 7)),
        ("pins", 7, 8),
    ]
    seen.clear()
    read(series, NOON + EVERY)
    assert seen == [("days", 0, 2), ("account", 1, 2)]


def test_workers_take_what_has_waited_longest_and_none_of_it_twice(connection, owner):
    rows = [
        keep(
            connection.workspace,
            str(number),
            f"u{number}",
            next_pull_at=NOON - timedelta(minutes=number),
        )
        for number in range(3)
    ]
    taken = [leases.take_next(now=NOON) for _ in range(4)]
    assert [each and each.pk for each in taken] == [rows[2].pk, rows[1].pk, rows[0].pk, None]


def test_no_more_workers_are_sent_than_may_read_at_once(connection, monkeypatch, settings):
    settings.FIGURES_AT_ONCE = 2
    sent = []
    monkeypatch.setattr("analytics.tasks.pull_due.apply_async", lambda **more: sent.append(more))
    hand_out_due()
    series = Series.objects.get()
    assert (series.account_id, series.username) == (connection.pinterest_id, connection.username)
    assert sent == [{"expires": 10.0}], "one account waits"
    for number in range(4):
        keep(
            connection.workspace,
            str(number),
            f"u{number}",
            next_pull_at=NOON,
            leased_until=NOON + LEASE if number == 0 else None,
        )
    sent.clear()
    hand_out_due()
    assert len(sent) == 1, "one of two is at work already"


def test_what_is_due_is_read_until_the_turn_is_over(series, sandbox):
    assert pulling.pull_due(clock=lambda: NOON, until=NOON) == 0
    assert pulling.pull_due(clock=lambda: NOON, until=NOON + timedelta(seconds=10)) == 1
    assert DayRow.objects.count() == 90


def test_ninety_days_cost_as_many_statements_as_one(series, sandbox):
    def statements(at):
        with time_machine.travel(at, tick=False), CaptureQueriesContext(database) as caught:
            assert read(series, at)
        return len([each for each in caught if "analytics_dayrow" in each["sql"].lower()])

    first = statements(NOON)
    assert (first, statements(NOON + EVERY)) == (3, 3), "which to ask for, what is kept, write"
