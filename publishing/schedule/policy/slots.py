"""A queue's slots: wall-clock times of the week, and the instants they mean. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from foundation.spans.clocks import zone_name
from publishing.choices.slots import SlotTime
from publishing.schedule.policy.times import (
    LATEST_AHEAD,
    MissingHour,
    first_time_after_gap,
    resolve_local_time,
)

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
# A skipped day (Samoa, 2011) moves a slot to the next one, and zones lie up to 14 hours from UTC.
_MARGIN = timedelta(days=2)


class Shift(StrEnum):
    """What the clocks do to a slot on one day."""

    NONE = "none"
    MISSING = "missing"  # they skip its time
    FIRST = "first"  # they show its time twice, and the first is meant
    SECOND = "second"  # … the second


@dataclass(frozen=True, slots=True)
class ClockRules:
    """What slots do on days whose clocks change."""

    skips_missing: bool = False  # else: the first time after the gap
    takes_second: bool = False  # else: the first of the two


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A slot on one day: the instant it means, in UTC, and what the clocks did to it."""

    at: datetime
    slot: SlotTime
    day: date
    shift: Shift


@dataclass(frozen=True, slots=True)
class Preset:
    """A week of slots to start from."""

    name: str
    words: str
    weekdays: tuple[int, ...]
    clocks: tuple[time, ...]


PRESETS = [
    Preset("evenings", "Every evening at 20:00", tuple(range(7)), (time(20),)),
    Preset("twice", "Every day at 12:00 and 20:00", tuple(range(7)), (time(12), time(20))),
    Preset(
        "office",
        "Monday to Friday at 09:00, 13:00 and 17:00",
        tuple(range(5)),
        (time(9), time(13), time(17)),
    ),
    Preset(
        "five",
        "Five a day: 08:00, 11:00, 14:00, 17:00 and 20:00",
        tuple(range(7)),
        (time(8), time(11), time(14), time(17), time(20)),
    ),
]


def on_day(slot: SlotTime, day: date, *, rules: ClockRules) -> Occurrence | None:
    """A slot on a day of its weekday; None where the clocks skip its time and so does it."""
    wall = datetime.combine(day, slot.clock)
    try:
        resolved = resolve_local_time(wall, zone=slot.zone, second=rules.takes_second)
    except MissingHour:
        if rules.skips_missing:
            return None
        at = first_time_after_gap(wall, zone=slot.zone)
        return Occurrence(at, slot, day, Shift.MISSING)
    shift = Shift.NONE
    if resolved.doubled:
        shift = Shift.SECOND if rules.takes_second else Shift.FIRST
    return Occurrence(resolved.instant, slot, day, shift)


def occurrences(
    slots: Iterable[SlotTime], *, since: datetime, until: datetime, rules: ClockRules
) -> list[Occurrence]:
    """What slots mean from `since` up to, but not at, `until`: in order, each instant once.

    Where several slots fall on one instant, it is told as the one that is there by itself.
    """
    found: dict[datetime, Occurrence] = {}
    by_day: dict[int, list[SlotTime]] = {}
    for slot in slots:
        by_day.setdefault(slot.weekday, []).append(slot)
    day, last = (since - _MARGIN).date(), (until + _MARGIN).date()
    while day <= last and by_day:
        for slot in by_day.get(day.weekday(), ()):
            there = on_day(slot, day, rules=rules)
            if there is None or not since <= there.at < until:
                continue
            known = found.get(there.at)
            if known is None or known.shift is not Shift.NONE:
                found[there.at] = there
        day += _DAY
    return [found[at] for at in sorted(found)]


def upcoming(
    slots: Collection[SlotTime], *, after: datetime, rules: ClockRules
) -> Iterator[Occurrence]:
    """What slots mean after an instant, in order, as far ahead as Pins may be planned."""
    start = after + timedelta(microseconds=1)
    end = after + LATEST_AHEAD
    while slots and start < end:
        yield from occurrences(slots, since=start, until=min(start + _WEEK, end), rules=rules)
        start += _WEEK


def explain(there: Occurrence) -> str:
    """What the clocks do to a slot that day, in words; empty on all other days."""
    if there.shift is Shift.NONE:
        return ""
    local = there.at.astimezone(ZoneInfo(there.slot.zone))
    clock = f"{there.slot.clock:%H:%M}"
    if there.shift is Shift.MISSING:
        return f"{local:%H:%M}, because the clocks skip {clock}"
    which = "first" if there.shift is Shift.FIRST else "second"
    return f"the {which} {clock}, because the clocks show it twice ({zone_name(local)})"


def coming_shifts(
    slots: Iterable[SlotTime], *, since: date, until: date, rules: ClockRules
) -> list[tuple[date, SlotTime, str]]:
    """What the clocks do to slots from one day to another, in order: day, slot, words."""
    zones: dict[str, dict[date, str]] = {}
    found = []
    for slot in slots:
        if slot.zone not in zones:
            zones[slot.zone] = days_with_changed_clocks(slot.zone, since=since, until=until)
        for day in zones[slot.zone]:
            if day.weekday() != slot.weekday:
                continue
            there = on_day(slot, day, rules=rules)
            words = "left out" if there is None else explain(there)
            if there is None:
                words += f", because the clocks skip {slot.clock:%H:%M}"
            if words:
                found.append((day, slot, words))
    return sorted(found)


def days_with_changed_clocks(zone: str, *, since: date, until: date) -> dict[date, str]:
    """Days from `since` to `until` on which a zone's clocks change, with what they do."""
    place, found = ZoneInfo(zone), {}
    day = since
    while day <= until:
        start, end = (
            datetime.combine(each, time(), place).astimezone(UTC) for each in (day, day + _DAY)
        )
        change = (end - start) - _DAY
        if change:
            found[day] = f"The clocks go {'back' if change > timedelta() else 'forward'}"
        day += _DAY
    return found
