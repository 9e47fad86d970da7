"""One long-running process: how to start it, when it is ready, how long it may take to stop."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from health.troubles import Trouble
from pinapp.supervisor.spawn import Account, spawn

# A process that lived this long had started well; its next death begins a new count.
_SETTLED_SECONDS = 20.0
_LONGEST_PAUSE_SECONDS = 60.0
# How far back deaths are told, and how many of them are a trouble.
_RECENT_SECONDS = 600.0
_TROUBLING_DEATHS = 3
# A process that runs this long after troubling deaths does its work again.
_RECOVERED_SECONDS = 60.0
# A log is begun anew at a start once it has grown beyond this.
_LARGEST_LOG_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Service:
    """What to run. `is_ready` is given the text that the process has logged since its start.

    `death_signal` is sent when the supervisor is killed: one that it can pass on, where it has
    children of its own. `environment`, `directory` and `account` differ from the others' where
    they are given.
    """

    name: str
    command: tuple[str, ...]
    is_ready: Callable[[str], bool]
    grace_seconds: float
    death_signal: signal.Signals = signal.SIGKILL
    stop_signal: signal.Signals = signal.SIGTERM
    environment: Mapping[str, str] | None = None
    directory: Path | None = None
    account: Account | None = None


@dataclass(slots=True)
class Running:
    """A service's current process, and the history that decides about the next one."""

    service: Service
    log: Path
    environment: Mapping[str, str]
    root: Path
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    early_deaths: int = 0
    deaths: list[float] = field(default_factory=list)
    last_code: int = 0
    start_again_at: float = 0.0
    ready: bool = False
    _log_starts_at: int = field(default=0)

    def start(self) -> None:
        """Start the process. Raises OSError when its program is missing."""
        self._begin_log()
        self.process = spawn(
            self.service.command,
            log=self.log,
            environment=self.service.environment or self.environment,
            directory=self.service.directory or self.root,
            account=self.service.account,
            death_signal=self.service.death_signal,
        )
        self.started_at = time.monotonic()
        self.ready = False

    def _begin_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > _LARGEST_LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        self._log_starts_at = self.log.stat().st_size if self.log.exists() else 0

    def said(self) -> str:
        """What the current process has logged."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as file:
            file.seek(self._log_starts_at)
            return file.read().decode(errors="replace")

    def has_become_ready(self) -> bool:
        """Tell, once, that the process has become ready."""
        if self.ready or not self.is_alive() or not self.service.is_ready(self.said()):
            return False
        self.ready = True
        return True

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def note_death(self) -> None:
        """Sweep up after a process that ended by itself, and set when the next one starts."""
        now = time.monotonic()
        self.deaths = [*self._recent_deaths(now), now]
        self.last_code = (self.process.returncode or 0) if self.process else 0
        self.early_deaths = 1 if now - self.started_at > _SETTLED_SECONDS else self.early_deaths + 1
        pause = min(0.5 * 2 ** (self.early_deaths - 1), _LONGEST_PAUSE_SECONDS)
        self.start_again_at = now + pause
        self.kill()
        self.process = None

    def trouble(self) -> Trouble | None:
        """What to tell of a process that ended again and again lately; None of any other."""
        now = time.monotonic()
        deaths = len(self._recent_deaths(now))
        if deaths < _TROUBLING_DEATHS:
            return None
        waits = max(self.start_again_at - now, 0.0) if self.process is None else 0.0
        return Trouble(
            name=self.service.name,
            deaths=deaths,
            code=self.last_code,
            starts_at=round(time.time() + waits) if waits else 0.0,
            is_over=self.is_alive() and now - self.started_at >= _RECOVERED_SECONDS,
        )

    def _recent_deaths(self, now: float) -> list[float]:
        return [at for at in self.deaths if now - at < _RECENT_SECONDS]

    def ask_to_stop(self) -> None:
        if self.process is not None and self.is_alive():
            self.process.send_signal(self.service.stop_signal)

    def kill(self) -> None:
        """End the process and whatever it left behind in its session."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
