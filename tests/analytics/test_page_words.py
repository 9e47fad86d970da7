"""What the page says of days that are not settled, not read, or not told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from analytics.models import Series, Snapshot
from tests.analytics.conftest import NOON, TODAY
from tests.analytics.test_page import PAGE, put

pytestmark = pytest.mark.django_db
MIDNIGHT = datetime(2026, 3, 11, 0, 5, tzinfo=UTC)


def test_a_word_of_pinterest_s_that_is_new_is_not_taken_for_settled(visitor, series):
    for ago in range(7):
        is_new = ago < 3
        put(
            series,
            ago,
            status="NEW_STATUS" if is_new else "READY",
            impression=10 if is_new else 100,
        )
        put(series, ago + 7, impression=100)
    page = visitor.get(PAGE + "?days=7")
    assert page.context["growing"] == "3 of these days still grow, and so will the sums."
    note = page.context["figures"][0]["note"]
    assert note == "+0% to the 7 days before, by 4 settled days."


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "One of these days still grows, "), (2, "2 of these days still grow, ")],
)
def test_days_that_grow_are_counted(visitor, series, count, words):
    for ago in range(count):
        put(series, ago, status="ESTIMATE", impression=10)
    page = visitor.get(PAGE + "?days=7")
    assert page.context["growing"] == f"{words}and so will the sums."


def test_days_that_pinterest_calls_wrong_are_not_compared(visitor, series):
    put(series, 0, status="IN_BAD_TAG_DATE", impression=10)
    put(series, 1, impression=200)
    for ago in (7, 8):
        put(series, ago, impression=100)
    note = visitor.get(PAGE + "?days=7").context["figures"][0]["note"]
    assert note == "+100% to the 7 days before, by 1 settled day."


def test_a_count_nobody_told_is_not_a_count_of_none(visitor, series):
    put(series, 1, impression=5, save_count=0)
    charts = visitor.get(PAGE + "?days=7").context["charts"]
    assert [each["best_text"] for each in charts] == [
        "Highest: 5, 9 March 2026.",
        "No figures in these days.",
        "None in these days.",
        "No figures in these days.",
        "No figures in these days.",
    ]


def test_after_midnight_today_is_yet_to_be_read(visitor, series):
    for ago in range(6):
        put(series, ago, impression=5)
    with time_machine.travel(MIDNIGHT, tick=False):
        page = visitor.get(PAGE + "?days=7")
    assert page.context["gaps"] == [
        {
            "first": MIDNIGHT.date(),
            "last": MIDNIGHT.date(),
            "reason": "This day has not been read yet.",
        }
    ]


def test_a_day_that_was_asked_for_and_not_told_is_pinterests_to_explain(visitor, series):
    for ago in (0, 1, 2, 4, 5, 6):
        put(series, ago, impression=5)
    asked_from = (NOON - timedelta(days=4)).date()
    Series.objects.update(pulled_at=NOON, asked_from=asked_from)
    (gap,) = visitor.get(PAGE + "?days=7").context["gaps"]
    day = (NOON - timedelta(days=3)).date()
    left_out = "Pinterest left this day out of its answer."
    assert gap == {"first": day, "last": day, "reason": left_out}
    Series.objects.update(asked_from=(NOON - timedelta(days=2)).date())
    (gap,) = visitor.get(PAGE + "?days=7").context["gaps"]
    assert gap["reason"] == "This day has not been read yet."


@pytest.mark.parametrize("over", [{"next_pull_at": None}, {"stopped_at": NOON}])
def test_what_is_not_read_any_more_waits_for_nothing(visitor, series, over):
    Series.objects.update(**over)
    (gap,) = visitor.get(PAGE + "?days=7").context["gaps"]
    assert gap["reason"] == (
        "This day was not read: its figures were not kept yet, or access to the account was lost."
    )


def test_an_estimate_pinterest_has_forgotten_is_as_good_as_it_gets(visitor, series):
    put(series, 200, status="ESTIMATE", impression=5)
    put(series, 1, impression=5)
    page = visitor.get(PAGE + "?days=365")
    assert page.context["growing"] == ""
    (row,) = [row for row in page.context["rows"] if row["counts"][0] == "5" and row["note"]]
    assert row["note"] == "Pinterest forgot this day before it was settled."


def test_followers_are_those_of_the_last_day_that_tells_them(visitor, series):
    account = {"workspace": series.workspace, "account_id": series.account_id}
    for ago, followers in ((4, None), (3, 480), (1, 500), (0, None)):
        day = TODAY - timedelta(days=ago)
        Snapshot.objects.create(**account, date=day, followers=followers)
    followers, views = visitor.get(PAGE + "?days=7").context["followers"]
    assert (followers["value"], followers["note"]) == (
        "500",
        "+20 since 7 March, told last on 9 March",
    )
    assert (views["value"], views["note"]) == ("–", "")
