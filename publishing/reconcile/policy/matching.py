"""Which Pin on the board is ours, after an answer that did not say. Pure.

The rule is asked for all uncertain attempts of a board together, so that two Pins that were meant
to be the same are told apart by their number and their times.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from publishing.pins.policy.leases import SENDING_LEASE
from publishing.reconcile.policy.pairing import Choices, assign
from publishing.reconcile.policy.similarity import Found, Likeness, Sent, compare

__all__ = [
    "Finding",
    "Found",
    "Match",
    "Nothing",
    "Sent",
    "Several",
    "listing_is_conclusive",
    "listing_reach",
    "match_all",
]

CLOCK_SKEW: Final = timedelta(minutes=2)
"""How far our clock and Pinterest's may be apart. Machines that keep time differ by far less;
`created_at` has whole seconds besides."""

LATEST_APPLICATION: Final = timedelta(minutes=5)
"""The assumption: Pinterest applies a request at most so long after we stopped waiting for it."""

LIST_DISORDER: Final = timedelta(minutes=1)
"""How much newer a Pin may be than the one listed before it in a list that is newest first."""


@dataclass(frozen=True, slots=True)
class Match:
    """This Pin is ours: adopt it."""

    pinterest_id: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """None of the listed Pins is ours; proof of absence only when the listing is conclusive."""


@dataclass(frozen=True, slots=True)
class Several:
    """These Pins may be ours (perhaps a single one, not alike enough): a person decides.

    Oldest first. Never empty.
    """

    pinterest_ids: tuple[str, ...]


Finding = Match | Nothing | Several


@dataclass(frozen=True, slots=True)
class _Pair:
    sent: Sent
    found: Found
    likeness: Likeness

    @property
    def is_sure(self) -> bool:
        return self.likeness.is_sure and self.found.created_at is not None


def listing_reach(sent: Sent) -> datetime:
    """How far back the board's Pins must be read for this attempt."""
    return sent.started_at - CLOCK_SKEW


def listing_is_conclusive(listed: Sequence[Found], *, end_reached: bool, sent: Sent) -> bool:
    """Whether `listed`, in Pinterest's order, would show a Pin this attempt made.

    It reaches the list's end, or is newest first and goes back beyond `listing_reach`. People can
    arrange a board by hand: such a list, or one with undated Pins, must be read to its end.
    """
    if end_reached:
        return True
    dates = [found.created_at for found in listed if found.created_at is not None]
    if not dates or len(dates) < len(listed):
        return False
    in_order = all(later <= earlier + LIST_DISORDER for earlier, later in pairwise(dates))
    return in_order and dates[-1] < listing_reach(sent)


def match_all(
    sent: Iterable[Sent], found: Iterable[Found], owned_ids: Collection[str]
) -> dict[int, Finding]:
    """Say for each uncertain attempt, by its id, which of the board's Pins is its own.

    Give every attempt of the board whose outcome is unknown, those under way included, and every
    Pin id the ledger owns there, whichever workspace it belongs to. Read both after the listing:
    whatever of ours is in the list was then written down before, as one or the other. Each Pin
    is matched at most once, an owned one never. The order of `sent` and `found` does not matter.
    """
    attempts = sorted(sent, key=lambda one: (one.started_at, one.attempt_id))
    pairs = _pair_up(attempts, found, frozenset(owned_ids))
    settling = _Settling(attempts=attempts)
    sure = [pair for pair in pairs if pair.is_sure]
    for rank in sorted({pair.likeness.rank for pair in sure}, reverse=True):
        settling.settle([pair for pair in sure if pair.likeness.rank == rank])
    return settling.conclude(pairs)


def _pair_up(
    attempts: Sequence[Sent], found: Iterable[Found], owned_ids: frozenset[str]
) -> list[_Pair]:
    """All pairs that are at all possible, in the order of the attempts' and the Pins' times."""
    unique = {pin.pinterest_id: pin for pin in found if pin.pinterest_id not in owned_ids}
    pins = sorted(unique.values(), key=_by_age)
    pairs = [
        _Pair(one, pin, compare(one, pin))
        for one in attempts
        for pin in pins
        if _may_have_made(one, pin)
    ]
    return [pair for pair in pairs if pair.is_sure or pair.likeness.is_possible]


