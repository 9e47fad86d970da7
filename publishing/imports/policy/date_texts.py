"""What stands in a text that is a date: day, clock and offset, before anything is decided. Pure."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from typing import Final

from foundation.tables.spaces import plain_spaces

_SHOWN: Final = 40
_LONGEST: Final = 100
_CENTURY: Final = 2000
_MONTHS: Final = {
    name[:length].casefold(): number
    for number, name in enumerate(calendar.month_name)
    for length in (3, len(name))
    if name
} | {"sept": 9}
_WEEKDAYS: Final = (
    "mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?|"
    "sat(?:urday)?|sun(?:day)?"
)
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_FLAGS: Final = re.I | re.A

_OFFSET: Final = r"(?:(?:UTC|GMT)\s*)?[+-]\d{1,2}(?::?\d{2})?(?:\s*UTC)?|Z|UTC|GMT"
_CLOCK: Final = re.compile(
    r"(?P<hour>\d{1,2})\s*"
    r"(?:[:.h]\s*(?P<minute>\d{2})(?:\s*[:.]\s*(?P<second>\d{2})(?:[.,]\d{1,9})?)?)?"
    r"\s*(?:(?P<half>[ap])\.?\s?m\.?)?(?:\s*(?:uhr|h))?"
    rf"\s*(?P<offset>{_OFFSET})?",
    _FLAGS,
)
_NAMED_ZONE: Final = re.compile(r"(?P<clock>.*\d.*?)\s*\b(?P<name>[A-Z]{2,5})", re.A)
_COMMENT: Final = re.compile(r"(?P<before>.*?)\s*(?:\((?P<round>[^()]*)\)|\[(?P<square>[^][]*)\])$")
_HAS_CLOCK: Final = re.compile(r":|\d\s*[aph]", _FLAGS)
_SAYS_ZONE: Final = re.compile(rf":.*(?:{_OFFSET})$", _FLAGS)
_SEPARATOR: Final = r"\s*(?P<sign>[-/.])\s*"
_SAME: Final = r"\s*(?P=sign)\s*"
_AFTER: Final = r"(?:\.?(?:\s*T\s*|\s*[,;]\s*|\s+)(?:at\s+|um\s+)?(?P<clock>\d.*))?\.?"

_YEAR_FIRST: Final = re.compile(
    rf"(?P<year>\d{{4}}){_SEPARATOR}(?P<month>\d{{1,2}}){_SAME}(?P<day>\d{{1,2}}){_AFTER}", _FLAGS
)
_COMPACT: Final = re.compile(
    r"(?P<year>20\d{2})(?P<month>\d{2})(?P<day>\d{2})(?:[T\s]\s*(?P<clock>\d.*))?", _FLAGS
)
_NUMBERS: Final = re.compile(
    rf"(?P<first>\d{{1,2}}){_SEPARATOR}(?P<second>\d{{1,2}}){_SAME}(?P<year>\d{{4}}|\d{{2}}){_AFTER}",
    _FLAGS,
)
_DAY_MONTH: Final = re.compile(
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[\s-]*(?:of\s+)?(?P<month>{_MONTH})\.?[\s,-]*"
    rf"(?P<year>\d{{4}}|\d{{2}}){_AFTER}",
    _FLAGS,
)
_MONTH_DAY: Final = re.compile(
    rf"(?P<month>{_MONTH})\.?[\s-]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s,-]+(?P<year>\d{{4}}){_AFTER}",
    _FLAGS,
)
_YEAR_MONTH_DAY: Final = re.compile(
    rf"(?P<year>\d{{4}})[\s-]+(?P<month>{_MONTH})[\s-]+(?P<day>\d{{1,2}}){_AFTER}", _FLAGS
)
_CLOCK_FIRST: Final = re.compile(
    r"(?P<clock>\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s*[ap]\.?m\.?)?)(?:\s*,\s*|\s+)(?:on\s+)?(?P<date>\S.*)",
    _FLAGS,
)
_SERIAL: Final = re.compile(r"(?P<days>\d{5})(?:[.,](?P<part>\d{1,15}))?", re.A)
_STAMP: Final = re.compile(r"1\d{9}(?:\d{3})?", re.A)
_FIRST_SERIAL: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a wall clock; spreadsheets count from here
_SERIALS: Final = range(40_000, 80_000)


class NotADate(ValueError):
    """The text is no date that exists; it says what to write instead."""


class Order(StrEnum):
    """Which number of a date comes first."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class DateText:
    """The parts of a date as it is written.

    `first` and `second` are day and month in the order of `order`; without one, either. `clock` is
    None where none is written, `offset` where the text says no zone. `instant` is set instead of
    all others where the text is one by itself.
    """

    text: str
    year: int = 0
    first: int = 0
    second: int = 0
    order: Order | None = None
    clock: time | None = None
    offset: timezone | None = None
    instant: datetime | None = None
    notes: tuple[str, ...] = ()
    usually: Order | None = None
    """The order in which dates with such signs are read where nothing proves the other."""

    @property
    def proves(self) -> Order | None:
        """The order that the numbers themselves prove, for a date of numbers alone."""
        if self.order is not None or self.instant is not None:
            return None
        if self.first > 12 >= self.second:
            return Order.DAY
        return Order.MONTH if self.second > 12 >= self.first else None

    @property
    def is_two_way(self) -> bool:
        """Whether it means one of two days, and the text does not say which."""
        return (
            self.order is None
            and self.instant is None
            and self.proves is None
            and self.usually is None
            and self.first <= 12
            and self.first != self.second
        )

    @property
    def is_local(self) -> bool:
        """Whether it has a clock, of a zone that the text does not name."""
        return self.instant is None and self.offset is None and self.clock is not None

    def day(self, order: Order | None) -> date:
        """The day that is meant, `order` where the text leaves it open. Raises NotADate."""
        if self.instant is not None:
            return self.instant.date()
        meant = self.order or self.proves or order or self.usually or Order.DAY
        day, month = (self.first, self.second) if meant is Order.DAY else (self.second, self.first)
        return _existing(self.year, month, day, text=self.text)


