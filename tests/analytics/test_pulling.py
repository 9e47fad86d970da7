"""Reading figures: everything Pinterest still has, once, and what may change again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from accounts.models import Connection, ConnectionStatus
from analytics.models import DayRow, Snapshot, TopPin
from analytics.policy.statuses import reason_of
from analytics.policy.windows import EVERY, Window, window_to_read
from analytics.selectors.series import due_series
from analytics.services import leases, watching
from analytics.services.watching import USUAL, watch
from pinterest.figures import Filters
from sandbox.faults import Fault
from tests.analytics.conftest import NOON, TODAY, read

pytestmark = pytest.mark.django_db
FIGURES = "GET /v5/user_account/analytics"


def fault(kind="status", **more):
    return Fault(route=FIGURES, kind=kind, **more)


def test_the_first_time_brings_all_that_pinterest_still_has(series, sandbox):
    assert read(series)
    rows = DayRow.objects.filter(series=series).order_by("date")
    assert [row.date for row in rows] == [
        TODAY - timedelta(days=number) for number in range(89, -1, -1)
    ]
    assert {row.status for row in rows[:88]} == {"READY"}
    assert all(row.impression > 0 for row in rows)
    series.refresh_from_db()
    assert (series.pulled_at, series.problem, series.next_pull_at) == (NOON, "", NOON + EVERY)
    snapshot = Snapshot.objects.get()
    assert (snapshot.date, snapshot.followers) == (TODAY, 0)


def test_the_next_time_reads_only_what_may_have_changed(series):
    read(series)
    before = dict(DayRow.objects.values_list("date", "impression"))
    later = NOON + timedelta(hours=7)
    with time_machine.travel(later, tick=False):
        assert read(series, later)
    rows = {row.date: row for row in DayRow.objects.all()}
    assert len(rows) == 90
    assert rows[TODAY].impression > before[TODAY]
    settled = TODAY - timedelta(days=5)
    assert (rows[settled].impression, rows[settled].read_at) == (before[settled], NOON)


def test_days_that_stay_undecided_for_a_week_are_read_again(series, sandbox):
    sandbox.arm(fault("late_metrics", seconds=7 * 86_400, times=1))
    read(series)
    assert DayRow.objects.filter(status="PROCESSING", impression=None).count() == 7
    later = NOON + EVERY
    with time_machine.travel(later, tick=False):
        read(series, later)
    assert DayRow.objects.filter(impression=None).count() == 0
    assert DayRow.objects.count() == 90


def test_the_spurious_refusal_of_ninety_days_costs_a_week_and_no_more(series, sandbox):
    message = "Invalid request: You can only get data from the last 90 days"
    sandbox.arm(fault(status=400, code=1, message=message))
    assert read(series)
    assert DayRow.objects.count() == 83
    later = NOON + EVERY
    with time_machine.travel(later, tick=False):
        read(series, later)
    assert DayRow.objects.count() == 90


def test_what_is_refused_however_short_costs_four_calls_each_in_a_lease_of_its_own(
    series, sandbox, monkeypatch
):
    sandbox.arm(fault(status=400, code=1, message="No", times=None))
    held = []
    go_on = leases.go_on

    def note(*args, **told):
        held.append((str(told["stage"]), told["done"]))
        return go_on(*args, **told)

    monkeypatch.setattr(leases, "go_on", note)
    assert not read(series)
    assert held == [("days", 0)] * 4
    series.refresh_from_db()
    assert series.problem.startswith("Pinterest did not accept how PinApp asked: “No”.")


@pytest.mark.parametrize(
    ("days", "tried"), [(89, [89, 82, 44, 13]), (50, [50, 44, 13]), (13, [13])]
)
def test_shorter_windows_end_with_the_long_one(days, tried):
    windows = Window(TODAY - timedelta(days=days), TODAY).and_shorter()
    assert windows == [Window(TODAY - timedelta(days=each), TODAY) for each in tried]


def test_a_limit_of_eighteen_hours_is_waited_for(series, sandbox):
    headers = {"x-ratelimit-reset": "64800", "x-ratelimit-remaining": "0"}
    sandbox.arm(fault(status=429, code=8, headers=headers))
    assert not read(series)
    series.refresh_from_db()
    assert series.next_pull_at >= NOON + timedelta(hours=17)
    assert (series.leased_until, series.failures, bool(series.problem)) == (None, 0, True)
    assert not due_series(now=NOON + timedelta(hours=1)).exists()


def test_unknown_words_and_missing_figures_are_kept_as_they_are(series, sandbox):
    sandbox.arm(fault("unknown_values"))
    sandbox.arm(fault("sparse_metrics"))
    assert read(series)
    row = DayRow.objects.get(date=TODAY - timedelta(days=9))
    assert (row.status, row.save_count, row.pin_click) == ("NEW_STATUS_OF_TOMORROW", None, None)
    assert row.impression > 0
    assert "new status of tomorrow" in reason_of(row.status)


def test_a_token_that_dies_meanwhile_is_renewed_and_the_visit_completed(series, sandbox):
    sandbox.arm(Fault(route=f"{FIGURES}/top_pins", kind="token_death", nth=3))
    assert read(series)
    assert DayRow.objects.count() == 90


def test_an_account_that_is_lost_waits_and_goes_on_when_it_is_back(series, connection):
    Connection.objects.update(status=ConnectionStatus.NEEDS_RECONNECTING, lost_reason="Gone.")
    assert not read(series)
    series.refresh_from_db()
    assert (series.next_pull_at, "not connected any more" in series.problem) == (None, True)
    assert watching.resume_lost(now=NOON) == 0
    Connection.objects.update(status=ConnectionStatus.ACTIVE, lost_reason="")
    assert watching.resume_lost(now=NOON) == 1
    assert read(series)


def test_what_fails_waits_longer_each_time(series, sandbox):
    sandbox.arm(fault(status=500, times=None))
    at, waits = NOON, []
    for _ in range(4):
        read(series, at)
        series.refresh_from_db()
        waits.append(series.next_pull_at - at)
        at = series.next_pull_at
    assert waits == [timedelta(minutes=minutes) for minutes in (2, 4, 8, 16)]


def test_between_two_days_a_visit_costs_one_call_of_the_limit(series, sandbox):
    read(series)

    def spent():
        used = {each["category"]: each["used"] for each in sandbox.quotas.counters()}
        return used["org_analytics"]

    first = spent()
    with time_machine.travel(NOON + EVERY, tick=False):
        read(series, NOON + EVERY)
    assert (first, spent()) == (6, 1), "the second is counted in another minute"


def test_other_filters_are_series_of_their_own(series, connection, owner, sandbox, pins):
    asked = {"connection": connection, "filters": Filters(content_type="PAID"), "by": owner}
    for account in sandbox.records.accounts.values():
        account.follower_count = 50_000
    other = watch(**asked, now=NOON)
    assert watch(**asked, now=NOON) == other
    read(series)
    read(other)
    paid = DayRow.objects.get(series=other, date=TODAY).impression
    assert 0 < paid < DayRow.objects.get(series=series, date=TODAY).impression
    best = dict(TopPin.objects.filter(sort_by="SAVE", rank=1).values_list("series", "impression"))
    assert 0 < best[other.pk] < best[series.pk]
    # Followers and lists know no filters: they are read once, with the usual ones.
    assert len([each for each in sandbox.requests if each.path == "/v5/pins"]) == 1 + len(pins)


@pytest.mark.parametrize(
    ("known", "first"),
    [
        ({}, 89),
        (dict.fromkeys(range(90), "READY"), 13),
        (dict.fromkeys(range(90), "READY") | {40: "PROCESSING"}, 40),
        ({day: "READY" for day in range(90) if day != 60}, 60),
        (dict.fromkeys(range(90), "BEFORE_BUSINESS_CREATED"), 13),
        (dict.fromkeys(range(90), "READY") | {95: "PROCESSING"}, 13),
    ],
    ids=["nothing", "all", "one moves", "a hole", "no data", "beyond reach"],
)
def test_windows_begin_where_something_is_missing(known, first):
    statuses = {TODAY - timedelta(days=ago): status for ago, status in known.items()}
    assert window_to_read(statuses, today=TODAY) == Window(TODAY - timedelta(days=first), TODAY)


def test_days_are_those_of_utc(connection, owner):
    """Just after midnight in Berlin it is still yesterday at Pinterest."""
    late = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)
    with time_machine.travel(late, tick=False):
        series = watch(connection=connection, filters=USUAL, by=owner, now=late)
        read(series, late)
    assert DayRow.objects.order_by("-date").first().date == TODAY
    series.refresh_from_db()
    assert series.next_pull_at == datetime(2026, 3, 11, 0, 15, tzinfo=UTC)
