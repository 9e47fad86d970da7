"""What Pinterest's bulk upload takes, and Pins shared out to files that it takes whole. Pure.

Pinterest's help leaves much unsaid; where its users report different limits, the narrower one
stands here: a file within it is taken either way.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from publishing.choices.statuses import EDITABLE, PinKind, PinStatus

FILE_ROWS: Final = 100
"""Rows that Pinterest takes in one file."""

DAYS_AHEAD: Final = timedelta(days=14)
"""How far ahead of the upload a Pin's time may be."""

ROOM_TO_UPLOAD: Final = timedelta(days=1)
"""A file for later can be uploaded at any time of a day at least, not in one minute."""

DESCRIPTION_LIMIT: Final = 500
"""Characters; fewer than Pinterest's API takes."""

PICTURES_OUTLAST: Final = timedelta(days=30)
"""How long a file's picture addresses work after its last Pin's time. Pinterest fetches a picture
at the upload or at the Pin's time at the latest; the rest is for who uploads late, or again."""

_PRIVATE_ENDINGS: Final = (
    ".localhost",
    ".local",
    ".internal",
    ".lan",
    ".home",
    ".corp",
    ".home.arpa",
    ".test",
    ".invalid",
)


class LeftOut(StrEnum):
    """Why a Pin is in none of the files."""

    GONE_OUT = "gone_out"
    PAST = "past"
    NO_TITLE = "no_title"
    NO_BOARD = "no_board"
    NO_PICTURE = "no_picture"
    OTHER_KIND = "other_kind"


@dataclass(frozen=True, slots=True)
class Offered:
    """What counts of a Pin when it is put into a file; `account` names whose upload it is for."""

    key: str
    account: str
    status: PinStatus
    kind: PinKind
    title: str
    link: str
    at: datetime | None
    has_board: bool
    has_picture: bool
    is_long: bool
    """Whether its description has more than DESCRIPTION_LIMIT characters."""


@dataclass(slots=True)
class Part:
    """One file: its Pins in their order, and when it can be uploaded.

    `since` is None for a file that can be uploaded at once, `before` for one without dates.
    """

    account: str
    keys: list[str] = field(default_factory=list)
    since: datetime | None = None
    before: datetime | None = None
    _names: set[str] = field(default_factory=set)
    _until: datetime | None = None

    def has(self, name: str) -> bool:
        """Whether a Pin with this title or link, as of `_names_of`, is in it."""
        return name in self._names

    def is_closed_to(self, pin: Offered) -> bool:
        """Whether neither this Pin nor any later one of its account has a place here."""
        return (
            self.account != pin.account
            or len(self.keys) >= FILE_ROWS
            or (pin.at is not None and self._until is not None and pin.at > self._until)
        )

    def add(self, pin: Offered, *, now: datetime) -> None:
        """Put a Pin in. Pins come in the order of their times, those without one first."""
        if self._until is None:
            soon = now + DAYS_AHEAD
            is_soon = pin.at is None or pin.at <= soon
            self._until = soon if pin.at is None or is_soon else _last_beside(pin.at)
        self.keys.append(pin.key)
        self._names.update(_names_of(pin))
        if pin.at is not None:
            self.before = self.before or pin.at
            opens = pin.at - DAYS_AHEAD
            self.since = opens if opens > now else None


@dataclass(frozen=True, slots=True)
class Packing:
    """Pins in files, and what a person should know before they upload them."""

    parts: tuple[Part, ...]
    left_out: Counter[LeftOut]
    undated: int
    """Pinterest publishes these the moment the file is there."""
    planned: int
    """These go out by PinApp too, unless somebody stops them here."""
    shortened: int
    same_link: int
    """Pins with the link of one before them: of each link Pinterest keeps one Pin per file."""
    same_title: int

    @property
    def count(self) -> int:
        """How many Pins the files have together."""
        return sum(len(part.keys) for part in self.parts)


