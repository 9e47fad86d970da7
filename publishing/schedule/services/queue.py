"""Taking the next free slot. The database lets one Pin of an account into each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import Connection, User, Workspace
from publishing.models import Pin
from publishing.pins.selectors.preferences import preferences_of
from publishing.pins.services import pins
from publishing.pins.services.pins import PinContent, Plan
from publishing.schedule.policy.repeats import ANY_DISTANCE, Shelf
from publishing.schedule.selectors.queue import free_slots
from publishing.schedule.selectors.repeats import (
    Candidate,
    Schedule,
    candidate_of,
    distance_of,
    shown_of,
)

Written = TypeVar("Written")

_TRIES = 50
"""Every loss of a race is somebody else's Pin in that slot: so many at once are not people."""

SPACED_SLOTS = 500
"""How many free slots are looked at for one that is far enough from the same link or picture."""


class NoFreeSlot(Exception):
    """The account has no slot for the Pin; the text says what to do."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(
            f"{connection} has no free slot. Add slots to its queue, or choose a time yourself."
        )


@dataclass(frozen=True, slots=True)
class Queued:
    """The slot a Pin was given, and how many free ones before it were too near to a repeat."""

    at: datetime
    passed: int


def create_in_slot(
    *,
    workspace: Workspace,
    by: User,
    content: PinContent,
    plan: Plan,
    now: datetime,
    series: UUID | None = None,
) -> Pin:
    """Write a Pin into the slot of its plan, or the next free one where that is taken by now.

    Raises NoFreeSlot.
    """

    def write(at: datetime) -> Pin:
        placed = Plan(at=at, time_zone=plan.time_zone, slot_at=at, repeats=plan.repeats)
        return pins.create_pin(
            workspace=workspace, by=by, content=content, plan=placed, now=now, series=series
        )

    return _into_a_slot(_connection_of(content), plan, write)


def rewrite_in_slot(*, pin: Pin, by: User, content: PinContent, plan: Plan, now: datetime) -> None:
    """Replace a Pin and put it into the slot of its plan, or the next free one.

    Raises NoFreeSlot and PinLocked.
    """

    def write(at: datetime) -> None:
        placed = Plan(at=at, time_zone=plan.time_zone, slot_at=at, repeats=plan.repeats)
        pins.rewrite_pin(pin=pin, by=by, content=content, plan=placed, now=now)

    _into_a_slot(_connection_of(content), plan, write, pin=pin)


def queue_pin(*, pin: Pin, by: User, now: datetime) -> Queued:
    """Put a complete Pin into the first free slot that is far enough from what it repeats.

    A Pin whose repeating is meant takes the first free one. Raises NoFreeSlot and PinLocked.
    """
    connection = pin.connection
    if connection is None:
        raise ValueError("A Pin without an account has no queue.")
    chosen = first_spaced_slot(connection, candidate_of(pin, at=now), after=now)
    if chosen is None:
        raise NoFreeSlot(connection)

    def write(at: datetime) -> datetime:
        plan = Plan(at=at, time_zone=pin.time_zone, slot_at=at, repeats=pin.repeats)
        pins.plan_pin(pin=pin, by=by, plan=plan, now=now)
        return at

    plan = Plan(at=chosen.at, time_zone=pin.time_zone, slot_at=chosen.at)
    return Queued(_into_a_slot(connection, plan, write, pin=pin), chosen.passed)


def first_spaced_slot(
    connection: Connection, candidate: Candidate, *, after: datetime
) -> Queued | None:
    """The account's first free slot after an instant that repeats nothing too soon."""
    workspace = connection.workspace
    preferences = preferences_of(workspace)
    distance = ANY_DISTANCE if candidate.on_purpose else distance_of(preferences)
    without = [candidate.pin_id] if candidate.pin_id else []
    free = free_slots(connection, after=after, preferences=preferences, without=without)
    schedule = Schedule(workspace, since=after - distance.others, without=without)
    shown = shown_of(candidate)
    asks = bool(distance) and shown.says_anything
    for passed, slot in enumerate(islice(free, SPACED_SLOTS)):
        shelf = schedule.until(slot.at + distance.others) if asks else Shelf([])
        if shelf.is_clear(shown, at=slot.at, distance=distance):
            return Queued(slot.at, passed)
    return None


def _into_a_slot(
    connection: Connection,
    plan: Plan,
    write: Callable[[datetime], Written],
    *,
    pin: Pin | None = None,
) -> Written:
    """Write into the planned slot; where another was quicker, into the next free one."""
    at = plan.slot_at
    if at is None:
        raise ValueError("A plan for the queue names a slot.")
    without = [pin.pk] if pin else []
    for _ in range(_TRIES):
        try:
            with transaction.atomic():
                return write(at)
        except IntegrityError:
            if not _is_taken(connection, at, without=without):
                raise
        free = free_slots(
            connection,
            after=at,
            preferences=preferences_of(connection.workspace),
            without=without,
        )
        following = next(free, None)
        if following is None:
            break
        at = following.at
    raise NoFreeSlot(connection)


def _is_taken(connection: Connection, at: datetime, *, without: list[UUID]) -> bool:
    there = Pin.objects.filter(connection=connection, slot_at=at)
    return there.exclude(pk__in=without).exists()


def _connection_of(content: PinContent) -> Connection:
    if content.connection is None:
        raise ValueError("A Pin without an account has no queue.")
    return content.connection
