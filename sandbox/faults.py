"""Faults to order: armed by tests and chaos runs, struck at the door."""

import fnmatch
import itertools
import random
import threading
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Kind = Literal[
    "latency",
    "hold",
    "status",
    "drop",
    "token_death",
    "listing_lag",
    "bookmark_loop",
    "short_page",
    "extra_fields",
    "unknown_values",
    "media_failed",
    "media_stuck",
    "sparse_metrics",
    "late_metrics",
]


class Fault(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """One fault.

    `route` is a pattern over "METHOD /path", such as `POST /v5/pins` or `GET /v5/*`. It strikes
    matching calls from the `nth` on (1-based), `times` times (None: until cleared), each with
    `probability`. With `when="after"` it counts only calls that took effect.

    Kinds: `latency` waits `seconds`; `hold` waits until released, at most `seconds`; `status`
    answers `status`; `drop` resets the connection;
    `token_death` kills the caller's token; `listing_lag` hides new Pins from lists for `seconds`
    (on `POST /v5/pins` per Pin, on a list for all); `bookmark_loop`, `short_page`,
    `extra_fields`, `unknown_values` spoil an answer; `media_failed` and `media_stuck`, on
    `POST /s3/upload`, let the processing of the uploaded video fail or never end.

    `sparse_metrics` leaves some figures out and sends others as null; `late_metrics` says
    PROCESSING of all days that are not `seconds` old.

    `headers` overrides the answer's headers; a value of None removes one.
    """

    route: str
    kind: Kind
    when: Literal["before", "after"] = "before"
    account: str | None = None
    nth: Annotated[int, Meta(ge=1)] = 1
    times: Annotated[int, Meta(ge=1)] | None = 1
    probability: Annotated[float, Meta(ge=0, le=1)] = 1.0
    status: Annotated[int, Meta(ge=200, le=599)] = 503
    code: int | None = None
    message: str | None = None
    body: Literal["json", "html", "empty"] = "json"
    headers: dict[str, str | None] = {}
    seconds: Annotated[float, Meta(ge=0)] = 0.0

    @property
    def ends_the_call(self) -> bool:
        """Whether nothing further can happen to the call after this fault."""
        return self.kind in {"status", "drop"}


class ArmedFault(msgspec.Struct, kw_only=True):
    """A fault in the book, with how often it saw a matching call and struck one."""

    id: int
    fault: Fault
    seen: int = 0
    struck: int = 0


class FaultBook:
    """The armed faults, in order of arming; thread-safe."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable chance, guards nothing
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._armed: list[ArmedFault] = []

    def arm(self, fault: Fault) -> int:
        """Add a fault and return its number."""
        with self._lock:
            armed = ArmedFault(id=next(self._numbers), fault=fault)
            self._armed.append(armed)
            return armed.id

    def listed(self) -> list[ArmedFault]:
        """All faults, spent ones included."""
        with self._lock:
            return [msgspec.structs.replace(armed) for armed in self._armed]

    def clear(self) -> None:
        """Disarm everything."""
        with self._lock:
            self._armed.clear()

    def strike(self, *, when: str, route: str, account: set[str]) -> list[Fault]:
        """The faults that hit this call now; the list stops at one that ends the call."""
        struck: list[Fault] = []
        with self._lock:
            for armed in self._armed:
                fault = armed.fault
                if fault.when != when or not _matches(fault, route, account):
                    continue
                armed.seen += 1
                if self._spares(armed):
                    continue
                armed.struck += 1
                struck.append(fault)
                if fault.ends_the_call:
                    break
        return struck

    def _spares(self, armed: ArmedFault) -> bool:
        fault = armed.fault
        if armed.seen < fault.nth:
            return True
        if fault.times is not None and armed.struck >= fault.times:
            return True
        return fault.probability < 1 and self._random.random() >= fault.probability


def _matches(fault: Fault, route: str, account: set[str]) -> bool:
    if fault.account is not None and fault.account not in account:
        return False
    return fnmatch.fnmatchcase(route, fault.route)