def _by_age(found: Found) -> tuple[float, str]:
    moment = found.created_at
    return (moment.timestamp() if moment else float("inf"), found.pinterest_id)


def _may_have_made(sent: Sent, found: Found) -> bool:
    if found.board_id not in (None, "", sent.board_id):
        return False
    if found.created_at is None:
        return True
    given_up_at = sent.finished_at or sent.started_at + SENDING_LEASE
    latest = given_up_at + LATEST_APPLICATION + CLOCK_SKEW
    # Pinterest cuts the fraction off its seconds; the skew has room for that.
    return listing_reach(sent) <= found.created_at <= latest


@dataclass(slots=True)
class _Settling:
    """What is settled so far, going from the best likeness to the least that is still sure."""

    attempts: Sequence[Sent]
    findings: dict[int, Finding] = field(default_factory=dict)
    adopted: set[str] = field(default_factory=set)
    contested: set[str] = field(default_factory=set)

    def settle(self, pairs: Iterable[_Pair]) -> None:
        """Settle what can be settled by pairs of equal rank."""
        choices = self._open_choices(pairs)
        owners = assign(choices)
        unsure = _find_unsure(choices, owners, {one.attempt_id: one for one in self.attempts})
        firm = {attempt: pin for attempt, pin in owners.items() if attempt not in unsure}
        self.adopted.update(firm.values())
        self.findings.update({attempt: Match(pin) for attempt, pin in firm.items()})
        for attempt in unsure:
            candidates = [pin for pin in choices[attempt] if pin not in self.adopted]
            self.contested.update(candidates)
            self.findings[attempt] = Several(tuple(candidates))

    def conclude(self, pairs: Sequence[_Pair]) -> dict[int, Finding]:
        """The findings, with what is left for those that got no Pin of their own."""
        left: dict[int, list[str]] = {one.attempt_id: [] for one in self.attempts}
        for pair in pairs:
            if pair.found.pinterest_id not in self.adopted:
                left[pair.sent.attempt_id].append(pair.found.pinterest_id)
        return {
            attempt: self.findings.get(attempt, Several(tuple(pins)) if pins else Nothing())
            for attempt, pins in left.items()
        }

    def _open_choices(self, pairs: Iterable[_Pair]) -> dict[int, list[str]]:
        choices: dict[int, list[str]] = {}
        for pair in pairs:
            attempt, pin = pair.sent.attempt_id, pair.found.pinterest_id
            if attempt not in self.findings and pin not in self.adopted | self.contested:
                choices.setdefault(attempt, []).append(pin)
        return choices


def _find_unsure(choices: Choices, owners: dict[int, str], sent: dict[int, Sent]) -> set[int]:
    """The attempts whose Pin could as well be another's, where that makes a difference.

    That is so when a chain of swaps would free one Pin and use another, would hand an attempt's
    Pin to a different one and back, or to a different one that has none. Swaps among attempts
    that sent the very same do not matter.
    """
    holders = {pin: attempt for attempt, pin in owners.items()}
    next_to = {
        attempt: {holders[pin] for pin in pins if pin in holders}
        for attempt, pins in choices.items()
    }
    near_free_pin = {
        attempt for attempt, pins in choices.items() if any(pin not in holders for pin in pins)
    }
    reach = {attempt: _reachable(attempt, next_to) for attempt in choices}
    unsure: set[int] = set()
    for attempt, others in reach.items():
        differing = {other for other in others if not sent[other].equals(sent[attempt])}
        if attempt not in owners:
            unsure |= others if differing else set()
        elif others & near_free_pin or any(attempt in reach[other] for other in differing):
            unsure.add(attempt)
    return unsure


def _reachable(start: int, next_to: dict[int, set[int]]) -> set[int]:
    """Attempts that could come to another Pin in a chain of swaps that begins with `start`."""
    seen = {start}
    waiting = [start]
    while waiting:
        further = next_to[waiting.pop()] - seen
        seen |= further
        waiting.extend(further)
    return seen
