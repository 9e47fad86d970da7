"""Taking a file of Pins in: reading it, telling what each row means, having it mended."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import Connection, User
from publishing.boards.policy.board_names import fold
from publishing.imports.policy import bulk_csv
from publishing.imports.services.judging import ImportUnderWay, judge, keep_rows, locked
from publishing.imports.services.reading import read_as_known, write_reading
from publishing.models import (
    Import,
    ImportRow,
    ImportSource,
    ImportStatus,
    Media,
    RowAsks,
    RowStatus,
)

__all__ = ["ImportUnderWay", "NothingReady"]

_UTC_NAMES = ("UTC", "Etc/UTC", "Etc/UCT", "Zulu", "Etc/GMT")


class NothingReady(Exception):
    """No row can be imported as it is; the text says what to do."""

    def __str__(self) -> str:
        return "No row is ready. Mend the rows below, or upload the file again."


def take_file(
    *, connection: Connection, by: User, file_name: str, data: bytes, now: datetime
) -> Import:
    """Keep a file's rows and say what each means. Nothing is planned. Raises FileRejected.

    What the workspace has said of files with this header row is done again unasked.
    """
    sheet, known = read_as_known(connection.workspace, data)
    with transaction.atomic():
        batch = Import(
            workspace=connection.workspace,
            connection=connection,
            file_name=_file_name(file_name),
            time_zone=connection.workspace.time_zone,
            read_zone=known.read_zone or _obvious_zone(connection.workspace.time_zone),
            day_order=known.day_order,
            created_by=by,
            created_at=now,
        )
        write_reading(batch, sheet)
        batch.save()
        ImportSource.objects.create(batch=batch, packed=zlib.compress(data))
        if batch.has_known_columns:
            keep_rows(batch, sheet, now=now)
    return batch


def check_again(*, batch: Import, now: datetime) -> None:
    """Look at all rows anew: boards, Pins and times have changed. Raises ImportUnderWay."""
    with transaction.atomic():
        judge(locked(batch), now=now)


def change_account(*, batch: Import, connection: Connection, now: datetime) -> None:
    """Plan the rows for another account. Raises ImportUnderWay."""
    with transaction.atomic():
        held = locked(batch)
        held.connection, held.choices = connection, {}
        held.save(update_fields=["connection", "choices"])
        judge(held, now=now)


def choose_board(*, batch: Import, text: str, place: str, now: datetime) -> None:
    """Let a board's text mean a place, in all rows that have it. Raises ImportUnderWay."""
    with transaction.atomic():
        held = locked(batch)
        held.choices = {**held.choices, fold(text)[:300]: place[:70]}
        held.save(update_fields=["choices"])
        judge(held, now=now)


def change_row(
    *,
    batch: Import,
    number: int,
    cells: Mapping[str, str],
    now: datetime,
    picture: Media | None = None,
) -> ImportRow | None:
    """Replace what is written in a row that is not imported yet; `picture` is its picture then.

    None where there is no such row. Raises ImportUnderWay.
    """
    with transaction.atomic():
        held = locked(batch)
        row = held.rows.filter(number=number).exclude(status=RowStatus.DONE).first()
        if row is None:
            return None
        kept = {column: text for column, text in row.cells.items() if column not in cells}
        kept.pop(bulk_csv.DECODED, None)
        has_new_address = cells.get(bulk_csv.MEDIA_URL, "") != row.cells.get(bulk_csv.MEDIA_URL, "")
        if picture or has_new_address:
            row.picture = picture
        row.cells = {**kept, **cells}
        row.status, row.repeats = RowStatus.WRONG, False
        row.save(update_fields=["cells", "status", "picture", "repeats"])
        judge(held, now=now)
    row.refresh_from_db()
    return row


def mean_repeats(*, batch: Import, now: datetime, number: int | None = None) -> int:
    """Say that rows repeat a link or a picture on purpose: row `number`, or all that ask.

    Returns how many. Raises ImportUnderWay.
    """
    with transaction.atomic():
        held = locked(batch)
        rows = held.rows.filter(status=RowStatus.ASKS, asks=RowAsks.REPEATS)
        if number is not None:
            rows = rows.filter(number=number)
        count = rows.update(repeats=True)
        judge(held, now=now)
    return count


def start_import(*, batch: Import, by: User, now: datetime) -> int:
    """Have a worker make Pins of the rows that are ready; returns how many there are.

    All are looked at once more before. Raises ImportUnderWay and NothingReady.
    """
    with transaction.atomic():
        held = locked(batch)
        judge(held, now=now)
        ready = held.rows.filter(status=RowStatus.READY).count()
        if not ready:
            raise NothingReady
        # From here on the file has been read as it should be.
        ImportSource.objects.filter(batch=held).delete()
        held.status, held.started_by, held.started_at = ImportStatus.RUNNING, by, now
        held.finished_at = held.leased_until = None
        held.save(
            update_fields=["status", "started_by", "started_at", "finished_at", "leased_until"]
        )
    return ready


def try_again(*, batch: Import, by: User, now: datetime) -> int:
    """Import the rows that failed once more. Raises ImportUnderWay and NothingReady."""
    with transaction.atomic():
        held = locked(batch)
        held.rows.filter(status=RowStatus.FAILED).update(status=RowStatus.WRONG, tries=0)
        return start_import(batch=held, by=by, now=now)


def discard(*, batch: Import) -> None:
    """Forget a file; Pins that were made of it stay. Raises ImportUnderWay.

    Rows with a Pin are what keeps the same file from being imported twice: they stay as well.
    """
    with transaction.atomic():
        held = locked(batch)
        held.rows.exclude(status=RowStatus.DONE).delete()
        if not held.rows.exists():
            held.delete()


def _obvious_zone(home: str) -> str:
    """The zone of a file's times where there is nothing to choose from; empty where there is."""
    return home if home in _UTC_NAMES else ""


def _file_name(name: str) -> str:
    printable = "".join(char for char in name if char.isprintable())
    return printable.strip()[-200:] or "file.csv"