def pack(pins: Iterable[Offered], *, now: datetime) -> Packing:
    """Share Pins out to files that Pinterest takes whole, account by account."""
    left_out: Counter[LeftOut] = Counter()
    taken: list[Offered] = []
    for pin in pins:
        if reason := _why_left_out(pin, now=now):
            left_out[reason] += 1
        else:
            taken.append(pin)
    return Packing(
        parts=tuple(_share_out(taken, now=now)),
        left_out=left_out,
        undated=sum(pin.at is None for pin in taken),
        planned=sum(pin.status in (PinStatus.SCHEDULED, PinStatus.CLAIMED) for pin in taken),
        shortened=sum(pin.is_long for pin in taken),
        same_link=_repeated((pin.account, pin.link) for pin in taken if pin.link),
        same_title=_repeated((pin.account, _plain_title(pin.title)) for pin in taken),
    )


def shortened(description: str) -> str:
    """A description of at most DESCRIPTION_LIMIT characters, cut between words."""
    if len(description) <= DESCRIPTION_LIMIT:
        return description
    cut = description[: DESCRIPTION_LIMIT - 1]
    head = cut if description[DESCRIPTION_LIMIT - 1].isspace() else cut.rsplit(None, 1)[0]
    return f"{head.rstrip()}…"


def is_out_of_reach(url: str) -> bool:
    """Whether an address names this machine or a private network, where Pinterest can't fetch."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_PRIVATE_ENDINGS)


def _why_left_out(pin: Offered, *, now: datetime) -> LeftOut | None:
    reasons: Sequence[tuple[LeftOut, bool]] = (
        (LeftOut.GONE_OUT, pin.status not in EDITABLE),
        (LeftOut.OTHER_KIND, pin.kind is not PinKind.IMAGE),
        (LeftOut.PAST, pin.at is not None and pin.at <= now),
        (LeftOut.NO_TITLE, not pin.title.strip()),
        (LeftOut.NO_BOARD, not pin.has_board),
        (LeftOut.NO_PICTURE, not pin.has_picture),
    )
    return next((reason for reason, holds in reasons if holds), None)


def _last_beside(first: datetime) -> datetime:
    """The last time that a file for later takes, so that there is a day to upload it on."""
    return first + DAYS_AHEAD - ROOM_TO_UPLOAD


def _share_out(pins: Iterable[Offered], *, now: datetime) -> list[Part]:
    ordered = sorted(pins, key=lambda pin: (pin.account, pin.at or now, pin.key))
    parts: list[Part] = []
    first_open = 0
    # All files before this one have the title or the link: with it alone, many Pins would be
    # compared with many files.
    first_without: dict[tuple[str, str], int] = {}
    for pin in ordered:
        while first_open < len(parts) and parts[first_open].is_closed_to(pin):
            first_open += 1
        names = _names_of(pin)
        start = max([first_open, *(first_without.get((pin.account, name), 0) for name in names)])
        places = (
            number
            for number in range(start, len(parts))
            if not parts[number].is_closed_to(pin) and not any(map(parts[number].has, names))
        )
        number = next(places, len(parts))
        if number == len(parts):
            parts.append(Part(account=pin.account))
        parts[number].add(pin, now=now)
        for name in names:
            first = first_without.get((pin.account, name), first_open)
            while first < len(parts) and parts[first].has(name):
                first += 1
            first_without[pin.account, name] = first
    return parts


def _names_of(pin: Offered) -> list[str]:
    """What may stand in a file once: the title, and the link where there is one."""
    return [f"title {_plain_title(pin.title)}", *([f"link {pin.link}"] if pin.link else [])]


def _plain_title(title: str) -> str:
    return " ".join(title.casefold().split())


def _repeated(values: Iterable[tuple[str, str]]) -> int:
    """How many values come after an equal one."""
    counts = Counter(values)
    return counts.total() - len(counts)
