"""What rearranging an account's queue would move."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from accounts.models import Connection
from publishing.models import Pin
from publishing.pins.selectors.preferences import preferences_of
from publishing.schedule.policy.rearranging import Move, Waiting, rearrange, shuffled
from publishing.schedule.policy.repeats import Shown
from publishing.schedule.selectors.queue import free_slots
from publishing.schedule.selectors.repeats import distance_of, shown_between

SPARE_SLOTS = 300
"""How many slots more than Pins are looked at, for those that must stay apart."""


def plan_rearrangement(
    connection: Connection, pins: Sequence[Pin], *, seed: str, now: datetime
) -> list[Move]:
    """Where queued Pins would go: in their order, or shuffled by a seed (empty: in order).

    Four queries, however many Pins.
    """
    workspace = connection.workspace
    preferences = preferences_of(workspace)
    distance = distance_of(preferences)
    pin_ids = [pin.pk for pin in pins]
    wanted = len(pins) + SPARE_SLOTS
    free = free_slots(
        connection, after=now, preferences=preferences, without=pin_ids, at_once=wanted
    )
    slots = [each.at for each in islice(free, wanted)]
    others: list[Shown] = []
    if distance:
        until = max([now, *slots[-1:]]) + distance.others
        others = shown_between(workspace, since=now - distance.others, until=until, without=pin_ids)
    waiting = [_waiting(pin, now=now) for pin in pins]
    line = shuffled(waiting, seed=seed) if seed else waiting
    return rearrange(line, slots=slots, others=others, distance=distance)


def _waiting(pin: Pin, *, now: datetime) -> Waiting:
    media = pin.media
    shown = Shown(
        id=str(pin.pk),
        at=pin.slot_at or now,
        link_key=pin.link_key,
        likeness=media.likeness if media else "",
        file=media.sha256 if media else "",
        series=str(pin.series or ""),
    )
    return Waiting(shown, on_purpose=pin.repeats)
