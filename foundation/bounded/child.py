"""The child's side: one job after another, each within its limits, until nobody asks any more.

Started as `python -m foundation.bounded.child FD`, where FD is a connected socket.
"""

from __future__ import annotations

import importlib
import os
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Final, cast

from foundation.bounded.frames import ANSWER_HEAD, HELLO, JOB_HEAD, READY, Status, receive

Job = Callable[[bytes], bytes]

IDLE_S: Final = 60.0
"""A child that nobody asks for so long ends by itself, and its memory with it."""

_NICE: Final = 10


def serve(connection: socket.socket) -> None:
    """Answer until the other end is gone, or silent for IDLE_S."""
    while True:
        connection.settimeout(IDLE_S)
        if receive(connection, 1) != HELLO:
            return
        connection.sendall(READY)
        connection.settimeout(None)
        status, answer = _next_answer(connection)
        connection.sendall(ANSWER_HEAD.pack(status, len(answer)) + answer)
        if status is not Status.DONE:
            return  # what a failure leaves behind in memory is nobody's to find


def _next_answer(connection: socket.socket) -> tuple[Status, bytes]:
    head = JOB_HEAD.unpack(receive(connection, JOB_HEAD.size))
    name_size, request_size, memory_bytes, cpu_s, wall_s, answer_bytes = head
    name = receive(connection, name_size).decode()
    request = receive(connection, request_size)
    try:
        job = _find(name)
        _set_limits(memory_bytes=memory_bytes, cpu_s=cpu_s, wall_s=wall_s)
        answer = job(request)
    except MemoryError:
        _lift_memory_limit()
        return Status.OUT_OF_MEMORY, b""
    except Exception as error:
        # The edge of the process: whatever a job raises is told to the one who asked.
        _lift_memory_limit()
        return Status.RAISED, _describe(error).encode()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    _lift_memory_limit()
    if len(answer) > answer_bytes:
        return Status.ANSWER_TOO_LONG, b""
    return Status.DONE, answer


def _find(name: str) -> Job:
    module, _, function = name.partition(":")
    return cast(Job, getattr(importlib.import_module(module), function))


def _set_limits(*, memory_bytes: int, cpu_s: int, wall_s: float) -> None:
    """Of this job alone. Going beyond those of time ends the process, by the kernel's signal."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (spent + cpu_s, resource.RLIM_INFINITY))
    # Were the parent killed, nobody would end this one: it does so itself.
    signal.setitimer(signal.ITIMER_REAL, wall_s)
    if sys.platform == "linux":  # elsewhere the kernel does not keep this limit
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, resource.RLIM_INFINITY))


def _lift_memory_limit() -> None:
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _describe(error: Exception) -> str:
    """Which exception and where. Its text may quote the input, so it stays here."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def main(descriptor: int) -> None:
    """Serve at the socket with this number. Ctrl-C at the terminal is the parent's affair."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(_NICE)
    with socket.socket(fileno=descriptor) as connection:
        try:
            serve(connection)
        except (EOFError, TimeoutError, ConnectionError):
            return


if __name__ == "__main__":
    main(int(sys.argv[1]))
