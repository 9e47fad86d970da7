"""Notices that `make`, which started us, was told to stop.

GNU make passes SIGTERM on, but on SIGINT it only waits for its children: a terminal sends it to
all of them anyway. A script that interrupts make alone would wait for ever.
"""

import os
import signal
import sys
from pathlib import Path

_NAMES = {"make", "gmake"}


class Make:
    """The `make` above this process, if there is one (Linux only: it reads /proc)."""

    def __init__(self) -> None:
        self._process = os.getppid() if sys.platform == "linux" else 0
        self._watched = self._read("comm").strip() in _NAMES and self._handles_interrupts()

    def was_told_to_stop(self) -> bool:
        """It is gone, or waits for us: it has put SIGINT back to its default while it does."""
        if not self._watched:
            return False
        return os.getppid() != self._process or not self._handles_interrupts()

    def _handles_interrupts(self) -> bool:
        for line in self._read("status").splitlines():
            if line.startswith("SigCgt:"):
                return bool(int(line.split()[1], 16) >> (signal.SIGINT - 1) & 1)
        return False

    def _read(self, name: str) -> str:
        try:
            return Path(f"/proc/{self._process}/{name}").read_text()
        except OSError:
            return ""