def read_date_text(text: str) -> DateText:
    """The parts of a date, however people and spreadsheets write it. Raises NotADate."""
    wanted = _plain(text)
    if found := _number_of_days(wanted, text=text):
        return found
    if _STAMP.fullmatch(wanted):
        seconds = int(wanted[:10])
        return DateText(text=text, instant=datetime.fromtimestamp(seconds, tz=UTC))
    # `13.10.26 22:00` is no clock of 13:10:26: only what is no date by itself is turned round.
    swapped = _CLOCK_FIRST.sub(r"\g<date> \g<clock>", wanted)
    for written in (wanted, swapped):
        for pattern, order in (
            (_YEAR_FIRST, Order.DAY),
            (_COMPACT, Order.DAY),
            (_DAY_MONTH, Order.DAY),
            (_MONTH_DAY, Order.DAY),
            (_YEAR_MONTH_DAY, Order.DAY),
            (_NUMBERS, None),
        ):
            if match := pattern.fullmatch(written):
                return _from_match(match, order, text=text)
    raise NotADate(f"“{_shown(text)}” is not a date we can read. Write it as 2026-06-10 14:30.")


def _plain(text: str) -> str:
    """A text without weekday, comments in parentheses and signs of other scripts for the same."""
    plain = " ".join(plain_spaces(text[:_LONGEST]).split())
    plain = plain.translate({0x2010: "-", 0x2011: "-", 0x2012: "-", 0x2013: "-", 0x2212: "-"})
    plain = re.sub(r"\s*[年년月월]\s*(?=\d)", "-", plain)
    plain = re.sub(r"[日일]", " ", plain)
    plain = _COMMENT.sub(_uncommented, plain)
    plain = re.sub(r"^(20\d{6})T(\d{2})(\d{2})(\d{2})?", _compact_clock, plain)
    plain = re.sub(rf"^(?:{_WEEKDAYS})\b\.?,?\s*", "", plain, flags=_FLAGS)
    return plain.strip()


def _uncommented(match: re.Match[str]) -> str:
    """Nothing for a comment, unless it may be the only word of a clock's zone."""
    is_said = _SAYS_ZONE.search(match["before"]) or not _HAS_CLOCK.search(match["before"])
    words = f"{match['round'] or ''}{match['square'] or ''}"
    is_weekday = re.fullmatch(rf"(?:{_WEEKDAYS})\.?", words, _FLAGS)
    return match["before"] if is_said or is_weekday else f"{match['before']} {words}"


