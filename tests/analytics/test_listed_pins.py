"""What lists of Pins say less of than before stays, and does not look new."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import unescape

import pytest
import time_machine

from analytics.models import PinRow
from analytics.selectors.pins import boards_of, publications_of
from analytics.services import leases
from analytics.services.pins import ListedPins, keep_pins
from pinterest.types import Pin
from tests.analytics.conftest import NOON
from tests.markup import squeezed

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)
NUMBERS = {"impression": 500, "pin_click": 9, "clickthrough": 3}
EVER = {"impression": 900, "pin_click": 12, "clickthrough": 5, "reaction": 4, "comment": 1}


def pin(number: int, *, recent=None, ever=None, age: int = 3) -> Pin:
    spans = {"90d": recent, "lifetime_metrics": ever}
    told = {name: counts for name, counts in spans.items() if counts is not None}
    return Pin(
        id=str(number),
        board_id="7",
        created_at=NOON - timedelta(days=age),
        pin_metrics=told or None,
    )


@pytest.fixture
def keep(series):
    """Keep a reading of lists at a time."""

    def at(now: datetime, *pins: Pin, is_all: bool = True) -> None:
        with time_machine.travel(now, tick=False):
            held = leases.take(series_id=series.pk, now=now)
            keep_pins(held, ListedPins(pins, is_all=is_all), now=now)
            leases.let_go(held)

    return at


def numbers_of(row: PinRow) -> tuple[int | None, ...]:
    recent = (row.impression, row.pin_click, row.outbound_click)
    ever = (row.ever_impression, row.ever_pin_click, row.ever_outbound_click)
    return (*recent, *ever, row.reactions, row.comments)


def test_a_list_without_numbers_takes_none_away(keep):
    keep(NOON, pin(1, recent=NUMBERS, ever=EVER))
    keep(LATER, pin(1))
    row = PinRow.objects.get()
    assert numbers_of(row) == (500, 9, 3, 900, 12, 5, 4, 1)
    assert (row.read_at, row.counted_at) == (LATER, NOON)


def test_numbers_of_the_same_list_are_as_old_as_the_oldest(keep):
    keep(NOON, pin(1, recent=NUMBERS, ever=EVER))
    keep(LATER, pin(1, recent={"impression": 520, "pin_click": 0}, ever={"reaction": 5}))
    row = PinRow.objects.get()
    assert numbers_of(row) == (520, 0, 3, 900, 12, 5, 5, 1)
    assert row.counted_at == NOON
    keep(LATER + timedelta(days=1), pin(1, recent=NUMBERS))
    assert PinRow.objects.get().counted_at == LATER + timedelta(days=1)


def test_a_pin_nothing_was_told_of_has_no_day_of_counting(keep):
    keep(NOON, pin(1))
    assert PinRow.objects.get().counted_at is None
    keep(LATER, pin(1, recent={"impression": 1}))
    assert PinRow.objects.get().counted_at == LATER


def test_the_page_says_how_old_the_numbers_are(keep, visitor, series):
    path = f"/analytics/accounts/{series.account_id}/pins/1/"
    keep(NOON, pin(1, recent=NUMBERS, ever=EVER))
    assert "left counts out" not in text(visitor, path)
    keep(LATER, pin(1))
    assert "those of 90 days are of 10 March, 13:00" in text(visitor, path)


def test_boards_and_hours_count_what_the_newest_lists_had(keep, series):
    """Others keep what they had when the lists still came to them, which is of other days."""
    keep(NOON, pin(1, recent={"impression": 100_000}, age=40))
    much_later = NOON + timedelta(days=30)
    keep(
        much_later,
        pin(2, recent={"impression": 50}, age=10),
        pin(3, recent={"impression": 100}, age=20),
        is_all=False,
    )
    assert boards(series) == [("7", 2, 150)]
    since = NOON - timedelta(days=90)
    found = publications_of(series.workspace, series.account_id, since=since)
    assert sorted(count for _, count in found) == [50, 100]
    assert PinRow.objects.get(pin_id="1").gone_at is None


def test_a_count_that_is_older_than_its_ninety_days_is_in_no_sum(keep, series):
    keep(NOON, pin(1, recent={"impression": 500}), pin(2, recent={"impression": 30}))
    keep(LATER, pin(1), pin(2, recent={"impression": 40}))
    assert boards(series) == [("7", 2, 540)]
    much_later = NOON + timedelta(days=90)
    keep(much_later, pin(1), pin(2, recent={"impression": 60}))
    assert boards(series) == [("7", 2, 60)]


def boards(series):
    rows = boards_of(series.workspace, series.account_id, most=None)
    return [(row["board_id"], row["pins"], row["impressions"]) for row in rows]


def text(visitor, path: str) -> str:
    return unescape(squeezed(visitor.get(path).content.decode()))
