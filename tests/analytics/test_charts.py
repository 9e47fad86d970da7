"""Charts: days, weeks and months as bars, gaps as gaps, and the days before as a line."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from analytics.policy.charts import draw
from analytics.policy.figures import Day
from analytics.policy.points import dates_of, days_to_a_point, points_of
from analytics.policy.standing import standing_days
from analytics.policy.statuses import reason_of

FIRST = date(2021, 9, 1)


def day(ago, status="READY", account="acme", **counts):
    return Day(FIRST + timedelta(days=ago), status, counts, account)


def points_from(dates, days, *, count="impression", pins=None):
    found = standing_days(dates, days, today=dates[-1], is_read=False)
    return points_of(dates, found, count=count, pins=pins)


def test_gaps_growing_days_and_seams_are_drawn_as_such():
    days = [
        day(0, impression=10, account="old"),
        day(2, impression=5, account="new"),
        day(3, "ESTIMATE", impression=2, account="new"),
    ]
    pins = {FIRST + timedelta(days=2): 2}
    points = points_from(dates_of(FIRST, 4), days, pins=pins)
    chart = draw(points, [], label="Impressions")
    assert [(bar.kind, bar.height, bar.has_seam, bar.has_pins) for bar in chart.bars] == [
        ("settled", 120, False, False),
        ("gap", 120, False, False),
        ("settled", 60, True, True),
        ("moving", 24, False, False),
    ]
    assert [bar.title for bar in chart.bars] == [
        "1 September 2021: 10 impressions.",
        f"2 September 2021: {reason_of('NOT_READ')}",
        "3 September 2021: 5 impressions. 2 Pins of yours went out.",
        "4 September 2021: 2 impressions. Pinterest is still counting this day: the figures grow.",
    ]


def test_a_count_that_is_missing_of_a_day_is_a_gap_in_its_own_chart_only():
    days = [day(0, impression=10), day(1, impression=10, save=1)]
    saves = points_from(dates_of(FIRST, 2), days, count="save")
    seen = points_from(dates_of(FIRST, 2), days)
    assert [point.kind for point in saves] == ["gap", "settled"]
    assert saves[0].note == "Pinterest left this figure out."
    assert [point.kind for point in seen] == ["settled", "settled"]


@pytest.mark.parametrize(
    ("days", "step"), [(1, 1), (90, 1), (100, 1), (101, 7), (365, 7), (700, 7), (701, 28)]
)
def test_long_spans_are_drawn_by_weeks_and_months(days, step):
    assert days_to_a_point(days) == step
    points = points_from(dates_of(FIRST, days), [])
    assert len(points) == -(-days // step)
    assert (points[0].first, points[-1].last) == (FIRST, FIRST + timedelta(days=days - 1))
    assert (points[-1].last - points[-1].first).days == min(step, days) - 1
    assert all(
        later.first - earlier.last == timedelta(days=1) for earlier, later in pairwise(points)
    )


def test_a_week_is_the_sum_of_the_days_that_tell_it_and_says_how_many_did():
    days = [day(ago, impression=2) for ago in range(365) if ago not in (363, 351)]
    days[-1] = day(364, "ESTIMATE", impression=5)
    points = points_from(dates_of(FIRST, 365), days)
    assert (points[0].value, points[0].note) == (2, ""), "the first one is a single day"
    assert (points[1].value, points[1].kind, points[1].note) == (14, "settled", "")
    assert (points[-1].value, points[-1].kind) == (15, "moving")
    assert points[-1].note == (
        "Of 6 of 7 days: the others have no figures. Pinterest is still counting."
    )


def test_a_seam_within_a_week_is_kept():
    days = [day(ago, account="old" if ago < 200 else "new", impression=1) for ago in range(365)]
    points = points_from(dates_of(FIRST, 365), days)
    (seam,) = [point for point in points if point.has_seam]
    assert seam.first <= FIRST + timedelta(days=200) <= seam.last


def test_the_days_before_are_a_line_to_the_same_scale_broken_where_nothing_is_known():
    now = points_from(dates_of(FIRST, 3), [day(0, impression=5)])
    earlier = [day(ago, impression=10) for ago in (-3, -1)]
    before = points_from(dates_of(FIRST - timedelta(days=3), 3), earlier)
    chart = draw(now, before, label="Impressions")
    assert (chart.top, chart.bars[0].height) == (10, 60)
    assert chart.before == ["0,0.0 10,0.0", "28,0.0 38,0.0"]
    assert chart.bars[0].title == ("1 September 2021: 5 impressions. Before, 29 August 2021: 10.")
    assert chart.bars[1].title.endswith("Before, 30 August 2021: no figures.")


def test_nothing_at_all_can_be_drawn():
    chart = draw(points_from([FIRST], [], count="save"), [], label="Saves")
    assert (chart.top, chart.bars[0].kind, chart.width) == (1, "gap", 10)


def test_a_seam_is_seen_across_days_without_figures():
    days = [day(0, account="old", impression=1), day(3, account="new", impression=1)]
    points = points_from(dates_of(FIRST, 5), days)
    assert [point.has_seam for point in points] == [False, False, False, True, False]


def test_a_day_pinterest_forgot_before_it_was_settled_grows_no_more():
    days = [day(0, "ESTIMATE", impression=4), day(89, "ESTIMATE", impression=4)]
    old, *_, within_reach, _ = points_from(dates_of(FIRST, 91), days)
    assert (old.value, old.kind) == (4, "settled")
    assert old.note == "Pinterest forgot this day before it was settled."
    assert within_reach.kind == "moving"
    week = points_from(dates_of(FIRST, 701), days)[0]
    assert (week.kind, week.note) == ("settled", "Pinterest forgot this day before it was settled.")


@pytest.mark.parametrize(
    ("is_read", "words"), [(True, ["NOT_READ", "TO_BE_READ"]), (False, ["NOT_READ", "NOT_READ"])]
)
def test_a_day_that_may_yet_come_is_told_from_one_that_never_will(is_read, words):
    today = FIRST + timedelta(days=90)
    found = standing_days([FIRST, FIRST + timedelta(days=1)], [], today=today, is_read=is_read)
    assert [each.status for each in found.values()] == words
