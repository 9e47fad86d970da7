"""The table of a run, and its figures as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.chaos.options import Options
from tests.chaos.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Result:
    """What a run did and what came of it; durations in seconds."""

    options: Options
    verdict: Verdict
    kills: Mapping[str, int]
    weather: Mapping[str, int]
    accidents: Sequence[str]
    seconds: float
    requests: int
    refused_for_rate: int
    attempts: int
    uncertain: int
    answers: Sequence[str]
    clicks: int
    lost_clicks: int


def print_report(result: Result) -> None:
    """The table in Markdown, as docs/chaos.md keeps it, then what is to be explained."""
    print()
    for line in table(result):
        print(line)
    for line in result.answers:
        print(f"? {line}")
    for line in result.verdict.explanations:
        print(f"! {line}")


def table(result: Result) -> list[str]:
    """The lines of the table."""
    options, verdict = result.options, result.verdict
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    rows: list[tuple[str, object]] = [
        ("seed", options.seed),
        ("date", f"{datetime.now(UTC):%Y-%m-%d}"),
        ("machine", f"{machine}, Python {platform.python_version()}"),
        ("took", f"{result.seconds:.0f} s at pace {options.pace:g}"),
        ("**Pins written**", options.pins),
        ("**published**", verdict.published),
        ("**duplicates at Pinterest**", verdict.duplicates),
        ("**lost**", verdict.lost),
        ("**stuck**", verdict.stuck),
        ("taken for another Pin", verdict.mistaken),
        ("asked a person, who looked and answered", len(result.answers)),
        ("asked, and not answered yet", verdict.asked),
        ("attempts, uncertain ones", f"{result.attempts}, {result.uncertain}"),
        (
            "`POST /pins` at Pinterest, of these 429",
            f"{result.requests}, {result.refused_for_rate}",
        ),
        ("clicks on “Publish now”, lost ones", f"{result.clicks}, {result.lost_clicks}"),
        ("**kills**", sum(result.kills.values())),
        *sorted(result.kills.items()),
        ("**faults of Pinterest**", sum(result.weather.values())),
        *sorted(result.weather.items()),
        ("**accidents**", ", ".join(result.accidents)),
    ]
    return ["| | |", "|---|---|", *(f"| {words} | {value} |" for words, value in rows)]


def write_figures(result: Result, path: Path) -> None:
    """The figures for machines. Events are those of conversions, which are not sent yet."""
    verdict = result.verdict
    figures = {
        "seed": result.options.seed,
        "pins": result.options.pins,
        "kills": sum(result.kills.values()),
        "published": verdict.published,
        "duplicates": verdict.duplicates,
        "lost": verdict.lost,
        "stuck": verdict.stuck,
        "asked": len(result.answers),
        "mistaken": verdict.mistaken,
        "seconds": round(result.seconds, 1),
        "events": None,
        "events_duplicated": None,
        "events_lost": None,
    }
    path.write_text(json.dumps(figures, indent=2) + "\n")
