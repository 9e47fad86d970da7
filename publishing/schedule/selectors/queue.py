"""An account's queue: its slots, what stands in them, and which ones are free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Q

from accounts.models import Connection, RowId
from publishing.choices.slots import SlotTime
from publishing.choices.statuses import PinStatus
from publishing.models import DoubledTime, MissingTime, Pin, PublishingPreferences, Slot
from publishing.pins.selectors.pins import with_cards
from publishing.schedule.policy.slots import ClockRules, Occurrence, occurrences, upcoming

_AT_ONCE = 100
_COMING = [PinStatus.SCHEDULED, PinStatus.CLAIMED, PinStatus.SENDING, PinStatus.HELD]


@dataclass(frozen=True, slots=True)
class Place:
    """A moment of the queue: a slot or None (it was removed meanwhile), and its Pins."""

    at: datetime
    slot: Occurrence | None
    pins: list[Pin]


def slots_of(connection: Connection) -> list[Slot]:
    """An account's slots through the week."""
    return list(connection.slots.order_by("weekday", "clock", "time_zone"))


def slot_times(slots: Iterable[Slot]) -> list[SlotTime]:
    """Slots as the rules take them."""
    return [slot.slot_time for slot in slots]


def clock_rules(preferences: PublishingPreferences) -> ClockRules:
    """What a workspace's slots do on days whose clocks change."""
    return ClockRules(
        skips_missing=preferences.missing_time == MissingTime.SKIP,
        takes_second=preferences.doubled_time == DoubledTime.SECOND,
    )


def free_slots(
    connection: Connection,
    *,
    after: datetime,
    preferences: PublishingPreferences,
    without: Iterable[RowId] = (),
    at_once: int = _AT_ONCE,
) -> Iterator[Occurrence]:
    """The account's free slots after an instant, in order; `without`: Pins that make room.

    Two queries when the first one is asked for, and one more for each further `at_once` slots.
    """
    slots, left_out = slot_times(slots_of(connection)), list(without)
    coming = upcoming(slots, after=after, rules=clock_rules(preferences))
    while some := list(islice(coming, at_once)):
        taken = _taken(connection, [there.at for there in some], without=left_out)
        yield from (there for there in some if there.at not in taken)


def _taken(
    connection: Connection, instants: list[datetime], *, without: list[RowId]
) -> set[datetime]:
    """Those of some instants at which a Pin of the account stands, in a slot or by itself."""
    pins = Pin.objects.filter(connection=connection).exclude(pk__in=without)
    in_slots = pins.filter(slot_at__in=instants).values_list("slot_at", flat=True)
    by_itself = pins.filter(
        workspace=connection.workspace_id, status__in=_COMING, scheduled_at__in=instants
    ).values_list("scheduled_at", flat=True)
    return {at for at in in_slots.union(by_itself) if at is not None}


def queue_of(
    connection: Connection,
    *,
    slots: Iterable[Slot],
    since: datetime,
    until: datetime,
    preferences: PublishingPreferences,
) -> list[Place]:
    """Slots between two instants with their Pins, and queued Pins whose slot is gone, in order."""
    coming = occurrences(
        slot_times(slots),
        since=since,
        until=until,
        rules=clock_rules(preferences),
    )
    by_instant = {there.at: there for there in coming}
    pins: dict[datetime, list[Pin]] = {}
    for pin in _coming_pins(connection, since=since, until=until, instants=list(by_instant)):
        at = pin.slot_at or pin.scheduled_at
        if at is not None:
            pins.setdefault(at, []).append(pin)
    return [Place(at, by_instant.get(at), pins.get(at, [])) for at in sorted({*by_instant, *pins})]


def queued_pins(connection: Connection, *, after: datetime) -> list[Pin]:
    """Pins that wait in a slot, in order."""
    pins = connection.pins.filter(status=PinStatus.SCHEDULED, slot_at__gt=after)
    return list(with_cards(pins).order_by("slot_at"))


def _coming_pins(
    connection: Connection, *, since: datetime, until: datetime, instants: list[datetime]
) -> list[Pin]:
    """Pins that wait in a slot, or by themselves at one of the slots' instants."""
    planned = Q(status__in=_COMING, scheduled_at__gte=since, scheduled_at__lt=until)
    queued = Q(slot_at__isnull=False) | Q(scheduled_at__in=instants)
    pins = Pin.objects.filter(
        planned & queued, connection=connection, workspace=connection.workspace_id
    )
    return list(with_cards(pins).order_by("scheduled_at", "pk"))
