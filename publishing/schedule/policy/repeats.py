"""Which Pins repeat a link or a picture, and when that is too soon. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain
from typing import Final

SAME_PICTURE_BITS: Final = 10
"""Pictures look the same when their hashes differ in at most this many of 256 bits."""

_HASH_DIGITS: Final = 64
_HASH_BITS: Final = 256
_BANDS: Final = SAME_PICTURE_BITS + 1
_BAND_BITS: Final = -(-_HASH_BITS // _BANDS)


class Sameness(StrEnum):
    """What two Pins have in common."""

    LINK = "link"
    PICTURE = "picture"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Shown:
    """What counts when Pins are compared.

    `link_key` as of `link_key()`; `likeness` is a 256-bit difference hash as 64 hex digits;
    `file` is the picture's digest; Pins that were written together for several boards share
    `series`. Each may be empty.
    """

    id: str
    at: datetime
    link_key: str = ""
    likeness: str = ""
    file: str = ""
    series: str = ""

    @property
    def says_anything(self) -> bool:
        """Whether there is anything to compare."""
        return bool(self.link_key or self.likeness or self.file)


@dataclass(frozen=True, slots=True)
class Distance:
    """How far apart Pins that show the same should go out; false where any distance is fine.

    `siblings` is for Pins of one series: one Pin for several boards is a repeat that somebody has
    asked for, so that it is never more than `others`.
    """

    others: timedelta
    siblings: timedelta

    def __bool__(self) -> bool:
        return bool(self.others)

    def between(self, one: Shown, other: Shown) -> timedelta:
        """What two Pins should keep."""
        are_siblings = bool(one.series) and one.series == other.series
        return self.siblings if are_siblings else self.others

    def is_kept(self, one: Shown, other: Shown, *, at: datetime) -> bool:
        """Whether `one` could go out at an instant without being too near to `other`."""
        return abs(other.at - at) >= self.between(one, other)


ANY_DISTANCE: Final = Distance(timedelta(), timedelta())


def distance_for(*, repeat_days: int, board_interval_hours: int) -> Distance:
    """The distance that a workspace's preferences ask for.

    Boards that are whole days apart keep the time on the clock, and a day on which the clocks go
    forward has an hour less.
    """
    others = timedelta(days=repeat_days)
    siblings = timedelta(hours=board_interval_hours)
    if board_interval_hours and board_interval_hours % 24 == 0:
        siblings -= timedelta(hours=1)
    return Distance(others, min(siblings, others))


def pictures_look_same(one: str, other: str) -> bool:
    """Whether two difference hashes are those of pictures that look the same."""
    first, second = _hash_bits(one), _hash_bits(other)
    return first is not None and second is not None and _is_near(first, second)


class Shelf:
    """Pins to compare with, found by link and by picture without looking at each of them.

    Two hashes that differ in at most ten bits agree in at least one of eleven parts.
    """

    def __init__(self, pins: Iterable[Shown]) -> None:
        self._by_link: dict[str, list[Shown]] = defaultdict(list)
        self._by_file: dict[str, list[Shown]] = defaultdict(list)
        self._by_band: dict[tuple[int, int], list[tuple[int, Shown]]] = defaultdict(list)
        for pin in pins:
            self.add(pin)

    def add(self, pin: Shown) -> None:
        """Put one more Pin there."""
        if pin.link_key:
            self._by_link[pin.link_key].append(pin)
        if pin.file:
            self._by_file[pin.file].append(pin)
        bits = _hash_bits(pin.likeness)
        if bits is not None:
            for band in _bands(bits):
                self._by_band[band].append((bits, pin))

    def same_as(self, wanted: Shown) -> list[tuple[Shown, Sameness]]:
        """Pins with the link or the picture of `wanted`, whenever they go out; never itself."""
        linked = {pin.id: pin for pin in self._linked(wanted)}
        alike = {pin.id: pin for pin in self._alike(wanted)}
        return [
            (pin, _sameness(linked=pin_id in linked, alike=pin_id in alike))
            for pin_id, pin in {**linked, **alike}.items()
            if pin_id != wanted.id
        ]

    def too_near(self, wanted: Shown, *, distance: Distance) -> list[tuple[Shown, Sameness]]:
        """Those of `same_as` that go out less than `distance` before or after, nearest first."""
        near = [
            (pin, same)
            for pin, same in self.same_as(wanted)
            if not distance.is_kept(wanted, pin, at=wanted.at)
        ]
        return sorted(near, key=lambda found: (abs(found[0].at - wanted.at), found[0].id))

    def near_ones(self, wanted: Shown, *, distance: Distance) -> Iterator[Shown]:
        """The Pins of `too_near` as they are found, the last added first, some twice."""
        for pin in chain(reversed(self._linked(wanted)), self._alike(wanted)):
            if pin.id != wanted.id and not distance.is_kept(wanted, pin, at=wanted.at):
                yield pin

    def is_clear(self, wanted: Shown, *, at: datetime, distance: Distance) -> bool:
        """Whether nothing with the link or picture of `wanted` goes out near `at`."""
        return all(distance.is_kept(wanted, pin, at=at) for pin, _ in self.same_as(wanted))

    def first_clear(self, wanted: Shown, *, since: datetime, distance: Distance) -> datetime:
        """The first moment from `since` on that keeps `distance` to all of `same_as`."""
        moment = since
        for pin in sorted((pin for pin, _ in self.same_as(wanted)), key=lambda pin: pin.at):
            if not distance.is_kept(wanted, pin, at=moment):
                moment = pin.at + distance.between(wanted, pin)
        return moment

    def _linked(self, wanted: Shown) -> Sequence[Shown]:
        return self._by_link.get(wanted.link_key, ())

    def _alike(self, wanted: Shown) -> Iterator[Shown]:
        if wanted.file:
            yield from reversed(self._by_file.get(wanted.file, ()))
        bits = _hash_bits(wanted.likeness)
        if bits is None:
            return
        for band in _bands(bits):
            for other, pin in reversed(self._by_band.get(band, ())):
                if _is_near(bits, other):
                    yield pin


def _sameness(*, linked: bool, alike: bool) -> Sameness:
    if linked and alike:
        return Sameness.BOTH
    return Sameness.LINK if linked else Sameness.PICTURE


def _hash_bits(likeness: str) -> int | None:
    """The hash as a number; None where it says nothing.

    The hash of an even surface is (nearly) empty, and every other even surface has it too.
    """
    if len(likeness) != _HASH_DIGITS:
        return None
    try:
        bits = int(likeness, 16)
    except ValueError:
        return None
    ones = bits.bit_count()
    return bits if SAME_PICTURE_BITS < ones < _HASH_BITS - SAME_PICTURE_BITS else None


def _is_near(one: int, other: int) -> bool:
    return (one ^ other).bit_count() <= SAME_PICTURE_BITS


def _bands(bits: int) -> Iterator[tuple[int, int]]:
    mask = (1 << _BAND_BITS) - 1
    for number in range(_BANDS):
        yield number, (bits >> (number * _BAND_BITS)) & mask
