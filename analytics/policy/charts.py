"""Drawings of days: one small chart for each count. Pure.

A day without figures is a gap, not a zero. Days that still grow are drawn apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from analytics.policy.figures import Day
from analytics.policy.statuses import MOVING, is_settled, reason_of

HEIGHT: Final = 120
_BAR, _GAP = 10, 4


@dataclass(frozen=True, slots=True)
class Bar:
    """A day's bar in units of the drawing. `kind`: settled, moving or gap."""

    x: int
    y: float
    width: int
    height: float
    kind: str
    title: str
    is_seam: bool
    mark: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of one count; `top` is the number its upper edge stands for."""

    bars: Sequence[Bar]
    width: int
    height: int
    top: int


def draw(
    days: Sequence[date],
    found: Mapping[date, Day],
    *,
    count: str,
    label: str,
    marks: Mapping[date, int],
) -> Chart:
    """Bars from zero up, gaps where nothing is known. `marks`: Pins published on a day."""
    values = [found[day].counts.get(count) for day in days if day in found]
    top = max([value for value in values if value is not None] + [1])
    bars: list[Bar] = []
    account = ""
    for number, day in enumerate(days):
        here = found.get(day)
        value = here.counts.get(count) if here else None
        is_seam = bool(here and account and here.account != account)
        account = here.account if here else account
        height = HEIGHT * value / top if value is not None else HEIGHT
        bars.append(
            Bar(
                x=number * (_BAR + _GAP),
                y=round(HEIGHT - height, 2),
                width=_BAR,
                height=round(height, 2),
                kind=_kind(here, value),
                title=_title(day, here, value, label),
                is_seam=is_seam,
                mark=_mark(marks.get(day, 0)),
            )
        )
    return Chart(bars, max(len(days) * (_BAR + _GAP) - _GAP, 1), HEIGHT, top)


def _kind(here: Day | None, value: int | None) -> str:
    if here is None or value is None:
        return "gap"
    return "moving" if here.status in MOVING or not is_settled(here.status) else "settled"


def _title(day: date, here: Day | None, value: int | None, label: str) -> str:
    when = f"{day:%-d %B %Y}"
    if here is None or value is None:
        return f"{when}: {reason_of(here.status if here else 'NOT_READ')}"
    still = "" if is_settled(here.status) else f" {reason_of(here.status)}"
    return f"{when}: {value:,} {label.lower()}.{still}"


def _mark(count: int) -> str:
    if not count:
        return ""
    return "1 Pin of yours went out" if count == 1 else f"{count} Pins of yours went out"
