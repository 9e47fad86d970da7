"""Drawings of points: one small chart for each count. Pure.

What has no figures is a gap, not a zero. What still grows is drawn apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analytics.policy.points import Point

HEIGHT: Final = 120
_BAR, _GAP = 10, 4


@dataclass(frozen=True, slots=True)
class Bar:
    """A point's bar in units of the drawing. `kind`: settled, moving or gap."""

    x: int
    y: float
    width: int
    height: float
    kind: str
    title: str
    has_seam: bool
    has_pins: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of one count; `top` is the number its upper edge stands for.

    `before` are lines through the points of the days before: pairs of x,y for a polyline each,
    broken where there are no figures.
    """

    bars: Sequence[Bar]
    before: Sequence[str]
    width: int
    height: int
    top: int


def draw(points: Sequence[Point], before: Sequence[Point], *, label: str) -> Chart:
    """Bars from zero up, gaps where nothing is known, and what was before as a line.

    `before` is empty, or as long as `points`.
    """
    values = [point.value for point in (*points, *before) if point.value is not None]
    top = max(values, default=0) or 1
    earlier: Sequence[Point | None] = before or [None] * len(points)
    bars = [
        _bar(number, point, was, top=top, label=label)
        for number, (point, was) in enumerate(zip(points, earlier, strict=True))
    ]
    width = max(len(points) * (_BAR + _GAP) - _GAP, 1)
    return Chart(bars, _lines(before, top), width, HEIGHT, top)


def _bar(number: int, point: Point, before: Point | None, *, top: int, label: str) -> Bar:
    height = HEIGHT * point.value / top if point.value is not None else HEIGHT
    return Bar(
        x=number * (_BAR + _GAP),
        y=round(HEIGHT - height, 2),
        width=_BAR,
        height=round(height, 2),
        kind=point.kind,
        title=_title(point, before, label),
        has_seam=point.has_seam,
        has_pins=bool(point.pins),
    )


def _title(point: Point, before: Point | None, label: str) -> str:
    when = when_of(point)
    said = f"{when}: {point.value:,} {label.lower()}." if point.value is not None else f"{when}:"
    parts = [said, point.note, _before(before), _pins(point.pins)]
    return " ".join(part for part in parts if part)


def _before(before: Point | None) -> str:
    if before is None:
        return ""
    number = "no figures" if before.value is None else f"{before.value:,}"
    return f"Before, {when_of(before)}: {number}."


def when_of(point: Point) -> str:
    """A point's days in words."""
    if point.first == point.last:
        return f"{point.first:%-d %B %Y}"
    return f"{point.first:%-d %b} to {point.last:%-d %b %Y}"


def _pins(count: int) -> str:
    if not count:
        return ""
    return "1 Pin of yours went out." if count == 1 else f"{count} Pins of yours went out."


def _lines(before: Sequence[Point], top: int) -> list[str]:
    lines: list[list[str]] = [[]]
    for number, point in enumerate(before):
        if point.value is None:
            lines.append([])
            continue
        x = number * (_BAR + _GAP)
        y = round(HEIGHT - HEIGHT * point.value / top, 2)
        # A step as wide as a bar, so that a single day shows too.
        lines[-1] += [f"{x},{y}", f"{x + _BAR},{y}"]
    return [" ".join(line) for line in lines if line]