def _compact_clock(match: re.Match[str]) -> str:
    return f"{match[1]} {':'.join(filter(None, match.groups()[1:]))}"


def _from_match(match: re.Match[str], order: Order | None, *, text: str) -> DateText:
    parts = match.groupdict()
    clock, offset = _read_clock(parts["clock"], text=text)
    year = int(parts["year"]) + (_CENTURY if len(parts["year"]) == 2 else 0)
    if order is None:
        first, second = int(parts["first"]), int(parts["second"])
    else:
        month = parts["month"]
        second = int(month) if month.isdigit() else _MONTHS[month.casefold()]
        first = int(parts["day"])
    # Who writes dots writes the day first; slashes and dashes are in use for both.
    usually = Order.DAY if order is None and parts["sign"] == "." else None
    found = DateText(
        text=text,
        year=year,
        first=first,
        second=second,
        order=order,
        clock=clock,
        offset=offset,
        usually=usually,
    )
    if order is None and first > 12 and second > 12:
        raise NotADate(f"“{_shown(text)}” is not a day that exists: no month has that number.")
    return found


def _read_clock(written: str | None, *, text: str) -> tuple[time | None, timezone | None]:
    if not written:
        return None, None
    match = _CLOCK.fullmatch(written.strip())
    if match is None or not (match["minute"] or match["half"]):
        raise NotADate(_no_clock(written, text=text))
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    if match["half"]:
        if not 1 <= hour <= 12:
            raise NotADate(_no_such_time(text))
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    try:
        return time(hour, minute, second), _read_offset(match["offset"])
    except ValueError:
        raise NotADate(_no_such_time(text)) from None


def _no_clock(written: str, *, text: str) -> str:
    """Why what follows the day is no time: a zone's short name may be the only thing wrong."""
    named = _NAMED_ZONE.fullmatch(written.strip())
    if named and _CLOCK.fullmatch(named["clock"]):
        return (
            f"“{named['name']}” names a zone that several places use. Write the time's distance "
            "from UTC instead, such as -05:00."
        )
    return f"“{_shown(text)}” is not a date we can read. Write it as 2026-06-10 14:30."


def _read_offset(written: str | None) -> timezone | None:
    """The zone of an offset. Raises ValueError for one that no place has."""
    if not written:
        return None
    digits = re.sub(r"[^\d+-]", "", written)
    if not digits:
        return UTC
    numbers = digits[1:]
    hours = int(numbers[:-2] if len(numbers) > 2 else numbers)
    minutes = int(numbers[-2:]) if len(numbers) > 2 else 0
    if hours > 14 or minutes > 59:
        raise ValueError("no zone is so far from UTC")
    span = timedelta(hours=hours, minutes=minutes)
    return timezone(-span if digits[0] == "-" else span)


def _number_of_days(wanted: str, *, text: str) -> DateText | None:
    """The date of a number that a spreadsheet keeps for one, to the minute (cut digits)."""
    serial = _SERIAL.fullmatch(wanted)
    if serial is None or int(serial["days"]) not in _SERIALS:
        return None
    minutes = round(float(f"0.{serial['part'] or 0}") * 1440)
    wall = _FIRST_SERIAL + timedelta(days=int(serial["days"]), minutes=minutes)
    shown = f"{wall:%-d %B %Y, %H:%M}" if serial["part"] else f"{wall:%-d %B %Y}"
    return DateText(
        text=text,
        year=wall.year,
        first=wall.day,
        second=wall.month,
        order=Order.DAY,
        clock=wall.time() if serial["part"] else None,
        notes=(f"“{_shown(text)}” is how spreadsheets keep {shown}; that is meant.",),
    )


def _existing(year: int, month: int, day: int, *, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        pass
    if not 1 <= month <= 12 or not 1 <= year <= 9999 or not 1 <= day <= 31:
        raise NotADate(f"“{_shown(text)}” is not a day or a time that exists. Check it.")
    days = calendar.monthrange(year, month)[1]
    raise NotADate(
        f"“{_shown(text)}” is not a day or a time that exists: {calendar.month_name[month]} {year} "
        f"has {days} days."
    )


def _no_such_time(text: str) -> str:
    return f"“{_shown(text)}” is not a day or a time that exists. Check it."


def _shown(text: str) -> str:
    return text.strip()[:_SHOWN]
