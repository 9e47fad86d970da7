"""The rules of lateness, without a database."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.pins.policy.lateness import Waiting, held_text, is_too_late, spread, was_silent

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MOMENT = timedelta(microseconds=1)


def waiting(key, planned, due=None):
    """A Pin planned for, and due at, so long before or after now."""
    return Waiting(key, NOW + planned, NOW + (planned if due is None else due))


def test_a_silence_is_an_outage_from_five_minutes_on():
    gap = timedelta(minutes=5)
    assert was_silent(last=NOW - gap, now=NOW, gap=gap)
    assert not was_silent(last=NOW - gap + MOMENT, now=NOW, gap=gap)
    assert not was_silent(last=NOW + DAY, now=NOW, gap=gap)


@pytest.mark.parametrize(
    ("late", "hold_after", "too_late"),
    [(DAY, DAY, False), (DAY + MOMENT, DAY, True), (365 * DAY, None, False)],
)
def test_a_pin_is_too_late_beyond_what_its_workspace_says(late, hold_after, too_late):
    assert is_too_late(NOW - late, at=NOW, hold_after=hold_after) is too_late


def test_late_pins_are_spaced_from_now_in_the_order_they_were_due():
    late = [waiting("b", -2 * HOUR), waiting("c", -HOUR), waiting("a", -3 * HOUR)]
    plan = spread(late, now=NOW, spacing=10 * MINUTE, hold_after=DAY)
    assert (plan.moved, plan.too_late) == (
        {"a": NOW, "b": NOW + 10 * MINUTE, "c": NOW + 20 * MINUTE},
        [],
    )


def test_pins_spread_by_an_earlier_outage_move_only_as_far_as_they_must():
    late = [
        waiting("late", -HOUR),
        waiting("near", -3 * HOUR, due=5 * MINUTE),
        waiting("far", -3 * HOUR, due=45 * MINUTE),
    ]
    plan = spread(late, now=NOW, spacing=10 * MINUTE, hold_after=DAY)
    assert plan.moved == {"late": NOW, "near": NOW + 10 * MINUTE}


def test_a_pin_that_waits_for_a_limit_is_not_sent_before_it_ends():
    plan = spread([waiting("limit", -HOUR, due=HOUR)], now=NOW, spacing=MINUTE, hold_after=DAY)
    assert (plan.moved, plan.too_late) == ({}, [])


def test_what_the_spacing_would_make_too_late_takes_no_place():
    late = [
        waiting("on time", -HOUR),
        waiting("held", -23 * HOUR - 55 * MINUTE, due=-30 * MINUTE),
        waiting("after it", -20 * MINUTE),
    ]
    plan = spread(late, now=NOW, spacing=10 * MINUTE, hold_after=DAY)
    assert plan.too_late == ["held"]
    assert plan.moved == {"on time": NOW, "after it": NOW + 10 * MINUTE}


lengths = st.integers(min_value=-60 * 24 * 40, max_value=60 * 24).map(lambda n: n * MINUTE)


@settings(deadline=None)
@given(
    st.lists(st.tuples(lengths, lengths), max_size=40),
    st.integers(min_value=1, max_value=600).map(lambda n: n * MINUTE),
    st.one_of(st.none(), st.integers(min_value=1, max_value=800).map(lambda n: n * HOUR)),
)
def test_nothing_is_forgotten_nothing_is_blasted(pins, spacing, hold_after):
    late = [waiting(n, min(planned, due, MINUTE), due) for n, (planned, due) in enumerate(pins)]
    plan = spread(late, now=NOW, spacing=spacing, hold_after=hold_after)
    going = sorted(plan.moved.get(p.key, p.due_at) for p in late if p.key not in plan.too_late)
    assert len(going) + len(plan.too_late) == len(late)
    assert all(at >= NOW for at in going)
    assert all(b - a >= spacing for a, b in pairwise(going))


def test_the_reason_names_the_hours():
    assert held_text(HOUR) == (
        "This Pin missed its time by more than 1 hour, so it does not go out unasked."
    )
    assert "more than 24 hours" in held_text(DAY)
