"""What the rows of an imported file mean: the board, the time, and Pins that are here already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from publishing.models import Board, BoardSection, Import, Media, RowStatus
from publishing.policy import bulk_csv, times
from publishing.policy.board_names import BoardProblem, Place, Resolution, fold
from publishing.policy.import_rows import Finding, check_texts, row_key
from publishing.policy.publish_dates import DateRejected, read_publish_date
from publishing.selectors.board_book import AccountBoards, boards_by_name
from publishing.selectors.imports import KnownPin, known_pins, media_reference, own_media_id
from publishing.selectors.repeats import Candidate, find_repeats

Cells = Mapping[str, str]

_DRAFT: Final = "No date, so it becomes a draft."
_QUEUED: Final = "No date, so it takes the account's next free slot."
_NAMES_COMPARED: Final = 10_000
"""Names of boards that are compared in search of one that looks like an unknown one. A file whose
boards are all unknown is meant for another account, and suggestions would only take time."""

_COMPARED: Final = 10
"""Rows with the same link up to which each is compared with each: more are told in one sentence."""


@dataclass
class Verdict:
    """What one row means; rows without problems and not left out are ready."""

    problems: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    board: Board | None = None
    section: BoardSection | None = None
    candidates: list[dict[str, str]] = field(default_factory=list)
    at: datetime | None = None
    key: str = ""
    same_as: UUID | None = None
    is_left_out: bool = False

    @property
    def status(self) -> RowStatus:
        if self.is_left_out:
            return RowStatus.SAME
        return RowStatus.WRONG if self.problems else RowStatus.READY

    @property
    def is_ready(self) -> bool:
        return self.status == RowStatus.READY

    def wrong(self, column: str, message: str) -> None:
        """Add a problem."""
        self.problems.append(Finding(column, message))

    def leave_out(self, why: str) -> None:
        """Import nothing for this row."""
        self.is_left_out = True
        self.notes = [why]


def judge_rows(batch: Import, rows: Sequence[Cells], *, now: datetime) -> list[Verdict]:
    """What each row means by itself and beside the Pins that are here; in a few queries."""
    reader = _Reader(batch, boards_by_name(batch.connection), _own_pictures(batch, rows))
    verdicts = [reader.read(cells) for cells in rows]
    known = known_pins(
        batch.connection,
        keys={verdict.key for verdict in verdicts if verdict.key},
        titles=(cells.get(bulk_csv.TITLE, "") for cells in rows),
        boards=(verdict.board.pk for verdict in verdicts if verdict.board),
    )
    for verdict in verdicts:
        if pin := known.get(verdict.key):
            _say_it_is_here(verdict, pin, zone=batch.time_zone)
        else:
            _check_time(verdict, zone=batch.time_zone, now=now)
    _say_what_repeats(batch, rows, verdicts)
    return verdicts


def _own_pictures(batch: Import, rows: Sequence[Cells]) -> set[UUID]:
    """Pictures of this workspace that rows name by our own addresses."""
    named = {own for cells in rows if (own := own_media_id(cells.get(bulk_csv.MEDIA_URL, "")))}
    if not named:
        return set()
    ours = Media.objects.filter(workspace_id=batch.workspace_id, pk__in=named)
    return set(ours.values_list("pk", flat=True))


class _Reader:
    """Reads rows one by one, remembering what each board's text means."""

    def __init__(self, batch: Import, account: AccountBoards, pictures: set[UUID]) -> None:
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
        own = own_media_id(cells.get(bulk_csv.MEDIA_URL, ""))
        if own and own not in self._pictures:
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
            date = read_publish_date(text, zone=self._batch.time_zone)
        except DateRejected as error:
            verdict.wrong(bulk_csv.PUBLISH_DATE, str(error))
            return False
        verdict.at = date.at
        verdict.notes.extend(date.notes)
        return True


def _say_it_is_here(verdict: Verdict, pin: KnownPin, *, zone: str) -> None:
    when = pin.imported_at and f"{pin.imported_at.astimezone(ZoneInfo(zone)):%-d %B %Y}"
    verdict.same_as = pin.pin_id
    verdict.leave_out(f"Already imported on {when}." if when else "This Pin is already in PinApp.")


def _say_what_repeats(batch: Import, rows: Sequence[Cells], verdicts: Sequence[Verdict]) -> None:
    """Tell of links that go out too near each other; pictures are not fetched yet."""
    by_link: dict[str, list[Candidate]] = defaultdict(list)
    for index, (cells, verdict) in enumerate(zip(rows, verdicts, strict=True)):
        link = cells.get(bulk_csv.LINK, "")
        if verdict.is_ready and verdict.at and link:
            by_link[link].append(Candidate(key=str(index), at=verdict.at, link=link))
    few = [each for same in by_link.values() if len(same) <= _COMPARED for each in same]
    for key, repeats in find_repeats(batch.workspace, few).items():
        nearest = repeats[0]
        other = f"“{nearest.pin}”" if nearest.pin else "another row of this file"
        day = f"{nearest.at.astimezone(ZoneInfo(batch.time_zone)):%-d %B %Y}"
        verdicts[int(key)].notes.append(
            f"Its link goes out with {other} on {day} too: Pinterest may take that for spam."
        )
    for same in by_link.values():
        if len(same) > _COMPARED:
            for candidate in same:
                verdicts[int(candidate.key)].notes.append(
                    f"Its link stands in {len(same):,} rows of this file: "
                    "Pinterest may take that for spam."
                )


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
