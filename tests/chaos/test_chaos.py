"""The kill-and-fault run in small, and that its count would notice what it looks for."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sandbox.records import Pin
from tests.chaos.killer import MOMENTS, plan_kills
from tests.chaos.options import BadOption, read_options
from tests.chaos.verdict import judge
from tests.processes import left_behind
from tests.servers import CANNOT_RUN, ROOT


@dataclass
class Row:
    """A Pin of ours as the ledger reads it."""

    status: str = "published"
    pinterest_id: str = "1"
    title: str = "A bowl"
    question: str = ""
    problem: str = ""
    description: str = ""
    link: str = ""
    board: str = "7"
    section: str = ""
    attempts: int = 1
    uncertain: int = 0


def there(number: str, title: str = "A bowl") -> Pin:
    """A Pin as the sandbox has it."""
    now = datetime.now(UTC)
    return Pin(
        id=number,
        account_id="5",
        board_id="7",
        created_at=now,
        listed_at=now,
        slides=[],
        title=title,
    )


@pytest.mark.parametrize(
    ("ours", "theirs", "wrong"),
    [
        ([Row()], [there("1")], {}),
        ([Row(), Row(pinterest_id="2")], [there("1"), there("2")], {}),
        ([Row()], [there("1"), there("2")], {"duplicates": 1}),
        ([Row()], [], {"lost": 1, "mistaken": 1}),
        ([Row(), Row()], [there("1"), there("2")], {"mistaken": 1}),
        ([Row()], [there("2")], {"mistaken": 1}),
        ([Row(status="failed")], [], {"stuck": 1}),
        ([Row(status="uncertain", question="several")], [there("1")], {"asked": 1}),
        ([], [there("1")], {"duplicates": 1}),
        ([Row()], [there("1"), there("2", "A vase")], {"duplicates": 1}),
    ],
)
def test_the_count_notices_what_is_wrong(ours, theirs, wrong):
    verdict = judge(ours, theirs)
    names = ("duplicates", "lost", "stuck", "asked", "mistaken")
    found = {name: getattr(verdict, name) for name in names}
    assert {name: count for name, count in found.items() if count} == wrong
    assert verdict.is_clean == (set(wrong) <= {"asked"})
    assert bool(verdict.explanations) == any(
        name in wrong for name in ("duplicates", "stuck", "asked")
    )


@pytest.mark.parametrize("count", [1, 8, 18, 60, 200])
def test_as_many_kills_are_planned_as_were_asked_for(count):
    planned = plan_kills(count, chance=random.Random(3))  # noqa: S311
    assert len(planned) == count
    assert len(set(planned)) == min(count, len(MOMENTS))


def test_a_seed_repeats_the_plan():
    first, second = (plan_kills(50, chance=random.Random(3)) for _ in range(2))  # noqa: S311
    assert first == second


@pytest.mark.parametrize("text", ["many", "-1"])
def test_a_number_that_is_none_is_said_to_be(text):
    with pytest.raises(BadOption, match="CHAOS_KILLS"):
        read_options({"CHAOS_KILLS": text})


@pytest.mark.slow
def test_a_short_run_publishes_every_pin_once_and_leaves_nothing_behind(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos"],
        cwd=ROOT,
        env={
            **os.environ,
            "PINAPP_VAR": str(tmp_path),
            "CHAOS_SEED": "11",
            "CHAOS_PINS": "40",
            "CHAOS_KILLS": "8",
            "CHAOS_PACE": "0.02",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == CANNOT_RUN:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads((tmp_path / "chaos.json").read_text())
    assert {name: figures[name] for name in ("pins", "kills", "published", "duplicates")} == {
        "pins": 40,
        "kills": 8,
        "duplicates": 0,
        "published": 40,
    }
    assert (figures["lost"], figures["stuck"], figures["events"]) == (0, 0, None)
    assert left_behind(tmp_path / "chaos", within=5) == {}
