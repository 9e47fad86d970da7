"""Which account's figures count on which day, where one took another's place."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.policy.chains import Merge, Turn, day_that_counts, leading, turns_of
from analytics.policy.figures import Day

APRIL, MAY, JUNE = date(2026, 4, 15), date(2026, 5, 1), date(2026, 6, 1)


def merge(earlier, later, day, hour=12):
    return Merge(earlier, later, datetime.combine(day, time(hour), UTC))


TWICE = [merge("a", "b", MAY), merge("b", "c", JUNE), merge("a", "c", JUNE)]
RING = [merge("a", "b", MAY), merge("b", "a", JUNE)]
BOTH = [merge("a", "c", JUNE), merge("b", "c", JUNE)]
FORK = [merge("a", "b", MAY), merge("a", "c", JUNE)]
HURRY = [merge("c", "b", MAY, hour=9), merge("b", "a", MAY, hour=10)]


def row(account, impression=1):
    return Day(MAY, "READY", {"impression": impression, "save": None}, account)


@pytest.mark.parametrize(
    ("account", "merges", "found"),
    [
        ("c", [], [("c", None)]),
        ("c", [merge("a", "c", MAY)], [("a", None), ("c", MAY)]),
        ("c", TWICE[:2], [("a", None), ("b", MAY), ("c", JUNE)]),
        # Who is connected last is asked about all that are gone, and says yes to both.
        ("c", TWICE, [("a", None), ("b", MAY), ("c", JUNE)]),
        ("b", TWICE, [("a", None), ("b", MAY)]),
        ("c", BOTH, [("a", None), ("b", None), ("c", JUNE)]),
        ("a", RING, [("a", None), ("b", MAY), ("a", JUNE)]),
        ("b", RING, [("a", None), ("b", MAY), ("a", JUNE)]),
        ("c", [merge("x", "y", MAY)], [("c", None)]),
        ("a", HURRY, [("c", None), ("b", MAY), ("a", MAY)]),
    ],
    ids=[
        "alone",
        "one",
        "two in a row",
        "asked twice",
        "the middle",
        "two at once",
        "ring",
        "ring's other",
        "others",
        "two on one day",
    ],
)
def test_accounts_have_turns_from_the_day_they_got_the_place(account, merges, found):
    assert turns_of(account, merges) == [Turn(*each) for each in found]


@pytest.mark.parametrize(
    ("day", "rows", "account"),
    [
        (APRIL, {"a": 1, "b": 1}, "a"),
        (MAY, {"a": 1, "b": 1}, "b"),
        (date(2026, 5, 31), {"a": 1, "b": 1, "c": 1}, "b"),
        (JUNE, {"a": 1, "b": 1, "c": 1}, "c"),
        # Who counts tells nothing: who had the place before, and only then who got it later.
        (APRIL, {"b": 1, "c": 1}, "b"),
        (MAY, {"a": 1, "b": None, "c": 1}, "a"),
        (MAY, {"b": None, "c": 1}, "c"),
        (MAY, {"a": None, "b": None}, "b"),
    ],
)
def test_the_account_that_has_the_place_counts_and_another_where_it_tells_nothing(
    day, rows, account
):
    found = {name: row(name, value) for name, value in rows.items()}
    assert day_that_counts(day, found, turns_of("c", TWICE)).account_id == account


def test_an_account_that_got_its_place_back_has_its_own_days_from_before_it_lost_it():
    rows = {"a": row("a"), "b": row("b")}
    turns = turns_of("a", RING)
    assert [day_that_counts(day, rows, turns).account_id for day in (APRIL, MAY, JUNE)] == list(
        "aba"
    )


def test_a_back_fill_does_not_win_over_an_account_that_had_the_place():
    rows = {"a": row("a", 7), "c": row("c", 9)}
    assert day_that_counts(APRIL, rows, turns_of("c", BOTH)).account_id == "a"


@pytest.mark.parametrize(
    ("merges", "found"),
    [
        ([], {"a": "a", "b": "b", "c": "c", "d": "d"}),
        (TWICE, {"c": "abc", "d": "d"}),
        (RING, {"a": "aba", "c": "c", "d": "d"}),
        (BOTH, {"c": "abc", "d": "d"}),
        (FORK, {"c": "ac", "b": "b", "d": "d"}),
    ],
    ids=["none", "in a row", "ring", "two at once", "fork"],
)
def test_put_together_every_account_is_there_once(merges, found):
    chosen = leading({each: turns_of(each, merges) for each in "abcd"})
    names = {head: "".join(turn.account_id for turn in own) for head, own in chosen.items()}
    assert names == found


@given(
    st.lists(
        st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde"), st.integers(0, 5)),
        max_size=8,
    )
)
def test_whatever_was_merged_with_what_each_account_is_spoken_for_by_one(told):
    merges = [
        merge(earlier, later, MAY + timedelta(days=day))
        for earlier, later, day in told
        if earlier != later
    ]
    chosen = leading({each: turns_of(each, merges) for each in "abcde"})
    spoken_for = [{turn.account_id for turn in own} for own in chosen.values()]
    assert sorted(each for own in spoken_for for each in own) == list("abcde")
    assert all(head in own for head, own in zip(chosen, spoken_for, strict=True))
