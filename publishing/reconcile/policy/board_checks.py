"""When to look again for a Pin whose fate is unknown, and when looking is over. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Final

from publishing.choices.board_checks import AskReason, LookResult
from publishing.pins.policy.leases import LOOK_DELAYS

LOOKOUT: Final = LOOK_DELAYS[-1]
"""How long a Pin of ours may stay out of the board's list: five minutes in which Pinterest may
still apply the request, and ten for the list to catch up."""

LOOKS_NEEDED: Final = 3
"""Conclusive looks before absence is believed: one empty list may be a freak."""

LOOK_SPACING: Final = timedelta(minutes=1)
"""Between looks after the last planned one, as after an outage of our own."""

SEVERAL_SETTLES: Final = timedelta(minutes=2)
"""How long a list may still be catching up while it shows only Pins that are like ours."""

FIRST_RETRY: Final = timedelta(seconds=30)
LONGEST_RETRY: Final = timedelta(minutes=15)
"""Waits after looks that failed: doubling from the first to the longest."""

ONE_MORE_SEND: Final = (LOOKOUT,)
"""When a Pin proved absent is sent once more, since it became uncertain."""

FAULT_SENDS: Final = (timedelta(minutes=15), timedelta(minutes=60), timedelta(minutes=240))
"""The same for "Something went wrong on our end" (a 400): such faults of Pinterest's heal within
hours, so it is sent three more times, each after a longer wait and a look at the end of it."""

MOST_LOOKS: Final = 60
"""After so many looks (14 hours of failing ones) a person is asked. Counted in looks, not hours:
a server that was switched off for days still looks before it asks."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the board, and what it showed."""

    looked_at: datetime
    result: LookResult


@dataclass(frozen=True, slots=True)
class LookAt:
    """Look at the board, at `when` or as soon after as may be."""

    when: datetime


@dataclass(frozen=True, slots=True)
class ResendAllowed:
    """The Pin does not exist as far as can be known: send it once more."""


@dataclass(frozen=True, slots=True)
class AskPerson:
    """Hold the Pin and ask on its page."""

    reason: AskReason


NextStep = LookAt | ResendAllowed | AskPerson


def next_look(
    looks: Sequence[Look],
    *,
    first_uncertain_at: datetime,
    now: datetime,
    resends: int = 0,
    was_fault: bool = False,
) -> NextStep:
    """What to do after `looks` (oldest first) for a Pin uncertain since `first_uncertain_at`.

    For a Pin that was sent again (`resends` times), give the looks and the moment of the last
    attempt. `was_fault` says that Pinterest called that one a fault of its own.
    """
    if _shows_several(looks, since=first_uncertain_at):
        return AskPerson(AskReason.SEVERAL)
    if _proves_absence(looks, since=first_uncertain_at):
        waits = FAULT_SENDS if was_fault else ONE_MORE_SEND
        return _act_on_absence(looks, waits[resends:], since=first_uncertain_at, now=now)
    if len(looks) >= MOST_LOOKS:
        return AskPerson(AskReason.NO_ANSWER)
    return LookAt(max(now, _plan_look(looks, since=first_uncertain_at)))


def foresee(
    looks: Sequence[Look],
    *,
    first_uncertain_at: datetime,
    now: datetime,
    resends: int = 0,
    was_fault: bool = False,
) -> tuple[datetime, ResendAllowed | AskPerson]:
    """When it is known at the latest what became of the Pin, and what follows then.

    As if every look to come succeeded and showed nothing: found, it is known earlier. The same
    arguments as `next_look`.
    """
    history = list(looks)
    while True:
        step = next_look(
            history,
            first_uncertain_at=first_uncertain_at,
            now=now,
            resends=resends,
            was_fault=was_fault,
        )
        if not isinstance(step, LookAt):
            return now, step
        now = step.when
        history.append(Look(now, LookResult.NOTHING))


def _shows_several(looks: Sequence[Look], *, since: datetime) -> bool:
    last = looks[-1] if looks else None
    return (
        last is not None
        and last.result is LookResult.SEVERAL
        and last.looked_at - since >= SEVERAL_SETTLES
    )


def _proves_absence(looks: Sequence[Look], *, since: datetime) -> bool:
    conclusive = [look for look in looks if look.result is not LookResult.INCONCLUSIVE]
    return (
        len(conclusive) >= LOOKS_NEEDED
        and conclusive[-1].result is LookResult.NOTHING
        and conclusive[-1].looked_at - since >= LOOKOUT
    )


def _act_on_absence(
    looks: Sequence[Look], waits: Sequence[timedelta], *, since: datetime, now: datetime
) -> NextStep:
    if any(look.result is LookResult.SEVERAL for look in looks):
        return AskPerson(AskReason.VANISHED)
    if not waits:
        return AskPerson(AskReason.SENT_TWICE)
    proven = [look for look in looks if look.result is LookResult.NOTHING]
    if proven[-1].looked_at - since >= waits[0]:
        return ResendAllowed()
    if len(looks) >= MOST_LOOKS:
        return AskPerson(AskReason.NO_ANSWER)
    # Nothing is sent on old proof: it is looked at once more when the time has come.
    failed = looks[-1].result is LookResult.INCONCLUSIVE
    return LookAt(max(now, since + waits[0], *([_plan_look(looks, since=since)] if failed else [])))


def _plan_look(looks: Sequence[Look], *, since: datetime) -> datetime:
    if not looks:
        return since + LOOK_DELAYS[0]
    last = looks[-1]
    if last.result is LookResult.INCONCLUSIVE:
        return last.looked_at + _retry_wait(looks)
    planned = (since + delay for delay in LOOK_DELAYS)
    return next((when for when in planned if when > last.looked_at), last.looked_at + LOOK_SPACING)


def _retry_wait(looks: Sequence[Look]) -> timedelta:
    failed = takewhile(lambda look: look.result is LookResult.INCONCLUSIVE, reversed(looks))
    streak = sum(1 for _ in failed)
    doublings = min(streak - 1, 10)  # more than enough for the longest; no overflow
    return min(FIRST_RETRY * (1 << doublings), LONGEST_RETRY)
