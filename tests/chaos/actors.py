"""Processes that can be killed and started again: one that starts anew, one that is forked."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from pinapp.supervisor.readiness import worker_is_ready
from pinapp.supervisor.service import Running
from pinapp.supervisor.spawn import tie_to_parent
from tests.chaos.options import ROOT
from tests.postgres import NotAvailable


class Actor(Protocol):
    """What the stage needs to know of a process."""

    ready: bool

    def start(self) -> None: ...
    def kill(self) -> None: ...
    def is_alive(self) -> bool: ...
    def has_become_ready(self) -> bool: ...
    def said(self) -> str: ...


class Forked:
    """A worker that a nursery forks."""

    def __init__(self, *, command: tuple[str, ...], log: Path, environment: Mapping[str, str]):
        self.pid: int | None = None
        self.ready = False
        self._log = log
        self._log_starts_at = 0
        words = command[command.index("celery") + 1 :]
        self._nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.nursery", str(log), *words],
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=tie_to_parent(signal.SIGKILL),
        )
        self._loaded = False

    def start(self) -> None:
        if not self._loaded:
            self._loaded = self._hear() == "loaded"
        self._log_starts_at = self._log.stat().st_size if self._log.exists() else 0
        self._nursery.stdin.write("one\n")
        self._nursery.stdin.flush()
        self.pid = int(self._hear())
        self.ready = False

    def kill(self) -> None:
        if self.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self.pid = None

    def is_known_as(self, process_id: int) -> bool:
        """Whether attempts carry this id for it: its own, or of who loaded its code."""
        return self.pid is not None and process_id in {self.pid, self._nursery.pid}

    def close(self) -> None:
        """End the nursery, and with it whatever it has forked."""
        self._nursery.kill()
        self._nursery.wait()
        for pipe in (self._nursery.stdin, self._nursery.stdout):
            with contextlib.suppress(OSError):
                pipe.close()

    def is_alive(self) -> bool:
        if self.pid is None:
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def has_become_ready(self) -> bool:
        if self.ready or not self.is_alive() or not worker_is_ready(self.said()):
            return False
        self.ready = True
        return True

    def said(self) -> str:
        """What the present worker has logged."""
        if not self._log.exists():
            return ""
        with self._log.open("rb") as file:
            file.seek(self._log_starts_at)
            return file.read().decode(errors="replace")

    def _hear(self) -> str:
        line = self._nursery.stdout.readline().strip()
        if not line:
            raise NotAvailable("the nursery of the workers ended")
        return line


class Started(Running):
    """A process that starts from nothing each time, as the supervisor starts it."""

    def kill(self) -> None:
        super().kill()
        self.process = None
