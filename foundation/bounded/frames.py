"""What the two ends say to each other: a length, then as many bytes."""

from __future__ import annotations

import socket
import struct
import time
from enum import IntEnum
from typing import Final

from foundation.bounded.limits import Limits

ANSWER_HEAD: Final = struct.Struct("!BQ")
JOB_HEAD: Final = struct.Struct("!HQQQdQ")
HELLO: Final = b"?"
READY: Final = b"!"
_CHUNK: Final = 1024 * 1024


class Status(IntEnum):
    """What an answer is."""

    DONE = 0
    OUT_OF_MEMORY = 1
    ANSWER_TOO_LONG = 2
    RAISED = 3


def job_head(job: str, request: bytes, limits: Limits) -> bytes:
    """What precedes a request: the job's name, the lengths and the limits."""
    name = job.encode()
    head = JOB_HEAD.pack(
        len(name),
        len(request),
        limits.memory_bytes,
        limits.cpu_s,
        limits.wall_s,
        limits.answer_bytes,
    )
    return head + name


def receive(connection: socket.socket, size: int, *, deadline: float | None = None) -> bytes:
    """Exactly `size` bytes.

    `deadline` is a time of `time.monotonic()`; None keeps the socket's own timeout. Raises
    EOFError when the other end is gone, TimeoutError, OSError.
    """
    body = bytearray(size)
    view, filled = memoryview(body), 0
    while filled < size:
        set_timeout(connection, deadline)
        count = connection.recv_into(view[filled:], min(_CHUNK, size - filled))
        if not count:
            raise EOFError
        filled += count
    return bytes(body)


def send(connection: socket.socket, data: bytes, *, deadline: float) -> None:
    """Raises TimeoutError, and OSError when the other end is gone."""
    set_timeout(connection, deadline)
    connection.sendall(data)


def set_timeout(connection: socket.socket, deadline: float | None) -> None:
    """Let the next call end by the deadline. Raises TimeoutError when that is over."""
    if deadline is None:
        return
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    connection.settimeout(left)
