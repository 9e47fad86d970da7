"""Jobs that a bounded child runs for the tests: honest ones and hostile ones."""

from __future__ import annotations

import os
import resource
import time


def double(request: bytes) -> bytes:
    return request * 2


def process_id(_request: bytes) -> bytes:
    return str(os.getpid()).encode()


def environment(_request: bytes) -> bytes:
    return "\n".join(sorted(os.environ)).encode()


def priority(_request: bytes) -> bytes:
    return str(os.nice(0)).encode()


def eat_memory(_request: bytes) -> bytes:
    eaten = []
    while True:
        eaten.append(bytes(10_000_000))


def spin(_request: bytes) -> bytes:
    while True:
        pass


def sleep(request: bytes) -> bytes:
    time.sleep(float(request))
    return b"slept"


def die(_request: bytes) -> bytes:
    os.abort()


def fail(request: bytes) -> bytes:
    raise ValueError(request.decode())


def spent(_request: bytes) -> bytes:
    """Processor time of this child so far, and its limit, in seconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit, _ = resource.getrlimit(resource.RLIMIT_CPU)
    return f"{used.ru_utime + used.ru_stime} {limit}".encode()
