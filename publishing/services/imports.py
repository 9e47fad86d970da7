"""Taking a file of Pins in: reading it, telling what each row means, having it mended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.models import Connection, User
from publishing.models import Import, ImportRow, ImportStatus, RowStatus
from publishing.policy import bulk_csv
from publishing.policy.board_names import fold
from publishing.policy.bulk_csv import Sheet
from publishing.services.import_verdicts import Verdict, judge_rows

_VERDICT_COLUMNS: Final = (
    "status",
    "board",
    "section",
    "scheduled_at",
    "key",
    "problems",
    "notes",
    "candidates",
    "same_as",
)
_UNDECIDED: Final = (RowStatus.READY, RowStatus.WRONG, RowStatus.SAME)
_BATCH: Final = 200


class ImportUnderWay(Exception):
    """The rows are being imported right now; the text says so."""

    def __str__(self) -> str:
        return "This import is under way. Wait until it is done, then change what is left."


class NothingReady(Exception):
    """No row can be imported as it is; the text says what to do."""

    def __str__(self) -> str:
        return "No row is ready. Mend the rows below, or upload the file again."


def take_file(
    *, connection: Connection, by: User, file_name: str, data: bytes, now: datetime
) -> Import:
    """Keep a file's rows and say what each means. Nothing is planned. Raises FileRejected."""
    sheet = bulk_csv.read_sheet(data)
    with transaction.atomic():
        batch = Import.objects.create(
            workspace=connection.workspace,
            connection=connection,
            file_name=_file_name(file_name),
            time_zone=connection.workspace.time_zone,
            unused_columns=list(sheet.unused),
            created_by=by,
            created_at=now,
        )
        _keep_rows(batch, sheet, now=now)
    return batch


def check_again(*, batch: Import, now: datetime) -> None:
    """Look at all rows anew: boards, Pins and times have changed. Raises ImportUnderWay."""
    with transaction.atomic():
        _judge(_locked(batch), now=now)


def change_account(*, batch: Import, connection: Connection, now: datetime) -> None:
    """Plan the rows for another account. Raises ImportUnderWay."""
    with transaction.atomic():
        held = _locked(batch)
        held.connection, held.choices = connection, {}
        held.save(update_fields=["connection", "choices"])
        _judge(held, now=now)


def choose_board(*, batch: Import, text: str, place: str, now: datetime) -> None:
    """Let a board's text mean a place, in all rows that have it. Raises ImportUnderWay."""
    with transaction.atomic():
        held = _locked(batch)
        held.choices = {**held.choices, fold(text)[:300]: place[:70]}
        held.save(update_fields=["choices"])
        _judge(held, now=now)


def change_row(
    *, batch: Import, number: int, cells: Mapping[str, str], now: datetime
) -> ImportRow | None:
    """Replace what is written in a row that is not imported yet. Raises ImportUnderWay."""
    with transaction.atomic():
        held = _locked(batch)
        row = held.rows.filter(number=number).exclude(status=RowStatus.DONE).first()
        if row is None:
            return None
        kept = {column: text for column, text in row.cells.items() if column not in cells}
        row.cells = {**kept, **cells}
        row.status = RowStatus.WRONG
        row.save(update_fields=["cells", "status"])
        _judge(held, now=now)
    row.refresh_from_db()
    return row


def start_import(*, batch: Import, by: User, now: datetime) -> int:
    """Have a worker make Pins of the rows that are ready; returns how many there are.

    All are looked at once more before. Raises ImportUnderWay and NothingReady.
    """
    with transaction.atomic():
        held = _locked(batch)
        _judge(held, now=now)
        ready = held.rows.filter(status=RowStatus.READY).count()
        if not ready:
            raise NothingReady
        held.status, held.started_by, held.started_at = ImportStatus.RUNNING, by, now
        held.finished_at = held.leased_until = None
        held.save(
            update_fields=["status", "started_by", "started_at", "finished_at", "leased_until"]
        )
    return ready


def try_again(*, batch: Import, by: User, now: datetime) -> int:
    """Import the rows that failed once more. Raises ImportUnderWay and NothingReady."""
    with transaction.atomic():
        held = _locked(batch)
        held.rows.filter(status=RowStatus.FAILED).update(status=RowStatus.WRONG, tries=0)
        return start_import(batch=held, by=by, now=now)


def discard(*, batch: Import) -> None:
    """Forget a file; Pins that were made of it stay. Raises ImportUnderWay.

    Rows with a Pin are what keeps the same file from being imported twice: they stay as well.
    """
    with transaction.atomic():
        held = _locked(batch)
        held.rows.exclude(status=RowStatus.DONE).delete()
        if not held.rows.exists():
            held.delete()


def _file_name(name: str) -> str:
    printable = "".join(char for char in name if char.isprintable())
    return printable.strip()[-200:] or "file.csv"


def _locked(batch: Import) -> Import:
    """The import, with nobody else changing it. Raises ImportUnderWay."""
    held = (
        Import.objects.select_for_update(of=("self",)).select_related("connection").get(pk=batch.pk)
    )
    if held.status == ImportStatus.RUNNING:
        raise ImportUnderWay
    return held


def _keep_rows(batch: Import, sheet: Sheet, *, now: datetime) -> None:
    rows = [
        ImportRow(
            batch=batch,
            workspace_id=batch.workspace_id,
            number=row.number,
            cells=dict(row.cells),
        )
        for row in sheet.rows
    ]
    _decide(batch, rows, now=now)
    ImportRow.objects.bulk_create(rows, batch_size=_BATCH)


def _judge(batch: Import, *, now: datetime) -> None:
    """Write down what each row means that is not imported yet, where that has changed."""
    rows = list(batch.rows.filter(status__in=_UNDECIDED).order_by("number"))
    before = [_verdict_of(row) for row in rows]
    _decide(batch, rows, now=now)
    changed = [row for row, was in zip(rows, before, strict=True) if _verdict_of(row) != was]
    ImportRow.objects.bulk_update(changed, _VERDICT_COLUMNS, batch_size=_BATCH)


def _decide(batch: Import, rows: list[ImportRow], *, now: datetime) -> None:
    """Give rows, in the order of the file, what they mean."""
    verdicts = judge_rows(batch, [row.cells for row in rows], now=now)
    firsts: dict[str, int] = {}
    for row, verdict in zip(rows, verdicts, strict=True):
        first = firsts.setdefault(verdict.key, row.number) if verdict.is_ready else row.number
        if first != row.number:
            verdict.leave_out(
                f"It asks for the same Pin as row {first}. To repeat it on purpose, change "
                "something, such as its time."
            )
        _write_down(row, verdict)


def _write_down(row: ImportRow, verdict: Verdict) -> None:
    row.status = verdict.status
    row.board, row.section = verdict.board, verdict.section
    row.scheduled_at, row.key = verdict.at, verdict.key
    row.problems = [{"column": each.column, "message": each.message} for each in verdict.problems]
    row.notes = verdict.notes
    row.candidates = verdict.candidates
    row.same_as_id = verdict.same_as


def _verdict_of(row: ImportRow) -> tuple[object, ...]:
    return (
        row.status,
        row.board_id,
        row.section_id,
        row.scheduled_at,
        row.key,
        row.problems,
        row.notes,
        row.candidates,
        row.same_as_id,
    )
