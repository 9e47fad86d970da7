"""Wall-clock times of real zones become instants, or a sentence that says what to choose."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from publishing.policy import (
    PAST_GRACE,
    MissingHour,
    ResolvedTime,
    is_past,
    is_too_far_ahead,
    resolve_local_time,
)

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, 1, 59), utc(2026, 3, 29, 0, 59)),
        ("Europe/Berlin", datetime(2026, 3, 29, 3, 0), utc(2026, 3, 29, 1, 0)),
        ("America/New_York", datetime(2026, 3, 8, 3, 0), utc(2026, 3, 8, 7, 0)),
        ("Australia/Lord_Howe", datetime(2026, 10, 4, 2, 30), utc(2026, 10, 3, 15, 30)),
        ("Asia/Kathmandu", datetime(2026, 6, 1, 9, 0), utc(2026, 6, 1, 3, 15)),
        ("Pacific/Apia", datetime(2011, 12, 31, 0, 0), utc(2011, 12, 30, 10, 0)),
        ("UTC", datetime(2028, 2, 29, 23, 59), utc(2028, 2, 29, 23, 59)),
    ],
)
def test_a_time_that_the_clock_shows_once_is_found(zone, wall, instant):
    assert resolve_local_time(wall, zone=zone) == ResolvedTime(instant=instant, doubled=False)


@pytest.mark.parametrize(
    ("zone", "wall", "first"),
    [
        ("Europe/Berlin", datetime(2026, 10, 25, 2, 30), utc(2026, 10, 25, 0, 30)),
        ("America/New_York", datetime(2026, 11, 1, 1, 0), utc(2026, 11, 1, 5, 0)),
        # The clocks of Lord Howe go back by half an hour only.
        ("Australia/Lord_Howe", datetime(2026, 4, 5, 1, 45), utc(2026, 4, 4, 14, 45)),
    ],
)
def test_of_an_hour_that_comes_twice_the_first_is_meant(zone, wall, first):
    assert resolve_local_time(wall, zone=zone) == ResolvedTime(instant=first, doubled=True)


@pytest.mark.parametrize(
    ("zone", "wall"),
    [
        ("Europe/Berlin", datetime(2026, 10, 25, 1, 59)),
        ("Europe/Berlin", datetime(2026, 10, 25, 3, 0)),
        ("Australia/Lord_Howe", datetime(2026, 4, 5, 1, 29)),
        ("Australia/Lord_Howe", datetime(2026, 4, 5, 2, 0)),
    ],
)
def test_the_minutes_around_a_doubled_hour_come_once(zone, wall):
    assert resolve_local_time(wall, zone=zone).doubled is False


@pytest.mark.parametrize(
    ("zone", "wall", "sentence"),
    [
        (
            "Europe/Berlin",
            datetime(2026, 3, 29, 2, 30),
            "02:30 does not exist on 29 March 2026 in Europe/Berlin: the clocks go forward then. "
            "Choose 03:30 or another time.",
        ),
        (
            "America/New_York",
            datetime(2026, 3, 8, 2, 0),
            "02:00 does not exist on 8 March 2026 in America/New_York: the clocks go forward "
            "then. Choose 03:00 or another time.",
        ),
        (
            "Australia/Lord_Howe",
            datetime(2026, 10, 4, 2, 15),
            "02:15 does not exist on 4 October 2026 in Australia/Lord_Howe: the clocks go "
            "forward then. Choose 02:45 or another time.",
        ),
        # Greenland skips the last hour of a Saturday: the next time is on another day.
        (
            "America/Nuuk",
            datetime(2026, 3, 28, 23, 30),
            "23:30 does not exist on 28 March 2026 in America/Nuuk: the clocks go forward then. "
            "Choose 00:30 on 29 March 2026 or another time.",
        ),
        # Samoa crossed the date line and had no 30 December at all.
        (
            "Pacific/Apia",
            datetime(2011, 12, 30, 10, 0),
            "10:00 does not exist on 30 December 2011 in Pacific/Apia: the clocks go forward "
            "then. Choose 10:00 on 31 December 2011 or another time.",
        ),
    ],
)
def test_a_time_that_the_zone_skips_is_refused_with_the_next_one_that_exists(zone, wall, sentence):
    with pytest.raises(MissingHour) as refused:
        resolve_local_time(wall, zone=zone)
    assert str(refused.value) == sentence
    assert resolve_local_time(refused.value.next_valid, zone=zone).doubled is False


_ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Nuuk",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "America/Sao_Paulo",
    "UTC",
]


@given(
    wall=some.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2060, 1, 1)),
    zone=some.sampled_from(_ZONES),
)
def test_what_is_resolved_shows_as_the_time_that_was_typed(wall, zone):
    try:
        resolved = resolve_local_time(wall, zone=zone)
    except MissingHour as missing:
        shown = missing.next_valid.replace(tzinfo=ZoneInfo(zone))
        assert shown.astimezone(UTC).astimezone(ZoneInfo(zone)) == shown
        assert missing.next_valid > wall
    else:
        shown = resolved.instant.astimezone(ZoneInfo(zone))
        assert shown.replace(tzinfo=None, fold=0) == wall
        assert shown.fold == 0


@given(
    instant=some.datetimes(
        min_value=datetime(1990, 1, 1),
        max_value=datetime(2060, 1, 1),
        timezones=some.just(UTC),
    ),
    zone=some.sampled_from(_ZONES),
)
def test_every_instant_comes_back_from_its_wall_clock_time(instant, zone):
    local = instant.astimezone(ZoneInfo(zone))
    resolved = resolve_local_time(local.replace(tzinfo=None, fold=0), zone=zone)
    if local.fold:
        assert resolved.doubled
        assert resolved.instant < instant
    else:
        assert resolved.instant == instant


def test_the_running_minute_is_not_past():
    assert is_past(NOW, now=NOW) is False
    assert is_past(NOW - PAST_GRACE, now=NOW) is False
    assert is_past(NOW - PAST_GRACE - timedelta(microseconds=1), now=NOW) is True


def test_ten_years_ahead_is_as_far_as_a_pin_is_planned():
    assert is_too_far_ahead(NOW + timedelta(days=3650), now=NOW) is False
    assert is_too_far_ahead(NOW + timedelta(days=3650, seconds=1), now=NOW) is True
