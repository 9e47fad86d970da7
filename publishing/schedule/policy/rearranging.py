"""Giving a queue's Pins the coming slots anew, with repeats apart. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from publishing.schedule.policy.repeats import Distance, Shelf, Shown


@dataclass(frozen=True, slots=True)
class Waiting:
    """A Pin that waits in the queue: what it shows and when so far; `on_purpose` may repeat."""

    shown: Shown
    on_purpose: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A Pin's instant before and after; the same where it stays."""

    pin_id: str
    before: datetime
    after: datetime


def shuffled(waiting: Sequence[Waiting], *, seed: str) -> list[Waiting]:
    """Another order, the same for the same seed."""
    return sorted(
        waiting, key=lambda each: hashlib.sha256(f"{seed}:{each.shown.id}".encode()).digest()
    )


def rearrange(
    waiting: Sequence[Waiting],
    *,
    slots: Iterable[datetime],
    others: Iterable[Shown],
    distance: Distance,
) -> list[Move]:
    """Give each slot the first Pin in line that repeats nothing there, in the order of slots.

    A slot in which each Pin left would repeat something stays free. Pins for which no slot is left
    keep their instants.
    """
    shelf, line, moves = Shelf(others), list(waiting), []
    not_before: dict[str, datetime] = {}
    for at in slots:
        if not line:
            break
        chosen = _first_clear(line, at, shelf=shelf, distance=distance, not_before=not_before)
        if chosen is None:
            continue
        line.remove(chosen)
        shelf.add(replace(chosen.shown, at=at))
        moves.append(Move(chosen.shown.id, chosen.shown.at, at))
    return [*moves, *(Move(each.shown.id, each.shown.at, each.shown.at) for each in line)]


def digest(moves: Iterable[Move]) -> str:
    """What a person has seen and agreed to, in 64 hex digits."""
    text = "\n".join(
        f"{move.pin_id} {move.before.isoformat()} {move.after.isoformat()}" for move in moves
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _first_clear(
    line: list[Waiting],
    at: datetime,
    *,
    shelf: Shelf,
    distance: Distance,
    not_before: dict[str, datetime],
) -> Waiting | None:
    for each in line:
        pin_id = each.shown.id
        if each.on_purpose or not distance:
            return each
        if pin_id in not_before and at < not_before[pin_id]:
            continue
        clear = shelf.first_clear(each.shown, since=at, distance=distance)
        if clear == at:
            return each
        # More is put onto the shelf, never less: it need not be looked at again until then.
        not_before[pin_id] = clear
    return None
