"""What the rows of an imported file mean: the board, the time, and Pins that are here already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from publishing.boards.policy.board_names import BoardProblem, Place, Resolution, fold
from publishing.boards.selectors.board_book import AccountBoards, boards_by_name
from publishing.imports.policy import bulk_csv
from publishing.imports.policy.date_texts import Order
from publishing.imports.policy.publish_dates import DateAsks, DateRejected, read_publish_date
from publishing.imports.policy.rows import Finding, check_texts, row_key
from publishing.imports.selectors.imports import (
    KnownPin,
    known_pins,
    media_reference,
    own_media_id,
    pictures_here,
)
from publishing.imports.services.repeats import ask_about_repeats
from publishing.models import Board, BoardSection, Import, ImportRow, Media, RowAsks, RowStatus
from publishing.schedule.policy import times

Cells = Mapping[str, str]

_DRAFT: Final = "No date, so it becomes a draft."
_QUEUED: Final = "No date, so it takes the account's next free slot."
_NAMES_COMPARED: Final = 10_000
"""Names of boards that are compared in search of one that looks like an unknown one. A file whose
boards are all unknown is meant for another account, and suggestions would only take time."""

_WAITS: Final = {
    RowAsks.ZONE: "Its time waits for the zone of this file’s times: answer the question above.",
    RowAsks.DAY_ORDER: "Its day can be read in two ways: answer the question above.",
}


@dataclass
class Verdict:
    """What one row means; ready is what has no problem, asks nothing and is not left out."""

    problems: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    board: Board | None = None
    section: BoardSection | None = None
    candidates: list[dict[str, str]] = field(default_factory=list)
    at: datetime | None = None
    key: str = ""
    same_as: UUID | None = None
    is_left_out: bool = False
    asks: RowAsks | None = None

    @property
    def status(self) -> RowStatus:
        if self.is_left_out:
            return RowStatus.SAME
        if self.problems:
            return RowStatus.WRONG
        return RowStatus.ASKS if self.asks else RowStatus.READY

    @property
    def is_ready(self) -> bool:
        return self.status == RowStatus.READY

    def wrong(self, column: str, message: str) -> None:
        """Add a problem."""
        self.problems.append(Finding(column, message))

    def leave_out(self, why: str) -> None:
        """Import nothing for this row."""
        self.is_left_out = True
        self.asks = None
        self.notes = [why]

    def ask(self, what: RowAsks, why: str) -> None:
        """Import nothing of this row before a person has answered."""
        self.asks = what
        self.notes.append(why)


def judge_rows(batch: Import, rows: Sequence[ImportRow], *, now: datetime) -> list[Verdict]:
    """What each row means by itself and beside the Pins that are here; in a few queries."""
    pictures = pictures_here(batch.workspace, rows)
    reader = _Reader(batch, boards_by_name(batch.connection), pictures)
    verdicts = [reader.read(row.cells) for row in rows]
    known = known_pins(
        batch.connection,
        keys={verdict.key for verdict in verdicts if verdict.key},
        titles=(row.cells.get(bulk_csv.TITLE, "") for row in rows),
        boards=(verdict.board.pk for verdict in verdicts if verdict.board),
    )
    for verdict in verdicts:
        if pin := known.get(verdict.key):
            _say_it_is_here(verdict, pin, zone=batch.time_zone)
        else:
            _check_time(verdict, zone=batch.time_zone, now=now)
    ask_about_repeats(batch, rows, verdicts, pictures=pictures)
    return verdicts


class _Reader:
    """Reads rows one by one, remembering what each board's text means."""

    def __init__(
        self, batch: Import, account: AccountBoards, pictures: Mapping[str, Media]
    ) -> None:
        self._batch = batch
        self._account = account
        self._pictures = pictures
        self._has_queue = batch.connection.slots.exists()
        self._resolved: dict[str, Resolution] = {}
        self._compared = 0

    def read(self, cells: Cells) -> Verdict:
        if (account := cells.get(bulk_csv.ACCOUNT, "").removeprefix("@")) and not self._is(account):
            verdict = Verdict()
            verdict.leave_out(f"It is for @{account}. Import the file for that account as well.")
            return verdict
        verdict = Verdict(problems=check_texts(cells))
        if columns := cells.get(bulk_csv.DECODED):
            verdict.notes.append(f"HTML’s codes, such as &amp;, were decoded in: {columns}.")
        self._read_picture(cells, verdict)
        place = self._read_board(cells.get(bulk_csv.BOARD, ""), verdict)
        dated = self._read_date(cells.get(bulk_csv.PUBLISH_DATE, ""), verdict)
        if place and dated:
            verdict.key = row_key(
                account_id=self._batch.connection.pinterest_id,
                place=place.key,
                title=cells.get(bulk_csv.TITLE, ""),
                media=media_reference(cells.get(bulk_csv.MEDIA_URL, "")),
                link=cells.get(bulk_csv.LINK, ""),
                description=cells.get(bulk_csv.DESCRIPTION, ""),
                at=verdict.at,
            )
        return verdict

    def _is(self, account: str) -> bool:
        return account.casefold() == self._batch.connection.username.casefold()

    def _read_picture(self, cells: Cells, verdict: Verdict) -> None:
        address = cells.get(bulk_csv.MEDIA_URL, "")
        if own_media_id(address) and media_reference(address) not in self._pictures:
            verdict.wrong(
                bulk_csv.MEDIA_URL,
                "This picture is not in this workspace any more. Give its address on the web.",
            )
        if cells.get(bulk_csv.THUMBNAIL):
            verdict.notes.append("The thumbnail is not used: it is for videos.")

    def _read_board(self, text: str, verdict: Verdict) -> Place | None:
        folded = fold(text)[:300]
        if folded not in self._resolved:
            self._resolved[folded] = self._account.resolve(
                self._batch.choices.get(folded, text),
                suggest=self._compared < _NAMES_COMPARED,
            )
            if self._resolved[folded].problem is BoardProblem.UNKNOWN:
                self._compared += len(self._account.boards)
        found = self._resolved[folded]
        if found.place is None:
            verdict.wrong(bulk_csv.BOARD, found.message)
            verdict.candidates = [self._offer(place) for place in found.candidates]
            return None
        verdict.board, verdict.section = self._account.rows(found.place)
        return found.place

    def _offer(self, place: Place) -> dict[str, str]:
        """A board to choose, with what tells it from one of the same name."""
        owner = place.board.owner_username
        secret = self._account.boards[place.board.id].privacy == "SECRET"
        hint = ", ".join(filter(None, [f"@{owner}" if owner else "", "secret" if secret else ""]))
        return {"key": place.key, "name": place.name, "hint": hint}

    def _read_date(self, text: str, verdict: Verdict) -> bool:
        """Whether the row's time is known; none means a draft."""
        if not text:
            verdict.notes.append(_QUEUED if self._has_queue else _DRAFT)
            return True
        try:
            date = read_publish_date(
                text,
                zone=self._batch.read_zone or None,
                home=self._batch.time_zone,
                order=Order(self._batch.day_order) if self._batch.day_order else None,
            )
        except DateRejected as error:
            verdict.wrong(bulk_csv.PUBLISH_DATE, str(error))
            return False
        except DateAsks as question:
            asks = RowAsks(question.question)
            verdict.ask(asks, _WAITS[asks])
            return False
        verdict.at = date.at
        verdict.notes.extend(date.notes)
        return True


def _say_it_is_here(verdict: Verdict, pin: KnownPin, *, zone: str) -> None:
    when = pin.imported_at and f"{pin.imported_at.astimezone(ZoneInfo(zone)):%-d %B %Y}"
    verdict.same_as = pin.pin_id
    verdict.leave_out(f"Already imported on {when}." if when else "This Pin is already in PinApp.")


def _check_time(verdict: Verdict, *, zone: str, now: datetime) -> None:
    if verdict.at is None:
        return
    if times.is_past(verdict.at, now=now):
        verdict.wrong(
            bulk_csv.PUBLISH_DATE,
            f"This time has passed (the clock in {zone} is further). Choose a later one.",
        )
    if times.is_too_far_ahead(verdict.at, now=now):
        verdict.wrong(bulk_csv.PUBLISH_DATE, "This date is out of range. Choose a nearer one.")
