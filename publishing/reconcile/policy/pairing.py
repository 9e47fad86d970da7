"""Give each attempt one Pin and each Pin one attempt, where the evidence is equal. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

Choices = Mapping[int, Sequence[str]]
"""Which Pins each attempt may have made; attempts and Pins in the order of their times."""


def assign(choices: Choices) -> dict[int, str]:
    """Pair off as many attempts as possible, earlier attempts first, in the order of time.

    An attempt once paired stays paired: a later one may only move it to another Pin.
    """
    pairs: dict[int, str] = {}
    for attempt in choices:
        _find_room(attempt, choices, pairs)
    orders = {
        attempt: {pin: place for place, pin in enumerate(choices[attempt])}
        for attempt in choices
        if attempt in pairs
    }
    # A sum, not any(): a whole round of swaps before the next one begins.
    while sum(_swap_into_order(*two, pairs, orders) for two in combinations(orders, 2)):
        pass
    return pairs


def _find_room(attempt: int, choices: Choices, pairs: dict[int, str]) -> None:
    """Give `attempt` a free Pin by the shortest chain of moves, if there is one."""
    holders = {pin: holder for holder, pin in pairs.items()}
    wanted_by: dict[str, int] = {}
    waiting = [attempt]
    for current in waiting:
        for pin in choices[current]:
            if pin in wanted_by:
                continue
            wanted_by[pin] = current
            if pin not in holders:
                _move_along(pin, wanted_by, pairs)
                return
            waiting.append(holders[pin])


def _move_along(free: str, wanted_by: Mapping[str, int], pairs: dict[int, str]) -> None:
    vacant: str | None = free
    while vacant is not None:
        taker = wanted_by[vacant]
        left = pairs.get(taker)
        pairs[taker] = vacant
        vacant = left


def _swap_into_order(
    one: int, other: int, pairs: dict[int, str], orders: Mapping[int, Mapping[str, int]]
) -> bool:
    """Let the earlier of two attempts have the earlier of their Pins where both may have both."""
    first, second = pairs[one], pairs[other]
    order = orders[one]
    if first not in orders[other] or order.get(second, order[first]) >= order[first]:
        return False
    pairs[one], pairs[other] = second, first
    return True
