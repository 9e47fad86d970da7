"""How days stand today: what Pinterest said of them, and what has become of it since. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from analytics.policy.figures import Day
from analytics.policy.statuses import FORGOTTEN, LEFT_OUT, NOT_READ, TO_BE_READ, may_grow
from analytics.policy.windows import REACH, Window


def standing_days(
    dates: Sequence[date],
    days: Iterable[Day],
    *,
    today: date,
    is_read: bool,
    asked: Window | None = None,
) -> dict[date, Day]:
    """Each of the dates with its day, those too that nobody read, with our own words for them.

    `is_read`: whether the account is still read, so that a day Pinterest has may yet come.
    `asked`: what Pinterest's last answer was about, if there was one.
    """
    found = {day.date: day for day in days}

    def standing(each: date) -> Day:
        was_asked = asked is not None and asked.first <= each <= asked.last
        day = found.get(each) or Day(each, "", {})
        return _standing(day, today=today, is_read=is_read, was_asked=was_asked)

    return {each: standing(each) for each in dates}


def _standing(day: Day, *, today: date, is_read: bool, was_asked: bool) -> Day:
    is_within_reach = day.date >= today - REACH
    if not day.status and was_asked:
        return replace(day, status=LEFT_OUT)
    if not day.status:
        return replace(day, status=TO_BE_READ if is_read and is_within_reach else NOT_READ)
    if may_grow(day.status) and not is_within_reach:
        return replace(day, status=FORGOTTEN)
    return day
