"""When an imported row goes out: dates as people and spreadsheets write them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Final

from publishing.policy import times

DAY_TIME: Final = time(9, 0)
"""Wall-clock time of a date without one."""

_PATTERNS: Final = tuple(
    re.compile(date + r"(?:(?:\s*T\s*|[,\s]\s*)(?P<clock>.+))?", re.I | re.A)
    for date in (
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})",
    )
)
_CLOCK: Final = re.compile(
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<offset>Z|UTC|GMT|[+-]\d{2}:?\d{2})?",
    re.I | re.A,
)
_TWO_WAYS: Final = re.compile(r"\d{1,2}[/-]\d{1,2}[/-]\d{2,4}\b.*", re.A)


class DateRejected(ValueError):
    """The text is no time a Pin can go out at; it says what to write instead."""


@dataclass(frozen=True, slots=True)
class PublishDate:
    """An instant, and what a person should know about how it was found."""

    at: datetime
    notes: tuple[str, ...] = ()


def read_publish_date(text: str, *, zone: str) -> PublishDate:
    """The instant a text means; without an offset it is a wall-clock time of `zone`.

    Whether it has passed is for the caller. Raises DateRejected.
    """
    wanted = text.strip()
    if _TWO_WAYS.fullmatch(wanted):
        raise DateRejected(
            f"“{wanted[:40]}” can be read in two ways. Write the year first, such as "
            "2026-06-10 14:30."
        )
    date = next((found for each in _PATTERNS if (found := each.fullmatch(wanted))), None)
    clock = _CLOCK.fullmatch(date["clock"].strip()) if date and date["clock"] else None
    if date is None or (date["clock"] and clock is None):
        raise DateRejected(
            f"“{wanted[:40]}” is not a date we can read. Write it as 2026-06-10 14:30."
        )
    try:
        wall = datetime(int(date["year"]), int(date["month"]), int(date["day"]))  # noqa: DTZ001 - a wall clock
        wall = datetime.combine(wall.date(), _time_of(clock) if clock else DAY_TIME)
        if clock and clock["offset"]:
            return PublishDate(at=_with_offset(wall, clock["offset"]))
        resolved = times.resolve_local_time(wall, zone=zone)
    except times.MissingHour as missing:
        raise DateRejected(str(missing)) from None
    except (ValueError, OverflowError):
        raise DateRejected(
            f"“{wanted[:40]}” is not a day or a time that exists. Check it."
        ) from None
    return PublishDate(at=resolved.instant, notes=tuple(_notes(clock is not None, resolved)))


def _notes(has_clock: bool, resolved: times.ResolvedTime) -> list[str]:  # noqa: FBT001 - private, named at its call
    notes = [] if has_clock else ["The date has no time, so 09:00 is taken."]
    if resolved.doubled:
        notes.append("The clocks go back that night and show this time twice; the first is meant.")
    return notes


def _time_of(clock: re.Match[str]) -> time:
    hour = int(clock["hour"])
    if clock["half"]:
        if not 1 <= hour <= 12:
            raise ValueError("no such hour on a clock of twelve")
        hour = hour % 12 + (12 if clock["half"][0].lower() == "p" else 0)
    return time(hour, int(clock["minute"]), int(clock["second"] or 0))


def _with_offset(wall: datetime, offset: str) -> datetime:
    if offset.upper() in ("Z", "UTC", "GMT"):
        return wall.replace(tzinfo=UTC)
    digits = offset[1:].replace(":", "")
    if int(digits[:2]) > 14 or int(digits[2:]) > 59:
        raise ValueError("no zone is so far from UTC")
    return datetime.strptime(
        f"{wall:%Y-%m-%dT%H:%M:%S}{offset[0]}{digits}", "%Y-%m-%dT%H:%M:%S%z"
    ).astimezone(UTC)
