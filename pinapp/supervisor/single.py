"""Only one supervisor per folder of state: two would start everything twice on the same data."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pinapp.supervisor.plan import CannotStart


@contextmanager
def only_supervisor(var: Path) -> Iterator[None]:
    """Hold var/supervisor.lock, which the kernel frees however this process ends.

    Raises CannotStart when another process holds it.
    """
    with (var / "supervisor.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotStart(
                f"PinApp is already running here (process {lock.read().strip() or 'unknown'}). "
                "Stop that one first, with Ctrl-C in its window."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
