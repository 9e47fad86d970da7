"""Which account's figures count on which day, where one took another's place."""

from __future__ import annotations

from datetime import date

import pytest

from analytics.policy.chains import Merge, day_that_counts, taken_over
from analytics.policy.figures import Day

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


def row(account, impression=1):
    return Day(MAY, "READY", {"impression": impression, "save": None}, account)


@pytest.mark.parametrize(
    ("merges", "found"),
    [
        ([], {"c": None}),
        ([Merge("a", "c", MAY)], {"a": None, "c": MAY}),
        ([Merge("a", "b", MAY), Merge("b", "c", JUNE)], {"a": None, "b": MAY, "c": JUNE}),
        # Who is connected last is asked about all that are gone, and says yes to both.
        (
            [Merge("a", "b", MAY), Merge("b", "c", JUNE), Merge("a", "c", JUNE)],
            {"a": None, "b": MAY, "c": JUNE},
        ),
        ([Merge("a", "c", JUNE), Merge("b", "c", JUNE)], {"a": None, "b": None, "c": JUNE}),
        # There and back again: each took the other's place once.
        ([Merge("a", "c", MAY), Merge("c", "a", JUNE)], {"c": MAY, "a": JUNE}),
        ([Merge("x", "y", MAY)], {"c": None}),
    ],
    ids=["alone", "one", "two in a row", "asked twice", "two at once", "in a ring", "others"],
)
def test_accounts_are_found_with_the_day_from_which_each_counts(merges, found):
    assert list(taken_over("c", merges).items()) == list(found.items())


@pytest.mark.parametrize(
    ("day", "rows", "account"),
    [
        (date(2026, 4, 30), {0: row("a"), 1: row("b")}, "a"),
        (MAY, {0: row("a"), 1: row("b")}, "b"),
        (date(2026, 5, 31), {0: row("a"), 1: row("b"), 2: row("c")}, "b"),
        (JUNE, {0: row("a"), 1: row("b"), 2: row("c")}, "c"),
        # Who counts tells nothing: the next one that does, rather a later one than an earlier one.
        (date(2026, 4, 30), {1: row("b"), 2: row("c")}, "b"),
        (MAY, {0: row("a"), 1: row("b", None), 2: row("c")}, "c"),
        (MAY, {0: row("a"), 1: row("b", None)}, "a"),
        (MAY, {0: row("a", None), 1: row("b", None)}, "b"),
    ],
)
def test_the_account_that_has_the_place_counts_and_another_where_it_tells_nothing(
    day, rows, account
):
    assert day_that_counts(day, rows, [None, MAY, JUNE]).account == account
