"""How an uploaded file is read: as found out, as a person says, and as they said the last time."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from zoneinfo import available_timezones

from django.db import transaction

from accounts.models import Workspace
from foundation.documents.encodings import ENCODINGS
from foundation.tables.sheets import FileRejected
from publishing.imports.policy import bulk_csv, column_names
from publishing.imports.policy.bulk_csv import Sheet
from publishing.imports.services.judging import judge, keep_rows, locked
from publishing.models import DayOrder, Import, ImportSource, KnownHeader, RowStatus


class ReadingSettled(Exception):
    """Rows were imported from this file, so it can't be read anew; the text says what to do."""

    def __str__(self) -> str:
        return "Pins were made of this file already. To read it in another way, upload it again."


def read_as_known(workspace: Workspace, data: bytes) -> tuple[Sheet, KnownHeader]:
    """Read a file, and as the workspace has said of its header row. Raises FileRejected."""
    sheet = bulk_csv.read_sheet(data)
    known = _known(workspace, sheet.header)
    encoding = known.encoding if not sheet.is_encoding_sure else ""
    columns = known.columns if len(known.columns) == len(sheet.header) else None
    if (encoding and encoding != sheet.encoding) or columns is not None:
        # Where the last file's encoding is not this one's, it is read as found out.
        with suppress(FileRejected):
            sheet = bulk_csv.read_sheet(data, encoding=encoding or sheet.encoding, columns=columns)
    return sheet, known


def write_reading(batch: Import, sheet: Sheet, *, columns_said: bool = False) -> None:
    """Put how a file was read into an import's fields, without saving them.

    `columns_said` where a person has gone through the columns: what is missing then is missing.
    """
    known = KnownHeader.objects.filter(
        workspace_id=batch.workspace_id, digest=column_names.header_digest(sheet.header)
    ).exclude(columns=[])
    batch.encoding, batch.is_encoding_sure = sheet.encoding, sheet.is_encoding_sure
    batch.header, batch.columns = list(sheet.header), list(sheet.columns)
    batch.lines = list(sheet.lines)
    batch.samples = [list(cells) for cells in sheet.samples]
    batch.unused_columns = list(sheet.unused)
    batch.has_known_columns = (
        columns_said or not column_names.missing_in(sheet.columns) or known.exists()
    )


def change_encoding(*, batch: Import, encoding: str, now: datetime) -> None:
    """Read the file in another encoding, from now on for this header row where it is a guess.

    Raises FileRejected, ReadingSettled and ImportUnderWay.
    """
    if encoding not in ENCODINGS:
        raise FileRejected("This encoding is not one of the list. Choose another one.")
    with transaction.atomic():
        held = locked(batch)
        sheet = bulk_csv.read_sheet(_bytes_of(held), encoding=encoding)
        _remember(held, sheet.header, encoding=encoding, now=now)
        _read_anew(held, sheet, now=now)


def assign_columns(*, batch: Import, chosen: Mapping[int, str], now: datetime) -> None:
    """Say what each name of the header means, from now on for all files with this header row.

    Raises FileRejected, ReadingSettled and ImportUnderWay.
    """
    with transaction.atomic():
        held = locked(batch)
        columns = column_names.assigned(held.header, chosen)
        sheet = bulk_csv.read_sheet(_bytes_of(held), encoding=held.encoding, columns=columns)
        _remember(held, sheet.header, columns=columns, now=now)
        _read_anew(held, sheet, now=now, columns_said=True)


def say_zone(*, batch: Import, zone: str, now: datetime) -> None:
    """Say in which zone the file's times without an offset are. Raises ImportUnderWay.

    A name that is no zone changes nothing.
    """
    if zone not in available_timezones():
        return
    with transaction.atomic():
        held = locked(batch)
        held.read_zone = zone
        held.save(update_fields=["read_zone"])
        _remember(held, held.header, read_zone=zone, now=now)
        judge(held, now=now)


def say_day_order(*, batch: Import, order: str, now: datetime) -> None:
    """Say whether days stand before months in the file. Raises ImportUnderWay."""
    if order not in DayOrder.values:
        return
    with transaction.atomic():
        held = locked(batch)
        held.day_order = order
        held.save(update_fields=["day_order"])
        _remember(held, held.header, day_order=order, now=now)
        judge(held, now=now)


def _known(workspace: Workspace, header: Sequence[str]) -> KnownHeader:
    digest = column_names.header_digest(header)
    found = KnownHeader.objects.filter(workspace=workspace, digest=digest).first()
    return found or KnownHeader(workspace=workspace, digest=digest)


def _remember(batch: Import, header: Sequence[str], *, now: datetime, **said: object) -> None:
    KnownHeader.objects.update_or_create(
        workspace_id=batch.workspace_id,
        digest=column_names.header_digest(header),
        defaults={**said, "updated_at": now},
    )


def _bytes_of(batch: Import) -> bytes:
    """The file itself. Raises ReadingSettled."""
    source = ImportSource.objects.filter(batch=batch).first()
    if source is None or batch.rows.filter(status=RowStatus.DONE).exists():
        raise ReadingSettled
    return zlib.decompress(source.packed)


def _read_anew(batch: Import, sheet: Sheet, *, now: datetime, columns_said: bool = False) -> None:
    batch.rows.all().delete()
    write_reading(batch, sheet, columns_said=columns_said)
    batch.save()
    if batch.has_known_columns:
        keep_rows(batch, sheet, now=now)
