"""Whose Pins go out next when more are due than can be sent at once. Pure.

A board gets one Pin at a time, so that its Pins come in the order they were planned in. Accounts
share what can be taken in hand, the smallest wishes first, so that the many Pins of one never delay
the few of another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Final, NamedTuple

from accounts.limits.policy import share

MOST_IN_HAND: Final = 100
"""Pins that wait for a worker or are being sent. More would wait longer than a claim lasts."""

MOST_IN_HAND_PER_ACCOUNT: Final = 10
"""Enough for 100 Pins a minute when each takes 6 seconds, and few to queue up behind."""

MOST_FOLLOWING: Final = MOST_IN_HAND // 2
"""While so many are in hand, no Pin follows the one before it on its board but by the sharing out
of a tick: long boards would keep what they have for themselves."""


class DuePin(NamedTuple):
    """A Pin whose time has come. `board_id` is Pinterest's, which several accounts may share."""

    pin_id: str
    connection_id: str
    board_id: str


class InHand(NamedTuple):
    """A Pin that a worker has been given; `is_counted` by the limits once it is being sent."""

    connection_id: str
    board_id: str
    is_counted: bool


def first_of_each_board(due: Iterable[DuePin], in_hand: Iterable[InHand]) -> list[DuePin]:
    """The Pin whose turn it is at each board that has none in hand. `due`: longest due first."""
    taken = {each.board_id for each in in_hand}
    first: list[DuePin] = []
    for pin in due:
        if pin.board_id not in taken:
            taken.add(pin.board_id)
            first.append(pin)
    return first


def share_out(
    first: Sequence[DuePin],
    *,
    in_hand: Sequence[InHand],
    free: Mapping[str, int],
    limit: int,
) -> list[DuePin]:
    """Whom of `first` to take in hand now, at most `limit`, in the order to send them.

    `free` says how many calls each account may make now.
    """
    held = Counter(each.connection_id for each in in_hand)
    spoken_for = Counter(each.connection_id for each in in_hand if not each.is_counted)
    waiting: dict[str, list[DuePin]] = {}
    for pin in first:
        waiting.setdefault(pin.connection_id, []).append(pin)
    wishes = {
        account: max(
            min(
                len(pins),
                free.get(account, 0) - spoken_for[account],
                MOST_IN_HAND_PER_ACCOUNT - held[account],
            ),
            0,
        )
        for account, pins in waiting.items()
    }
    room = max(min(limit, MOST_IN_HAND - len(in_hand)), 0)
    shares = share(room, wishes)
    rounds = zip_longest(*(pins[: shares[account]] for account, pins in waiting.items()))
    return [pin for each_one in rounds for pin in each_one if pin is not None]
