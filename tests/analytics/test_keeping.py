"""What was told once is not lost because Pinterest says less of it later."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from analytics.models import DayRow
from analytics.services import leases
from analytics.services.days import keep_days
from pinterest.figures import DayFigures, Figures
from tests.analytics.conftest import NOON, TODAY

pytestmark = pytest.mark.django_db
DAY: date = TODAY


def tell(
    series, status: str, at: datetime = NOON, day: date = DAY, **metrics: float | None
) -> DayRow:
    figures = Figures({}, (DayFigures(day, status, metrics),))
    keep_days(series, figures, asked_from=at.date(), username="clay-studio", now=at)
    return DayRow.objects.get(series=series, date=day)


@pytest.fixture
def held(series):
    return leases.take(series_id=series.pk, now=NOON)


def test_an_estimate_outlives_a_day_that_is_still_counted(held):
    tell(held, "ESTIMATE", IMPRESSION=440, SAVE=4)
    row = tell(held, "PROCESSING")
    assert (row.status, row.impression, row.save_count) == ("PROCESSING", 440, 4)


@pytest.mark.parametrize("word", ["BEFORE_DATA_RETENTION_PERIOD", "BEFORE_BUSINESS_CREATED"])
def test_a_day_pinterest_has_forgotten_keeps_what_was_told_of_it(held, word):
    tell(held, "ESTIMATE", IMPRESSION=440)
    row = tell(held, word)
    assert (row.status, row.impression) == ("ESTIMATE", 440)


def test_a_count_that_is_left_out_keeps_the_one_before_and_others_go_on(held):
    tell(held, "ESTIMATE", IMPRESSION=440, SAVE=4)
    row = tell(held, "READY", IMPRESSION=460, SAVE=None)
    assert (row.status, row.impression, row.save_count) == ("READY", 460, 4)


def test_zero_is_told_and_replaces(held):
    tell(held, "ESTIMATE", SAVE=4)
    assert tell(held, "READY", SAVE=0).save_count == 0


def test_a_settled_day_takes_what_was_left_out_and_changes_nothing_else(held):
    tell(held, "READY", IMPRESSION=100, SAVE=None)
    row = tell(held, "READY", IMPRESSION=110, SAVE=7)
    assert (row.status, row.impression, row.save_count) == ("READY", 100, 7)
    later = NOON + timedelta(hours=6)
    row = tell(held, "READY", at=later, IMPRESSION=120, SAVE=8)
    assert (row.impression, row.save_count, row.read_at) == (100, 7, NOON)


def test_a_settled_day_takes_nothing_that_still_grows(held):
    tell(held, "READY", IMPRESSION=100)
    row = tell(held, "ESTIMATE", IMPRESSION=110, SAVE=7)
    assert (row.status, row.impression, row.save_count) == ("READY", 100, None)


def test_a_settled_day_beyond_the_window_stays_though_it_was_not_asked_for(held):
    old = DAY - timedelta(days=200)
    tell(held, "READY", day=old, IMPRESSION=100)
    row = tell(held, "BEFORE_DATA_RETENTION_PERIOD", day=old)
    assert (row.status, row.impression) == ("READY", 100)
    row = tell(held, "READY", day=old, IMPRESSION=0)
    assert (row.status, row.impression) == ("READY", 100)


def test_a_day_nothing_was_told_of_takes_the_word_for_why(held):
    tell(held, "PROCESSING")
    assert tell(held, "BEFORE_DATA_RETENTION_PERIOD").status == "BEFORE_DATA_RETENTION_PERIOD"
