"""What a benchmark measured, as a table for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One figure beside what it is compared with, measured in the same run.

    `goal` says what the ratio (or, without a baseline, the figure) should be: `≤ 1.2` or `≥ 0.9`.
    """

    what: str
    figure: float
    unit: str
    baseline: float | None = None
    goal: str = ""

    @property
    def ratio(self) -> float | None:
        if not self.baseline:
            return None
        return self.figure / self.baseline

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is met; None without one."""
        if not self.goal:
            return None
        sign, _, number = self.goal.partition(" ")
        measured = self.figure if self.ratio is None else self.ratio
        return measured <= float(number) if sign == "≤" else measured >= float(number)


def table(rows: Sequence[Row]) -> list[str]:
    """The lines of a table in Markdown."""
    lines = ["| what | figure | baseline | ratio | goal | |", "|---|--:|--:|--:|--:|---|"]
    for row in rows:
        verdict = {True: "met", False: "MISSED", None: ""}[row.is_met]
        cells = (
            row.what,
            f"{_short(row.figure)} {row.unit}",
            "" if row.baseline is None else f"{_short(row.baseline)} {row.unit}",
            "" if row.ratio is None else f"{row.ratio:.2f}",
            row.goal,
            verdict,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def write(rows: Sequence[Row], path: Path) -> None:
    """The figures for machines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    facts = [
        {name: value for name, value in asdict(row).items() if name != "goal"}
        | {"ratio": row.ratio, "goal": row.goal, "met": row.is_met}
        for row in rows
    ]
    path.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n")


def _short(number: float) -> str:
    return f"{number:.0f}" if number >= 100 or number == int(number) else f"{number:.3g}"
