"""What a supervisor says of a process that kept ending, and when that is over."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pinapp.supervisor.service import Running, Service


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """A process that runs, whose three predecessors died lately."""
    service = Service(
        name="worker",
        command=(sys.executable, "-c", "import time; time.sleep(60)"),
        is_ready=lambda _log: True,
        grace_seconds=1.0,
    )
    running = Running(
        service=service, log=tmp_path / "worker.log", environment=dict(os.environ), root=tmp_path
    )
    running.start()
    running.deaths = [time.monotonic() - ago for ago in (90, 85, 80)]
    yield running
    running.kill()


@pytest.mark.parametrize(("ran_seconds", "is_over"), [(0, False), (50, False), (61, True)])
def test_a_minute_after_the_last_death_it_is_over(
    running: Running, ran_seconds: int, *, is_over: bool
) -> None:
    running.started_at = time.monotonic() - ran_seconds
    trouble = running.trouble()
    assert trouble is not None
    assert (trouble.deaths, trouble.starts_at, trouble.is_over) == (3, 0.0, is_over)


def test_the_next_death_is_a_trouble_again(running: Running) -> None:
    running.started_at = time.monotonic() - 61
    running.kill()
    running.note_death()
    trouble = running.trouble()
    assert trouble is not None
    assert (trouble.deaths, trouble.is_over) == (4, False)


def test_what_was_long_ago_is_not_told(running: Running) -> None:
    running.deaths = [time.monotonic() - ago for ago in (900, 800, 700)]
    assert running.trouble() is None
