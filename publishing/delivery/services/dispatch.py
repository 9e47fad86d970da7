"""Handing due Pins out: a tick's round, and a board's next Pin when one is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from publishing.delivery.selectors.fair_share import next_due_at
from publishing.delivery.services import claims, engine, video_upload
from publishing.delivery.services.outages import treat_late_pins

Clock = Callable[[], datetime]
Pause = Callable[[float], None]

CLAIM_LIMIT: Final = 100
"""Pins taken in hand at a time; what is left waits for the next."""

SHORTEST_PAUSE: Final = timedelta(milliseconds=40)
"""Pins that become due within so short a time are claimed together."""

MOST_IN_A_ROW: Final = 4
LONGEST_ROW: Final = timedelta(seconds=2)
"""A worker goes on with a board for so many Pins or so long, and then lets others have its place: a
message through the broker costs about as much as sending does."""

RESTS: Final = 4
"""Times as long as a round took is waited before the next: where much is due, or the machine has
more to do than it can, looking must not take from sending."""


def hand_out_due(
    *, clock: Clock, span: timedelta = timedelta(0), pause: Pause = time.sleep
) -> Iterator[str]:
    """Claim what is due now, and what becomes due within `span`, each at its time.

    Gives the ids of Pins to send, as they come. Before that Pins are held that must not go out
    unasked, or can't.
    """
    now = clock()
    until = now + span
    claims.hold_due_without_connection(now=now)
    treat_late_pins(now=now)
    video_upload.put_off_unready(now=now)
    while True:
        yield from claims.claim_due(now=now, limit=CLAIM_LIMIT)
        due_at = next_due_at(after=now, before=until)
        if due_at is None:
            return
        done = clock()
        wait = max(due_at - done, SHORTEST_PAUSE, (done - now) * RESTS)
        if done + wait >= until:
            return  # the next tick comes sooner
        pause(wait.total_seconds())
        now = clock()


def publish_and_take_next(*, pin_id: str, worker: str, clock: Clock) -> str | None:
    """Send one claimed Pin, then take the next of its board in hand; returns that one's id."""
    board = engine.publish(pin_id=pin_id, worker=worker, clock=clock)
    return None if board is None else claims.claim_next(board, now=clock())


def publish_in_a_row(*, pin_id: str, worker: str, clock: Clock) -> str | None:
    """Send one claimed Pin and the next ones of its board, as long as a row may be.

    Returns the id of the Pin that was taken in hand last and is still to be sent, if there is one.
    """
    until = clock() + LONGEST_ROW
    following: str | None = pin_id
    for _ in range(MOST_IN_A_ROW):
        if following is None or clock() >= until:
            break
        following = publish_and_take_next(pin_id=following, worker=worker, clock=clock)
    return following
