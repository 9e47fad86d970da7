"""Wall-clock times of real zones become instants, or a sentence that says what to choose."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from publishing.schedule.policy.times import (
    PAST_GRACE,
    MissingHour,
    ResolvedTime,
    is_past,
    is_too_far_ahead,
    resolve_local_time,
)

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def clock(text: str) -> datetime:
    """A time as a clock on the wall shows it, of no zone."""
    return datetime.fromisoformat(text)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        ("Europe/Berlin", clock("2026-03-29 01:59"), utc(2026, 3, 29, 0, 59)),
        ("Europe/Berlin", clock("2026-03-29 03:00"), utc(2026, 3, 29, 1, 0)),
        ("America/New_York", clock("2026-03-08 03:00"), utc(2026, 3, 8, 7, 0)),
        ("Australia/Lord_Howe", clock("2026-10-04 02:30"), utc(2026, 10, 3, 15, 30)),
        ("Asia/Kathmandu", clock("2026-06-01 09:00"), utc(2026, 6, 1, 3, 15)),
        ("Pacific/Apia", clock("2011-12-31 00:00"), utc(2011, 12, 30, 10, 0)),
        ("UTC", clock("2028-02-29 23:59"), utc(2028, 2, 29, 23, 59)),
    ],
)
def test_a_time_that_the_clock_shows_once_is_found(zone, wall, instant):
    assert resolve_local_time(wall, zone=zone) == ResolvedTime(instant=instant, doubled=False)


@pytest.mark.parametrize(
    ("zone", "wall", "first"),
    [
        ("Europe/Berlin", clock("2026-10-25 02:30"), utc(2026, 10, 25, 0, 30)),
        ("America/New_York", clock("2026-11-01 01:00"), utc(2026, 11, 1, 5, 0)),
        # The clocks of Lord Howe go back by half an hour only.
        ("Australia/Lord_Howe", clock("2026-04-05 01:45"), utc(2026, 4, 4, 14, 45)),
    ],
)
def test_of_an_hour_that_comes_twice_the_first_is_meant(zone, wall, first):
    assert resolve_local_time(wall, zone=zone) == ResolvedTime(instant=first, doubled=True)


@pytest.mark.parametrize(
    ("zone", "wall"),
    [
        ("Europe/Berlin", clock("2026-10-25 01:59")),
        ("Europe/Berlin", clock("2026-10-25 03:00")),
        ("Australia/Lord_Howe", clock("2026-04-05 01:29")),
        ("Australia/Lord_Howe", clock("2026-04-05 02:00")),
    ],
)
def test_the_minutes_around_a_doubled_hour_come_once(zone, wall):
    assert resolve_local_time(wall, zone=zone).doubled is False


@pytest.mark.parametrize(
    ("zone", "wall", "missing", "next_one"),
    [
        (
            "Europe/Berlin",
            clock("2026-03-29 02:30"),
            "02:30 does not exist on 29 March 2026 in Europe/Berlin",
            "03:30",
        ),
        (
            "America/New_York",
            clock("2026-03-08 02:00"),
            "02:00 does not exist on 8 March 2026 in America/New_York",
            "03:00",
        ),
        (
            "Australia/Lord_Howe",
            clock("2026-10-04 02:15"),
            "02:15 does not exist on 4 October 2026 in Australia/Lord_Howe",
            "02:45",
        ),
        # Greenland skips the last hour of a Saturday: the next time is on another day.
        (
            "America/Nuuk",
            clock("2026-03-28 23:30"),
            "23:30 does not exist on 28 March 2026 in America/Nuuk",
            "00:30 on 29 March 2026",
        ),
        # Samoa crossed the date line and had no 30 December at all.
        (
            "Pacific/Apia",
            clock("2011-12-30 10:00"),
            "10:00 does not exist on 30 December 2011 in Pacific/Apia",
            "10:00 on 31 December 2011",
        ),
    ],
)
def test_a_time_that_the_zone_skips_is_refused_with_the_next_one_that_exists(
    zone, wall, missing, next_one
):
    with pytest.raises(MissingHour) as refused:
        resolve_local_time(wall, zone=zone)
    assert str(refused.value) == (
        f"{missing}: the clocks go forward then. Choose {next_one} or another time."
    )
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
    wall=some.datetimes(min_value=clock("1990-01-01 00:00"), max_value=clock("2060-01-01 00:00")),
    zone=some.sampled_from(_ZONES),
)
def test_what_is_resolved_shows_as_the_time_that_was_typed(wall, zone):
    try:
        resolved = resolve_local_time(wall, zone=zone)
    except MissingHour as error:
        missing, wanted = True, error.next_valid
        resolved = resolve_local_time(wanted, zone=zone)
    else:
        missing, wanted = False, wall
    shown = resolved.instant.astimezone(ZoneInfo(zone))
    assert (shown.replace(tzinfo=None, fold=0), shown.fold) == (wanted, 0)
    assert (wanted > wall) is missing


@given(
    instant=some.datetimes(
        min_value=clock("1990-01-01 00:00"),
        max_value=clock("2060-01-01 00:00"),
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
