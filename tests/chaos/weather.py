"""What goes wrong at Pinterest meanwhile: faults of the sandbox, armed one after another."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence

from pinterest.sandbox.faults import Fault
from pinterest.sandbox.remote import SandboxControl
from tests.chaos.options import Options

_CREATE = "POST /v5/pins"
_LIST = "GET /v5/boards/*/pins"
_PAUSE_S = 2.0
"""Between two faults, on average."""

BODIES = ("json", "html", "empty")

Weather = tuple[str, Callable[[random.Random, Options], Sequence[Fault]]]


def _answer_lost(chance: random.Random, options: Options) -> Sequence[Fault]:
    return [Fault(route=_CREATE, kind="drop", when="after", times=2)]


def _late_and_lost(chance: random.Random, options: Options) -> Sequence[Fault]:
    lag = chance.uniform(1.0, options.longest_lag_s)
    return [
        Fault(route=_CREATE, kind="listing_lag", seconds=lag, times=3),
        Fault(route=_CREATE, kind="drop", when="after", times=3),
    ]


def _error_after(chance: random.Random, options: Options) -> Sequence[Fault]:
    status, body = chance.choice((500, 502, 504)), chance.choice(BODIES)
    return [Fault(route=_CREATE, kind="status", status=status, body=body, when="after", times=2)]


def _error_before(chance: random.Random, options: Options) -> Sequence[Fault]:
    return [Fault(route=_CREATE, kind="status", status=503)]


def _dropped_before(chance: random.Random, options: Options) -> Sequence[Fault]:
    return [Fault(route=_CREATE, kind="drop")]


def _went_wrong(chance: random.Random, options: Options) -> Sequence[Fault]:
    when = chance.choice(("before", "after", "after"))
    return [Fault(route=_CREATE, kind="status", status=400, when=when)]


def _slow(chance: random.Random, options: Options) -> Sequence[Fault]:
    when = chance.choice(("before", "after"))
    return [
        Fault(route=_CREATE, kind="latency", seconds=chance.uniform(0.3, 1.5), when=when, times=4)
    ]


def _slower_than_the_lease(chance: random.Random, options: Options) -> Sequence[Fault]:
    """The Pin counts as uncertain, and its answer comes all the same."""
    when = chance.choice(("before", "after"))
    return [Fault(route=_CREATE, kind="latency", seconds=options.sending_lease_s * 1.3, when=when)]


def _rate_limited(chance: random.Random, options: Options) -> Sequence[Fault]:
    headers: dict[str, str | None] = {"x-ratelimit-reset": str(chance.randint(1, 3))}
    return [Fault(route=_CREATE, kind="status", status=429, headers=headers)]


def _token_dead(chance: random.Random, options: Options) -> Sequence[Fault]:
    return [Fault(route=_CREATE, kind="token_death")]


def _lists_fail(chance: random.Random, options: Options) -> Sequence[Fault]:
    return [Fault(route=_LIST, kind="status", status=chance.choice((500, 503)), times=3)]


def _lists_drop(chance: random.Random, options: Options) -> Sequence[Fault]:
    return [Fault(route=_LIST, kind="drop", times=2)]


def _lists_lag(chance: random.Random, options: Options) -> Sequence[Fault]:
    return [Fault(route=_LIST, kind="listing_lag", seconds=options.longest_lag_s, times=4)]


def _lists_odd(chance: random.Random, options: Options) -> Sequence[Fault]:
    return [Fault(route=_LIST, kind=chance.choice(("short_page", "bookmark_loop")), times=2)]


WEATHER: tuple[Weather, ...] = (
    ("created, connection dropped", _answer_lost),
    ("created, dropped, and late in lists", _late_and_lost),
    ("created, answered 5xx", _error_after),
    ("not created, answered 503", _error_before),
    ("not created, connection dropped", _dropped_before),
    ("“Something went wrong on our end”, created or not", _went_wrong),
    ("slow", _slow),
    ("answered after the sending lease", _slower_than_the_lease),
    ("429", _rate_limited),
    ("token dead at the door", _token_dead),
    ("lists answer 5xx", _lists_fail),
    ("lists drop the connection", _lists_drop),
    ("lists lag", _lists_lag),
    ("lists come in odd pages", _lists_odd),
)


class WeatherMaker:
    """Arms a fault every now and then, in a thread of its own, until told to stop."""

    def __init__(self, options: Options, sandbox_url: str) -> None:
        self._options = options
        self._control = SandboxControl(sandbox_url)
        self._chance = random.Random(options.seed + 1)  # noqa: S311 - repeatable chance, guards nothing
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.armed: Counter[str] = Counter()

    def start(self) -> None:
        # A moment on each side of a creation, in which it can be interrupted.
        for when in ("before", "after"):
            self._control.arm(
                Fault(route=_CREATE, kind="latency", seconds=0.06, when=when, times=None)
            )
        # The old refresh token stays good: a worker that dies between getting and storing a new
        # one would cost the account, which no engine can prevent.
        self._control.change_settings(rotation="lenient", spam_after=None)
        self._thread.start()

    def clear_up(self) -> None:
        """End all faults."""
        self.stop()
        self._control.clear_faults()

    def stop(self) -> None:
        """Arm no more; what is armed stays."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        upcoming: list[Weather] = []
        while not self._over.wait(_PAUSE_S * self._chance.uniform(0.5, 1.5)):
            if not upcoming:
                upcoming = self._chance.sample(WEATHER, len(WEATHER))
            name, faults = upcoming.pop()
            for fault in faults(self._chance, self._options):
                self._control.arm(fault)
            self.armed[name] += 1
