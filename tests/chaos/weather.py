"""What goes wrong at Pinterest meanwhile: faults of the sandbox, armed one after another."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence

from sandbox.faults import Fault
from sandbox.remote import SandboxControl
from tests.chaos.options import Options

_CREATE = "POST /v5/pins"
_LIST = "GET /v5/boards/*/pins"
FAULTS_OF_A_PIN = 0.2
"""Faults armed for each Pin that becomes due; most strike two to four calls."""

EARLY = 0.5
"""Faults that keep a Pin from being created come in this first part of a run. Whether to send a
Pin a third time is for a person to say, and there shall be few such."""

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
    return [Fault(route=_CREATE, kind="status", status=400, when="after")]


def _went_wrong_before(chance: random.Random, options: Options) -> Sequence[Fault]:
    return [Fault(route=_CREATE, kind="status", status=400)]


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
    ("created, “Something went wrong on our end”", _went_wrong),
    ("not created, “Something went wrong on our end”", _went_wrong_before),
    ("slow", _slow),
    ("answered after the sending lease", _slower_than_the_lease),
    ("429", _rate_limited),
    ("token dead at the door", _token_dead),
    ("lists answer 5xx", _lists_fail),
    ("lists drop the connection", _lists_drop),
    ("lists lag", _lists_lag),
    ("lists come in odd pages", _lists_odd),
)


NOT_CREATED = (_error_before, _dropped_before, _went_wrong_before)


class WeatherMaker:
    """Arms one fault after another, as many as fit the Pins that have become due."""

    def __init__(self, options: Options, sandbox_url: str) -> None:
        self._options = options
        self._control = SandboxControl(sandbox_url)
        self._chance = random.Random(options.seed + 1)  # noqa: S311 - repeatable chance
        self._upcoming: list[Weather] = []
        self.armed: Counter[str] = Counter()

    def start(self) -> None:
        """Set the climate: what is so all the time."""
        # A moment on each side of a creation, in which it can be interrupted.
        for when in ("before", "after"):
            self._control.arm(
                Fault(route=_CREATE, kind="latency", seconds=0.06, when=when, times=None)
            )
        # The old refresh token stays good: a worker that dies between getting and storing a new
        # one would cost the account, which no engine can prevent.
        self._control.change_settings(rotation="lenient", spam_after=None)

    def keep_up(self, *, due: int, share: float) -> None:
        """Arm what is due for `due` Pins, `share` of the run being over."""
        while self.armed.total() < due * FAULTS_OF_A_PIN:
            if not self._upcoming:
                self._upcoming = self._chance.sample(WEATHER, len(WEATHER))
            name, faults = self._upcoming.pop()
            if share > EARLY and faults in NOT_CREATED:
                name, faults = WEATHER[0]
            for fault in faults(self._chance, self._options):
                self._control.arm(fault)
            self.armed[name] += 1

    def clear_up(self) -> None:
        """End all faults."""
        self._control.clear_faults()

    def close(self) -> None:
        self._control.close()
