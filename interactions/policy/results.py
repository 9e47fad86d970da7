"""How results are counted and drawn. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from foundation.spans.spans import Span

STEPS: Final = ("clicked", "previewed", "verified", "corroborated")

DELAYS: Final = (
    (10, "within 10 seconds"),
    (60, "within a minute"),
    (600, "within 10 minutes"),
    (3600, "within an hour"),
    (86_400, "within a day"),
    (None, "later"),
)
"""Seconds from the click to the verified fetch, and the words for up to so many."""

HEIGHT: Final = 160
_BAR, _GAP = 14, 6


@dataclass(frozen=True, slots=True)
class Day:
    """What came of a day's clicks. A day without any has zeros: nothing was missed, the doors count
    all that comes."""

    day: date
    clicked: int
    previewed: int
    verified: int
    corroborated: int


@dataclass(frozen=True, slots=True)
class Unknowns:
    """Numbers of interactions, but for `other_fetches`, which are fetches.

    `claimed` are those that something calling itself Pinterest fetched and nothing proves;
    `disproved` of them came from an address that is not Pinterest's. `fetched`: claimed or more.
    """

    only_previewed: int
    claimed: int
    disproved: int
    unclicked: int
    untrusted: int
    suspect: int
    abuse: int
    fetched: int
    other_fetches: int

    @property
    def undecided(self) -> int:
        """Claimed, and DNS has not said yet or can't say."""
        return self.claimed - self.disproved


@dataclass(frozen=True, slots=True)
class Bar:
    """A day's bars, in units of the drawing: clicks behind, verified before them."""

    x: int
    width: int
    clicked_y: float
    clicked_height: float
    verified_y: float
    verified_height: float
    title: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of days; `top` is the number its upper edge stands for."""

    bars: Sequence[Bar]
    width: int
    height: int
    top: int


def fill_days(found: Sequence[Day], span: Span) -> list[Day]:
    """All days of the span, those without interactions too."""
    by_day = {each.day: each for each in found}
    days = [span.first + timedelta(days=number) for number in range(span.days)]
    return [by_day.get(day) or Day(day, 0, 0, 0, 0) for day in days]


def draw(days: Sequence[Day]) -> Chart:
    """Bars from zero up, all in one scale."""
    top = max([each.clicked for each in days] + [each.verified for each in days] + [1])
    bars = [
        Bar(
            x=number * (_BAR + _GAP),
            width=_BAR,
            clicked_y=_y(each.clicked, top),
            clicked_height=HEIGHT - _y(each.clicked, top),
            verified_y=_y(each.verified, top),
            verified_height=HEIGHT - _y(each.verified, top),
            title=f"{each.day:%-d %B}: {each.clicked} clicked, {each.verified} verified",
        )
        for number, each in enumerate(days)
    ]
    return Chart(bars, max(len(days) * (_BAR + _GAP) - _GAP, 1), HEIGHT, top)


def share(part: int, whole: int) -> float | None:
    """A rate as a fraction; None where there is nothing to compare with."""
    return part / whole if whole else None


def change(now: int, before: int) -> float | None:
    """By what fraction it is more than before (less, where negative); None where nothing was."""
    return (now - before) / before if before else None


def _y(value: int, top: int) -> float:
    return round(HEIGHT * (1 - value / top), 2)
