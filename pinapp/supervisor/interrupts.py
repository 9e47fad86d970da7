"""Turns signals into something a loop can wait for."""

import os
import select
import signal
from types import FrameType


class Interrupts:
    """Counts the requests to stop (SIGINT, SIGTERM, SIGHUP), and wakes the loop for each signal.

    A pipe and not an Event: a handler may run while the loop itself holds an Event's lock.
    """

    def __init__(self) -> None:
        self.count = 0
        self._reader, writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Under nohup, a closed terminal is no reason to stop.
            if signal.getsignal(number) is not signal.SIG_IGN or number == signal.SIGINT:
                signal.signal(number, self._note)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)

    def wait(self, seconds: float) -> None:
        """Wait until a signal arrives, at most `seconds`."""
        if select.select([self._reader], [], [], seconds)[0]:
            os.read(self._reader, 4096)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1
