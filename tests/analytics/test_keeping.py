"""What was told once is not lost because Pinterest says less of it later."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from analytics.models import DayRow
from analytics.services import leases
from analytics.services.days import keep_days, kept_days
from pinterest.figures import DayFigures, Figures
from tests.analytics.conftest import NOON, TODAY

pytestmark = pytest.mark.django_db
DAY: date = TODAY


def tell(series, status: str, at: datetime = NOON, **metrics: float | None) -> DayRow:
    figures = Figures({}, (DayFigures(DAY, status, metrics),))
    kept = kept_days(series, since=DAY)
    keep_days(series, figures, kept=kept, username="clay-studio", now=at)
    return DayRow.objects.get(series=series, date=DAY)


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


def test_a_day_nothing_was_told_of_takes_the_word_for_why(held):
    tell(held, "PROCESSING")
    assert tell(held, "BEFORE_DATA_RETENTION_PERIOD").status == "BEFORE_DATA_RETENTION_PERIOD"
