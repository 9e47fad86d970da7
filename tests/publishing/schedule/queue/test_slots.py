"""Slots are wall-clock times: each week has each of them, whatever the clocks of its zone do."""

from __future__ import annotations

import time as clocks
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from publishing.choices.slots import SlotTime
from publishing.schedule.policy.slots import (
    PRESETS,
    ClockRules,
    Shift,
    coming_shifts,
    days_with_changed_clocks,
    explain,
    occurrences,
    on_day,
    upcoming,
)

LATER = ClockRules()
SKIPS = ClockRules(skips_missing=True)
SECOND = ClockRules(takes_second=True)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def around(day: date, clock: time, zone: str, rules: ClockRules = LATER):
    """A slot on one day of the year."""
    return on_day(SlotTime(day.weekday(), clock, zone), day, rules=rules)


@pytest.mark.parametrize(
    ("zone", "day", "clock", "at", "words"),
    [
        (
            "Europe/Berlin",
            date(2026, 3, 29),
            time(2, 30),
            utc(2026, 3, 29, 1, 0),
            "03:00, because the clocks skip 02:30",
        ),
        # Half an hour only.
        (
            "Australia/Lord_Howe",
            date(2026, 10, 4),
            time(2, 15),
            utc(2026, 10, 3, 15, 30),
            "02:30, because the clocks skip 02:15",
        ),
        # Two hours: the station in Antarctica keeps the time of Norway in summer.
        (
            "Antarctica/Troll",
            date(2026, 3, 29),
            time(1, 10),
            utc(2026, 3, 29, 1, 0),
            "03:00, because the clocks skip 01:10",
        ),
        # The last hour of a Saturday: the time after the gap is on another day.
        (
            "America/Nuuk",
            date(2026, 3, 28),
            time(23, 30),
            utc(2026, 3, 29, 1, 0),
            "00:00, because the clocks skip 23:30",
        ),
        # Samoa had no 30 December at all.
        (
            "Pacific/Apia",
            date(2011, 12, 30),
            time(10, 0),
            utc(2011, 12, 30, 10, 0),
            "00:00, because the clocks skip 10:00",
        ),
        # Morocco's clocks go forward at the end of Ramadan.
        (
            "Africa/Casablanca",
            date(2026, 3, 22),
            time(2, 30),
            utc(2026, 3, 22, 2, 0),
            "03:00, because the clocks skip 02:30",
        ),
    ],
)
def test_a_time_that_the_clocks_skip_becomes_the_first_after_the_gap_or_is_left_out(
    zone, day, clock, at, words
):
    there = around(day, clock, zone)
    assert (there.at, there.shift, explain(there)) == (at, Shift.MISSING, words)
    assert around(day, clock, zone, SKIPS) is None


@pytest.mark.parametrize(
    ("zone", "day", "clock", "first", "apart"),
    [
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), utc(2026, 10, 25, 0, 30), 60),
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), utc(2026, 4, 4, 14, 45), 30),
        ("Antarctica/Troll", date(2026, 10, 25), time(2, 30), utc(2026, 10, 25, 0, 30), 120),
        ("Africa/Casablanca", date(2026, 2, 15), time(2, 30), utc(2026, 2, 15, 1, 30), 60),
    ],
)
def test_of_a_time_that_comes_twice_one_is_meant(zone, day, clock, first, apart):
    one, other = around(day, clock, zone), around(day, clock, zone, SECOND)
    assert (one.at, one.shift) == (first, Shift.FIRST)
    assert (other.at, other.shift) == (first + timedelta(minutes=apart), Shift.SECOND)


def test_a_time_that_comes_twice_says_which_one_is_meant():
    day, clock = date(2026, 10, 25), time(2, 30)
    assert [explain(around(day, clock, "Europe/Berlin", rules)) for rules in (LATER, SECOND)] == [
        "the first 02:30, because the clocks show it twice (CEST)",
        "the second 02:30, because the clocks show it twice (CET)",
    ]


def test_on_all_other_days_there_is_nothing_to_explain():
    assert explain(around(date(2026, 6, 1), time(2, 30), "Europe/Berlin")) == ""


def test_a_slot_that_moved_onto_another_is_that_other_one():
    sunday = [SlotTime(6, time(2, 30), "Europe/Berlin"), SlotTime(6, time(3), "Europe/Berlin")]
    for slots in (sunday, sunday[::-1]):
        [there] = occurrences(
            slots, since=utc(2026, 3, 29), until=utc(2026, 3, 29, 12), rules=LATER
        )
        assert (there.slot.clock, there.shift) == (time(3), Shift.NONE)


def test_the_same_instant_in_two_zones_is_one_slot():
    slots = [SlotTime(0, time(9), "Europe/Berlin"), SlotTime(0, time(8), "Europe/London")]
    found = occurrences(slots, since=utc(2026, 6, 1), until=utc(2026, 6, 2), rules=LATER)
    assert [each.at for each in found] == [utc(2026, 6, 1, 7)]


def test_a_slot_is_over_once_its_instant_has_come():
    slot = SlotTime(0, time(9), "UTC")
    at = utc(2026, 6, 1, 9)
    assert next(upcoming([slot], after=at, rules=LATER)).at == utc(2026, 6, 8, 9)
    assert next(upcoming([slot], after=at - timedelta(microseconds=1), rules=LATER)).at == at


def test_without_slots_nothing_comes():
    assert list(upcoming([], after=utc(2026, 6, 1), rules=LATER)) == []


