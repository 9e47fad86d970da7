"""Saying of each row of an import what it means, and writing that down."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from publishing.imports.policy import bulk_csv
from publishing.imports.policy.bulk_csv import Sheet
from publishing.imports.policy.publish_dates import look_at_dates
from publishing.imports.services.verdicts import Verdict, judge_rows
from publishing.models import Import, ImportRow, ImportStatus, RowStatus

_VERDICT_COLUMNS: Final = (
    "status",
    "asks",
    "board",
    "section",
    "scheduled_at",
    "key",
    "problems",
    "notes",
    "candidates",
    "same_as",
)
_UNDECIDED: Final = (RowStatus.READY, RowStatus.WRONG, RowStatus.SAME, RowStatus.ASKS)
_BATCH: Final = 200


class ImportUnderWay(Exception):
    """The rows are being imported right now; the text says so."""

    def __str__(self) -> str:
        return "This import is under way. Wait until it is done, then change what is left."


def locked(batch: Import) -> Import:
    """The import, with nobody else changing it. Raises ImportUnderWay."""
    held = (
        Import.objects.select_for_update(of=("self",)).select_related("connection").get(pk=batch.pk)
    )
    if held.status == ImportStatus.RUNNING:
        raise ImportUnderWay
    return held


def keep_rows(batch: Import, sheet: Sheet, *, now: datetime) -> None:
    """Write a file's rows down with what each means."""
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


def judge(batch: Import, *, now: datetime) -> None:
    """Write down what each row means that is not imported yet, where that has changed."""
    rows = list(
        batch.rows.filter(status__in=_UNDECIDED).select_related("picture").order_by("number")
    )
    before = [_verdict_of(row) for row in rows]
    _decide(batch, rows, now=now)
    changed = [row for row, was in zip(rows, before, strict=True) if _verdict_of(row) != was]
    ImportRow.objects.bulk_update(changed, _VERDICT_COLUMNS, batch_size=_BATCH)


def _look_at_dates(batch: Import, rows: list[ImportRow]) -> None:
    """Learn from the dates in the file what is not said of each; a date that proves it is kept."""
    seen = look_at_dates(row.cells.get(bulk_csv.PUBLISH_DATE, "") for row in rows)
    batch.day_order = seen.order or batch.day_order
    batch.local_date = seen.local[:100]
    batch.two_way_date = "" if seen.order else seen.two_ways[:100]
    batch.save(update_fields=["day_order", "local_date", "two_way_date"])


def _decide(batch: Import, rows: list[ImportRow], *, now: datetime) -> None:
    """Give rows, in the order of the file, what they mean."""
    _look_at_dates(batch, rows)
    verdicts = judge_rows(batch, rows, now=now)
    firsts: dict[str, int] = {}
    for row, verdict in zip(rows, verdicts, strict=True):
        is_first = verdict.key and not verdict.problems and not verdict.is_left_out
        first = firsts.setdefault(verdict.key, row.number) if is_first else row.number
        if first != row.number:
            verdict.leave_out(
                f"It asks for the same Pin as row {first}. To repeat it on purpose, change "
                "something, such as its time."
            )
        _write_down(row, verdict)


def _write_down(row: ImportRow, verdict: Verdict) -> None:
    row.status = verdict.status
    row.asks = verdict.asks or ""
    row.board, row.section = verdict.board, verdict.section
    row.scheduled_at, row.key = verdict.at, verdict.key
    row.problems = [{"column": each.column, "message": each.message} for each in verdict.problems]
    row.notes = verdict.notes
    row.candidates = verdict.candidates
    row.same_as_id = verdict.same_as


def _verdict_of(row: ImportRow) -> tuple[object, ...]:
    return (
        row.status,
        row.asks,
        row.board_id,
        row.section_id,
        row.scheduled_at,
        row.key,
        row.problems,
        row.notes,
        row.candidates,
        row.same_as_id,
    )
