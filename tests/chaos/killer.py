"""Kills processes at chosen moments of a Pin's life: kill -9, nothing is said goodbye to."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.faults import Fault
from sandbox.remote import SandboxControl
from tests.chaos.gates import Gate, Gates
from tests.chaos.ledger import Ledger
from tests.chaos.person import Person
from tests.chaos.stage import SCHEDULERS, WEB, WORKERS, Stage

_PATIENCE_S = 3.0
_LONGEST_HOLD_S = 6.0
_MOST_TRIES = 3
_LONGEST_PAUSE_S = 1.5


@dataclass(frozen=True, slots=True)
class Moment:
    """When a process is killed: its words in the table, and its share of all kills."""

    words: str
    share: float
    gate: Gate | None = None
    held: str = ""  # "before" or "after" the sandbox creates the Pin
    victims: tuple[str, ...] = WORKERS


AT_RANDOM = Moment("worker, at any moment", 4)
MOMENTS = (
    Moment("claim, before its commit", 6, Gate.CLAIMING),
    Moment("claim, in its commit; nothing handed out yet", 6, Gate.CLAIMED),
    Moment("attempt, before its commit", 8, Gate.ATTEMPT_OPENING),
    Moment("attempt, in its commit; request not sent yet", 8, Gate.ATTEMPT_OPENED),
    Moment("request under way, Pin not created yet", 10, held="before"),
    Moment("Pin created, answer not sent yet", 10, held="after"),
    Moment("answer there, before the result's commit", 8, Gate.RESULT_ARRIVING),
    Moment("result, in its commit", 8, Gate.RESULT_STORED),
    Moment("dead worker's Pin, before it counts as uncertain", 2, Gate.GIVING_UP),
    Moment("dead worker's Pin, in that commit", 2, Gate.GIVEN_UP),
    Moment("look at the board, before its commit", 3, Gate.LOOK_BEGINNING),
    Moment("look at the board, begun", 4, Gate.LOOK_BEGUN),
    Moment("Pin found, before the commit that adopts it", 3, Gate.ADOPTING),
    Moment("Pin found, in the commit that adopts it", 3, Gate.ADOPTED),
    Moment("web: “Publish now”, before its commit", 3, Gate.PLANNING, victims=(WEB,)),
    Moment("web: “Publish now”, in its commit", 3, Gate.PLANNED, victims=(WEB,)),
    Moment("scheduler, at any moment", 9, victims=SCHEDULERS),
    AT_RANDOM,
)


def plan_kills(count: int, *, chance: random.Random) -> list[Moment]:
    """That many moments by their shares, in any order; a short run has the weightiest."""
    total = sum(moment.share for moment in MOMENTS)
    by_share = sorted(MOMENTS, key=lambda moment: -moment.share)
    planned = by_share[:count]
    while len(planned) < count:
        planned += [m for m in by_share for _ in range(max(1, round(count * m.share / total) - 1))]
    planned = planned[:count]
    chance.shuffle(planned)
    return planned


class Killer:
    """Carries out one kill after another."""

    def __init__(
        self,
        stage: Stage,
        *,
        gates: Gates,
        ledger: Ledger,
        person: Person,
        chance: random.Random,
        pulse: Callable[[], None],
    ) -> None:
        self._stage = stage
        self._gates = gates
        self._ledger = ledger
        self._person = person
        self._chance = chance
        self._pulse = pulse
        self._control = SandboxControl(stage.sandbox_url)
        self._tries: Counter[Moment] = Counter()
        self.kills: Counter[Moment] = Counter()

    @property
    def done(self) -> int:
        return self.kills.total()

    def kill_at(self, moment: Moment) -> bool:
        """Wait for a process to come to the moment and kill it; False when none came.

        After a few tries in vain a worker is killed at any moment instead.
        """
        self._wait_until_somebody_works(moment)
        victim = self._strike(moment)
        if victim is None:
            self._tries[moment] += 1
            if self._tries[moment] % _MOST_TRIES or moment is AT_RANDOM:
                return False
            moment = AT_RANDOM
            victim = self._strike(moment)
        if victim is None:
            return False
        self.kills[moment] += 1
        return True

    def close(self) -> None:
        self._control.release_held()
        self._control.close()

    def _wait_until_somebody_works(self, moment: Moment) -> None:
        give_up_at = time.monotonic() + 30
        crew = moment.victims
        while not any(self._stage.is_ready(name) for name in crew):
            if time.monotonic() > give_up_at:
                return
            self._pulse()
            time.sleep(0.05)

    def _strike(self, moment: Moment) -> str | None:
        if moment.held:
            return self._kill_while_held(moment.held)
        if moment.gate is not None:
            return self._kill_at_gate(moment.gate, moment.victims)
        return self._kill_any(moment.victims)

    def _kill_at_gate(self, gate: Gate, victims: tuple[str, ...]) -> str | None:
        if WEB in victims:
            if not self._person.has_drafts:
                return None
            self._person.ask_to_publish()
        with self._gates.closed(gate, patience=_PATIENCE_S) as name:
            if name not in victims:
                return None
            self._kill(name)
            return name

    def _kill_while_held(self, when: str) -> str | None:
        fault = Fault(route="POST /v5/pins", kind="hold", seconds=_LONGEST_HOLD_S, when=when)
        self._control.arm(fault)
        give_up_at = time.monotonic() + _PATIENCE_S
        try:
            while time.monotonic() < give_up_at:
                if victim := self._sender_of_held(when):
                    self._kill(victim)
                    return victim
                time.sleep(0.02)
            return None
        finally:
            self._control.release_held()

    def _sender_of_held(self, when: str) -> str | None:
        for call in self._control.held():
            workers = self._ledger.workers_sending(call.title or "")
            # Twins may be under way in both workers: then it can't be told whose this one is.
            if call.when == when and len(workers) == 1:
                return self._stage.worker_of(workers[0])
        return None

    def _kill_any(self, victims: tuple[str, ...]) -> str | None:
        ready = [name for name in victims if self._stage.is_ready(name)]
        if not ready:
            return None
        victim = self._chance.choice(ready)
        self._kill(victim)
        return victim

    def _kill(self, name: str) -> None:
        self._stage.kill(name, back_after=self._chance.uniform(0, _LONGEST_PAUSE_S))
