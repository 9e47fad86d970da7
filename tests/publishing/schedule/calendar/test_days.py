"""Days and hours of the calendar, above all on the nights when clocks are changed."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from publishing.schedule.policy.calendars import (
    EARLIEST_DAY,
    LATEST_DAY,
    ClockChange,
    as_day,
    clock_change_on,
    day_span,
    following_month,
    hours_of,
    month_before,
    month_of,
    week_of,
)

ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",
    "America/Nuuk",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "Pacific/Apia",
    "UTC",
]
DAYS = some.dates(min_value=date(2011, 1, 1), max_value=date(2037, 12, 31))


def rows(day: str, zone: str) -> list[str]:
    """The hours of a day as they are written beside its rows."""
    return [
        f"{hour.clock:%H:%M}{' again' if hour.again else ''}"
        for hour in hours_of(date.fromisoformat(day), zone=zone)
    ]


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_an_ordinary_day_has_its_24_hours():
    assert rows("2026-11-24", "Europe/Berlin") == [f"{hour:02}:00" for hour in range(24)]


def test_the_hour_that_is_skipped_has_no_row():
    assert rows("2027-03-28", "Europe/Berlin")[:4] == ["00:00", "01:00", "03:00", "04:00"]


def test_the_hour_that_comes_twice_has_two_rows():
    assert rows("2026-10-25", "Europe/Berlin")[:5] == [
        "00:00",
        "01:00",
        "02:00",
        "02:00 again",
        "03:00",
    ]


@pytest.mark.parametrize(
    ("day", "first"),
    [
        ("2026-10-04", ["00:00", "01:00", "02:30", "03:00"]),
        ("2026-04-05", ["00:00", "01:00", "01:30 again", "02:00"]),
    ],
)
def test_where_clocks_are_moved_by_half_an_hour_a_row_is_short(day, first):
    assert rows(day, "Australia/Lord_Howe")[:4] == first


@pytest.mark.parametrize(
    ("day", "zone", "change"),
    [
        ("2027-03-28", "Europe/Berlin", ("2027-03-28 02:00", "2027-03-28 03:00")),
        ("2026-10-25", "Europe/Berlin", ("2026-10-25 03:00", "2026-10-25 02:00")),
        ("2026-03-08", "America/Havana", ("2026-03-08 00:00", "2026-03-08 01:00")),
        ("2026-11-01", "America/Havana", ("2026-11-01 01:00", "2026-11-01 00:00")),
        # Greenland's Saturday ends an hour early, and in autumn has its last hour twice.
        ("2026-03-28", "America/Nuuk", ("2026-03-28 23:00", "2026-03-29 00:00")),
        ("2026-10-24", "America/Nuuk", ("2026-10-25 00:00", "2026-10-24 23:00")),
        # Lebanon's Sunday begins at one o'clock.
        ("2026-03-29", "Asia/Beirut", ("2026-03-29 00:00", "2026-03-29 01:00")),
        ("2011-12-30", "Pacific/Apia", ("2011-12-30 00:00", "2011-12-31 00:00")),
    ],
)
def test_a_change_of_the_clocks_belongs_to_the_day_that_lacks_or_repeats_time(day, zone, change):
    found = clock_change_on(date.fromisoformat(day), zone=zone)
    assert found == ClockChange(before=wall(change[0]), after=wall(change[1]))


@pytest.mark.parametrize(
    ("day", "zone"),
    [
        ("2027-03-27", "Europe/Berlin"),
        ("2027-03-29", "Europe/Berlin"),
        ("2026-03-29", "America/Nuuk"),
        ("2026-10-25", "America/Nuuk"),
        ("2026-03-28", "Asia/Beirut"),
        ("2027-03-28", "UTC"),
    ],
)
def test_the_days_around_it_are_ordinary(day, zone):
    assert clock_change_on(date.fromisoformat(day), zone=zone) is None


def test_a_day_that_a_country_left_out_has_no_hours():
    assert hours_of(date(2011, 12, 30), zone="Pacific/Apia") == []


@given(day=DAYS, zone=some.sampled_from(ZONES))
def test_hours_fill_their_day_without_gap_or_overlap(day, zone):
    span, hours = day_span(day, zone=zone), hours_of(day, zone=zone)
    edges = [span.start, *(hour.span.end for hour in hours)]
    assert [hour.span.start for hour in hours] == edges[:-1]
    assert edges[-1] == span.end
    assert len({(hour.clock, hour.again) for hour in hours}) == len(hours)


@given(day=DAYS, zone=some.sampled_from(ZONES))
def test_a_days_length_differs_from_24_hours_only_when_it_says_so(day, zone):
    span, change = day_span(day, zone=zone), clock_change_on(day, zone=zone)
    shift = change.after - change.before if change else timedelta()
    assert span.end - span.start == timedelta(hours=24) - shift


@given(day=DAYS, zone=some.sampled_from(ZONES))
def test_days_follow_each_other(day, zone):
    assert day_span(day, zone=zone).end == day_span(day + timedelta(days=1), zone=zone).start


def test_a_day_starts_at_local_midnight():
    assert day_span(date(2026, 11, 24), zone="Europe/Berlin").start == datetime(
        2026, 11, 23, 23, 0, tzinfo=UTC
    )


@given(day=DAYS)
def test_months_and_weeks_are_whole_weeks_from_a_monday(day):
    month, week = month_of(day), week_of(day)
    assert len(week) == 7
    assert day in week
    assert len(month) % 7 == 0
    assert (week[0].weekday(), month[0].weekday(), month[-1].weekday()) == (0, 0, 6)
    assert {day.replace(day=1), following_month(day) - timedelta(days=1)} <= set(month)
    assert month_before(following_month(day)) == day.replace(day=1)


def test_february_2027_fits_into_four_weeks():
    assert len(month_of(date(2027, 2, 10))) == 28


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-24", date(2026, 11, 24)),
        ("0001-01-01", EARLIEST_DAY),
        ("9999-12-31", LATEST_DAY),
        ("2026-02-30", date(2020, 1, 1)),
        ("tomorrow", date(2020, 1, 1)),
        ("", date(2020, 1, 1)),
        ("2026-11-24\x00", date(2020, 1, 1)),
    ],
)
def test_any_text_stands_for_some_day(text, day):
    assert as_day(text, otherwise=date(2020, 1, 1)) == day


def test_midnight_is_the_first_row():
    assert hours_of(date(2026, 11, 24), zone="UTC")[0].clock == time(0)
