"""Calls that a fault holds: they wait at the door until somebody lets them go."""

import itertools
import threading

import msgspec

from sandbox.wire import Request


class HeldCall(msgspec.Struct, kw_only=True, frozen=True):
    """A call that waits; `title` is that of the Pin it creates, to tell the calls apart."""

    id: int
    method: str
    path: str
    when: str
    title: str | None = None


class _Title(msgspec.Struct):
    title: str | None = None


class Holds:
    """The calls that wait just now; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, tuple[HeldCall, threading.Event]] = {}

    def wait(self, request: Request, *, when: str, seconds: float) -> None:
        """Wait until the call is let go, at most `seconds`."""
        freed = threading.Event()
        with self._lock:
            number = next(self._numbers)
            self._waiting[number] = (_describe(number, request, when), freed)
        freed.wait(seconds)
        with self._lock:
            self._waiting.pop(number, None)

    def listed(self) -> list[HeldCall]:
        """The calls that wait, in the order in which they came."""
        with self._lock:
            return [call for call, _ in self._waiting.values()]

    def release(self) -> int:
        """Let all of them go; returns how many waited."""
        with self._lock:
            for _, freed in self._waiting.values():
                freed.set()
            return len(self._waiting)


def _describe(number: int, request: Request, when: str) -> HeldCall:
    try:
        title = msgspec.json.decode(request.body, type=_Title).title
    except (msgspec.DecodeError, UnicodeDecodeError):
        title = None
    return HeldCall(id=number, method=request.method, path=request.path, when=when, title=title)