def test_slots_end_where_planning_does():
    slot = SlotTime(0, time(9), "UTC")
    every = list(upcoming([slot], after=utc(2026, 6, 1), rules=LATER))
    assert (len(every), every[-1].at) == (522, utc(2036, 5, 26, 9))


def test_days_with_changed_clocks_are_named():
    berlin = days_with_changed_clocks(
        "Europe/Berlin", since=date(2026, 1, 1), until=date(2026, 12, 31)
    )
    assert berlin == {
        date(2026, 3, 29): "The clocks go forward",
        date(2026, 10, 25): "The clocks go back",
    }
    assert days_with_changed_clocks("UTC", since=date(2026, 1, 1), until=date(2026, 12, 31)) == {}


def test_a_year_ahead_one_sees_what_the_clocks_do_to_slots():
    night = [
        SlotTime(6, time(2, 30), "Europe/Berlin"),
        SlotTime(6, time(9), "Europe/Berlin"),
        SlotTime(5, time(23, 30), "America/Nuuk"),
        SlotTime(6, time(2, 30), "UTC"),
    ]
    asked = {"since": date(2026, 1, 1), "until": date(2026, 12, 31)}
    told = [(day, words) for day, _, words in coming_shifts(night, rules=LATER, **asked)]
    assert told == [
        (date(2026, 3, 28), "00:00, because the clocks skip 23:30"),
        (date(2026, 3, 29), "03:00, because the clocks skip 02:30"),
        (date(2026, 10, 24), "the first 23:30, because the clocks show it twice (UTC-01:00)"),
        (date(2026, 10, 25), "the first 02:30, because the clocks show it twice (CEST)"),
    ]
    [left_out, *_] = coming_shifts(night[:1], rules=SKIPS, **asked)
    assert left_out[2] == "left out, because the clocks skip 02:30"


def test_presets_are_weeks_of_different_times():
    for preset in PRESETS:
        times = {(day, clock) for day in preset.weekdays for clock in preset.clocks}
        assert len(times) == len(preset.weekdays) * len(preset.clocks)
    assert len({preset.name for preset in PRESETS}) == len(PRESETS)


# Over many zones and years

ZONES = [
    "Europe/Berlin",
    "Europe/Dublin",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Havana",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Antarctica/Troll",
    "Asia/Kathmandu",
    "Asia/Gaza",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "UTC",
]
slot_times = some.builds(
    SlotTime,
    weekday=some.integers(min_value=0, max_value=6),
    clock=some.times().map(lambda each: each.replace(second=0, microsecond=0)),
    zone=some.sampled_from(ZONES),
)
moments = some.integers(0, 40 * 366 * 1440).map(
    lambda minutes: utc(2000, 1, 1) + timedelta(minutes=minutes)
) | some.sampled_from(
    # Where clocks change, something happens.
    [utc(2011, 12, 28), utc(2026, 3, 27), utc(2026, 10, 23), utc(2026, 4, 3), utc(2026, 2, 13)]
)
rules = some.builds(ClockRules, skips_missing=some.booleans(), takes_second=some.booleans())
weeks = some.lists(slot_times, min_size=1, max_size=8, unique=True)


@given(slots=weeks, after=moments, rules=rules)
def test_instants_come_in_order_each_once_and_after_now(slots, after, rules):
    found = [each.at for each in islice(upcoming(slots, after=after, rules=rules), 40)]
    assert found[0] > after
    assert all(one < next_one for one, next_one in pairwise(found))


@given(slot=slot_times, after=moments, rules=rules)
def test_each_shows_the_slots_time_or_the_first_after_a_gap(slot, after, rules):
    place = ZoneInfo(slot.zone)
    for there in islice(upcoming([slot], after=after, rules=rules), 30):
        local = there.at.astimezone(place)
        if there.shift is Shift.MISSING:
            assert not rules.skips_missing
            just_before = (there.at - timedelta(microseconds=1)).astimezone(place)
            wall = datetime.combine(there.day, slot.clock)
            assert just_before.replace(tzinfo=None) < wall < local.replace(tzinfo=None)
            continue
        assert (local.date(), local.time(), local.weekday()) == (
            there.day,
            slot.clock,
            slot.weekday,
        )
        assert local.fold == (there.shift is Shift.SECOND)


@given(slot=slot_times, after=moments)
def test_no_week_is_without_its_slot(slot, after):
    days = [each.day for each in islice(upcoming([slot], after=after, rules=LATER), 60)]
    assert {later - day for day, later in pairwise(days)} == {timedelta(days=7)}


@given(slots=weeks, after=moments, rules=rules, cut=some.integers(min_value=0, max_value=40 * 24))
def test_it_does_not_matter_in_how_many_parts_one_asks(slots, after, rules, cut):
    end, middle = after + timedelta(days=40), after + timedelta(hours=cut)
    whole = occurrences(slots, since=after, until=end, rules=rules)
    parts = [
        *occurrences(slots, since=after, until=middle, rules=rules),
        *occurrences(slots, since=middle, until=end, rules=rules),
    ]
    assert [each.at for each in parts] == [each.at for each in whole]


@pytest.fixture
def server_in(monkeypatch):
    """Moves this process to another time zone."""

    def moved(zone):
        monkeypatch.setenv("TZ", zone)
        clocks.tzset()

    yield moved
    monkeypatch.undo()
    clocks.tzset()


@pytest.mark.parametrize("zone", ["", "UTC", "Asia/Kathmandu", "America/New_York"])
def test_the_servers_own_zone_does_not_matter(server_in, zone):
    server_in(zone)
    there = around(date(2026, 7, 1), time(9), "Europe/Berlin")
    assert there.at == utc(2026, 7, 1, 7)
