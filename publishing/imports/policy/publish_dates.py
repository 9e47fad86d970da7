"""When an imported row goes out: dates as people and spreadsheets write them. Pure.

A column of dates is looked at as a whole first (`look_at_dates`): one `10/13/2026` in it settles
what `10/8/2026` means, and whether a zone has to be asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Final

from publishing.imports.policy.date_texts import DateText, NotADate, Order, read_date_text
from publishing.schedule.policy import times

DAY_TIME: Final = time(9, 0)
"""Wall-clock time of a date without one."""


class DateRejected(ValueError):
    """The text is no time a Pin can go out at; it says what to write instead."""


class DateQuestion(StrEnum):
    """What has to be known of a file before a date of it means one instant."""

    DAY_ORDER = "day_order"
    ZONE = "zone"


class DateAsks(Exception):
    """The date can be read once a question about its file is answered."""

    def __init__(self, question: DateQuestion) -> None:
        super().__init__(question.value)
        self.question = question


@dataclass(frozen=True, slots=True)
class DatesSeen:
    """What a column's dates have in common.

    `order` is the order of day and month that some date proves, None where none does or two
    contradict each other; `two_ways` is a date that can be read in two ways, `local` one that says
    no zone; both are empty where there is none.
    """

    order: Order | None = None
    two_ways: str = ""
    local: str = ""


@dataclass(frozen=True, slots=True)
class PublishDate:
    """An instant, and what a person should know about how it was found."""

    at: datetime
    notes: tuple[str, ...] = ()


def look_at_dates(texts: Iterable[str]) -> DatesSeen:
    """What a column's texts tell about each other; those that are no dates tell nothing."""
    proved: set[Order] = set()
    two_ways = local = ""
    for text in texts:
        try:
            parts = read_date_text(text)
        except NotADate:
            continue
        if parts.proves is not None:
            proved.add(parts.proves)
        two_ways = two_ways or (text if parts.is_two_way else "")
        local = local or (text if parts.is_local else "")
    order = proved.pop() if len(proved) == 1 else None
    return DatesSeen(order=order, two_ways=two_ways, local=local)


def read_publish_date(
    text: str, *, zone: str | None, home: str | None = None, order: Order | None = None
) -> PublishDate:
    """The instant a text means.

    `zone` is for clocks without an offset, `order` for dates that can be read in two ways; None
    where nobody has said. A day without a clock begins at DAY_TIME in `home` (default: `zone`).
    Whether the instant has passed is for the caller. Raises DateRejected and DateAsks.
    """
    parts, day = _day_in(text, order)
    if parts.instant is not None:
        return PublishDate(at=parts.instant, notes=parts.notes)
    wall = datetime.combine(day, parts.clock or DAY_TIME)
    notes = list(parts.notes)
    if parts.clock is None:
        notes.append("The date has no time, so 09:00 is taken.")
    if parts.offset is not None:
        return PublishDate(at=_with_offset(wall, parts), notes=tuple(notes))
    place = zone if parts.clock is not None else home or zone
    if place is None:
        raise DateAsks(DateQuestion.ZONE)
    resolved = _resolved(wall, zone=place, text=text)
    if resolved.doubled:
        notes.append("The clocks go back that night and show this time twice; the first is meant.")
    return PublishDate(at=resolved.instant, notes=tuple(notes))


def _resolved(wall: datetime, *, zone: str, text: str) -> times.ResolvedTime:
    try:
        return times.resolve_local_time(wall, zone=zone)
    except times.MissingHour as missing:
        raise DateRejected(str(missing)) from None
    except (ValueError, OverflowError):
        raise DateRejected(_impossible(text)) from None


def _day_in(text: str, order: Order | None) -> tuple[DateText, date]:
    try:
        parts = read_date_text(text)
        if parts.is_two_way and order is None:
            raise DateAsks(DateQuestion.DAY_ORDER)
        return parts, parts.day(order)
    except NotADate as error:
        raise DateRejected(str(error)) from None


def _with_offset(wall: datetime, parts: DateText) -> datetime:
    try:
        return wall.replace(tzinfo=parts.offset).astimezone(UTC)
    except (ValueError, OverflowError):
        raise DateRejected(_impossible(f"{wall:%H:%M}")) from None


def _impossible(text: str) -> str:
    return f"“{text.strip()[:40]}” is not a day or a time that exists. Check it."
