"""The parent's side: children that wait for jobs, and one place to ask them."""

from __future__ import annotations

import atexit
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Final

from foundation.bounded.frames import ANSWER_HEAD, HELLO, READY, Status, job_head, receive, send
from foundation.bounded.limits import BoundedFailure, FailureReason, Limits

logger = logging.getLogger(__name__)

AT_ONCE: Final = 2
"""Runs of the same job at once, in each process that asks; others wait."""

WAIT_S: Final = 60.0
_RUNS_OF_A_CHILD: Final = 64
_HELLO_S: Final = 10.0
_CHILD: Final = "foundation.bounded.child"
_ROOT: Final = Path(__file__).resolve().parents[2]
_DEATHS: Final = {
    -signal.SIGXCPU: FailureReason.TIME,
    -signal.SIGALRM: FailureReason.TIME,
    -signal.SIGKILL: FailureReason.MEMORY,  # by the kernel: we look before we kill
}
_FAILURES: Final = {
    Status.OUT_OF_MEMORY: FailureReason.MEMORY,
    Status.ANSWER_TOO_LONG: FailureReason.ANSWER,
    Status.RAISED: FailureReason.CRASHED,
}


def run_bounded(job: str, request: bytes, *, limits: Limits) -> bytes:
    """Run `job`, a "package.module:function" from bytes to bytes, in a child within `limits`.

    The module must be importable without Django, and what the function refuses of its input must
    be part of its answer: an exception counts as a crash. Waits for a place while AT_ONCE others
    run the same job. Raises BoundedFailure.
    """
    places = _places_of(job)
    if not places.acquire(timeout=WAIT_S):
        raise BoundedFailure(job, FailureReason.BUSY)
    try:
        return _run(job, request, limits)
    except BoundedFailure as failure:
        reason, detail = failure.reason, failure.detail
        logger.warning("bounded_job_failed job=%s reason=%s %s", job, reason, detail)
        raise
    finally:
        places.release()


def _run(job: str, request: bytes, limits: Limits) -> bytes:
    child = _take_child()
    try:
        answer = child.ask(job, request, limits)
    except BaseException:
        child.end()
        raise
    _give_back(child)
    return answer


class Child:
    """A process that waits for jobs at the other end of a socket."""

    def __init__(self) -> None:
        self.runs = 0
        self._connection, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [sys.executable, "-m", _CHILD, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd=_ROOT,
                env=_environment(),
                pass_fds=(theirs.fileno(),),
            )

    def is_ready(self) -> bool:
        """Whether it is there: one that waited for long may just have ended."""
        deadline = time.monotonic() + _HELLO_S
        try:
            send(self._connection, HELLO, deadline=deadline)
            return receive(self._connection, 1, deadline=deadline) == READY
        except (OSError, EOFError):  # TimeoutError is an OSError
            return False

    def ask(self, job: str, request: bytes, limits: Limits) -> bytes:
        """Raises BoundedFailure, after which the child is of no more use."""
        self.runs += 1
        deadline = time.monotonic() + limits.wall_s
        try:
            send(self._connection, job_head(job, request, limits), deadline=deadline)
            if request:  # to send nothing still fails where the answer is there and the child gone
                send(self._connection, request, deadline=deadline)
            head = receive(self._connection, ANSWER_HEAD.size, deadline=deadline)
            status, size = ANSWER_HEAD.unpack(head)
            if size > limits.answer_bytes and status == Status.DONE:
                raise BoundedFailure(job, FailureReason.ANSWER)
            answer = receive(self._connection, size, deadline=deadline)
        except TimeoutError:
            raise BoundedFailure(job, FailureReason.TIME) from None
        except (OSError, EOFError):
            raise BoundedFailure(job, *self._death()) from None
        if status != Status.DONE:
            raise BoundedFailure(job, _FAILURES[Status(status)], answer.decode(errors="replace"))
        return answer

    def end(self) -> None:
        """End it at once, whatever it does."""
        self._connection.close()
        self._process.kill()
        self._process.wait()

    def _death(self) -> tuple[FailureReason, str]:
        """What it died of, and the code it ended with; "still there" for one that only went."""
        try:
            code = self._process.wait(5)
        except subprocess.TimeoutExpired:
            return FailureReason.CRASHED, "still there"
        return _DEATHS.get(code, FailureReason.CRASHED), f"code {code}"


_lock = threading.Lock()
_idle: list[Child] = []
_places: defaultdict[str, threading.BoundedSemaphore] = defaultdict(
    lambda: threading.BoundedSemaphore(AT_ONCE)
)


def _places_of(job: str) -> threading.BoundedSemaphore:
    with _lock:
        return _places[job]


def _take_child() -> Child:
    """One that waits, or a new one. Raises BoundedFailure when none can be started."""
    while True:
        with _lock:
            child = _idle.pop() if _idle else None
        if child is None:
            break
        if child.is_ready():
            return child
        child.end()
    try:
        child = Child()
    except OSError as error:
        raise BoundedFailure(_CHILD, FailureReason.CRASHED, type(error).__name__) from None
    if child.is_ready():
        return child
    child.end()
    raise BoundedFailure(_CHILD, FailureReason.CRASHED, "it did not start")


def _give_back(child: Child) -> None:
    if child.runs < _RUNS_OF_A_CHILD:
        with _lock:
            if len(_idle) < AT_ONCE:
                _idle.append(child)
                return
    child.end()


def _environment() -> dict[str, str]:
    """Nothing of ours but where modules are: settings and secrets stay here."""
    return {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONUTF8": "1",
        # Each arena reserves 64 MB of address space, which the limit counts.
        "MALLOC_ARENA_MAX": "2",
        "PATH": os.environ.get("PATH", os.defpath),
    }


def _end_idle() -> None:
    with _lock:
        ending, _idle[:] = list(_idle), []
    for child in ending:
        child.end()


def _forget_after_fork() -> None:
    """Children belong to the process that started them, and a lock may have been held."""
    global _lock
    _lock = threading.Lock()
    _idle.clear()
    _places.clear()


atexit.register(_end_idle)
os.register_at_fork(after_in_child=_forget_after_fork)
