"""What people do with an account's slots. Pins that stand in a slot keep their times."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db import transaction

from accounts.models import Connection
from publishing.choices.statuses import PinStatus
from publishing.models import Pin, Slot
from publishing.pins.selectors.preferences import preferences_of
from publishing.schedule.policy.slots import Preset, occurrences
from publishing.schedule.selectors.queue import clock_rules

MOST_SLOTS = 210
"""Thirty a day: more is a slip, and more than Pinterest's own advice."""


class TooManySlots(Exception):
    """The week is full; the text says what to do."""

    def __str__(self) -> str:
        return f"An account can have {MOST_SLOTS} slots a week. Remove some first."


def add_slots(*, connection: Connection, weekdays: Iterable[int], clock: time, zone: str) -> int:
    """Add one time on several days (0 is Monday); returns how many were not there yet."""
    times = [(weekday, clock, zone) for weekday in weekdays]
    return _add(connection, times)


def copy_day(*, connection: Connection, weekday: int, to: Iterable[int]) -> int:
    """Give other days the slots of one, beside their own; returns how many were new."""
    slots = connection.slots.filter(weekday=weekday)
    times = [(day, slot.clock, slot.time_zone) for slot in slots for day in to if day != weekday]
    return _add(connection, times)


def apply_preset(*, connection: Connection, preset: Preset, zone: str) -> int:
    """Add the slots of a preset, beside those that are there; returns how many were new."""
    times = [(day, clock, zone) for day in preset.weekdays for clock in preset.clocks]
    return _add(connection, times)


def remove_slot(*, slot: Slot, now: datetime) -> int:
    """Remove a slot; returns how many Pins stand in it, which keep their times."""
    with transaction.atomic():
        staying = _count_pins_in(slot, now=now)
        slot.delete()
    return staying


def _add(connection: Connection, times: Iterable[tuple[int, time, str]]) -> int:
    with transaction.atomic():
        rows = [
            Slot(connection=connection, weekday=weekday, clock=clock, time_zone=zone)
            for weekday, clock, zone in times
        ]
        before = connection.slots.count()
        Slot.objects.bulk_create(rows, ignore_conflicts=True)
        after = connection.slots.count()
        if after > MOST_SLOTS:
            raise TooManySlots
    return after - before


def _count_pins_in(slot: Slot, *, now: datetime) -> int:
    places = set(
        Pin.objects.filter(
            connection=slot.connection, status=PinStatus.SCHEDULED, slot_at__gt=now
        ).values_list("slot_at", flat=True)
    )
    if not places:
        return 0
    rules = clock_rules(preferences_of(slot.connection.workspace))
    until = max(at for at in places if at) + timedelta(seconds=1)
    coming = occurrences([slot.slot_time], since=now, until=until, rules=rules)
    return sum(1 for each in coming if each.at in places)
