"""Give each attempt one Pin and each Pin one attempt, where the evidence is equal. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Choices = Mapping[int, Sequence[str]]
"""Which Pins each attempt may have made; attempts and Pins in the order of their times."""


def assign(choices: Choices) -> dict[int, str]:
    """Pair off as many attempts as possible, earlier attempts first, in the order of time.

    An attempt once paired stays paired: a later one may only move it to another Pin.
    """
    owners: dict[str, int] = {}
    for attempt in choices:
        _find_pin(attempt, choices, owners, set())
    return _untangle({attempt: pin for pin, attempt in owners.items()}, choices)


def _find_pin(attempt: int, choices: Choices, owners: dict[str, int], tried: set[str]) -> bool:
    free = next((pin for pin in choices[attempt] if pin not in owners), None)
    if free is not None:
        owners[free] = attempt
        return True
    for pin in choices[attempt]:
        if pin not in tried:
            tried.add(pin)
            if _find_pin(owners[pin], choices, owners, tried):
                owners[pin] = attempt
                return True
    return False


def _untangle(pairs: dict[int, str], choices: Choices) -> dict[int, str]:
    """Let the earlier of two attempts have the earlier of their Pins where both may have both."""
    attempts = [attempt for attempt in choices if attempt in pairs]
    for index, earlier in enumerate(attempts):
        for later in attempts[index + 1 :]:
            if _may_swap(earlier, later, pairs, choices):
                pairs[earlier], pairs[later] = pairs[later], pairs[earlier]
    return pairs


def _may_swap(earlier: int, later: int, pairs: dict[int, str], choices: Choices) -> bool:
    ours, theirs = choices[earlier], choices[later]
    mine, other = pairs[earlier], pairs[later]
    return other in ours and mine in theirs and ours.index(other) < ours.index(mine)
