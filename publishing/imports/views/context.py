"""Imports prepared for templates: words and addresses, no decisions left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format

from publishing.choices.bounds import DESCRIPTION_LIMIT, KEYWORDS_LIMIT, TITLE_LIMIT
from publishing.imports.policy import bulk_csv
from publishing.imports.views.times import in_both_zones
from publishing.models import Import, ImportRow, ImportStatus, RowAsks, RowStatus

# The page's tabs: name, words, statuses (none means all).
TABS: list[tuple[str, str, list[str]]] = [
    ("all", "All rows", []),
    ("asks", "Ask you", [RowStatus.ASKS]),
    ("mend", "Need mending", [RowStatus.WRONG, RowStatus.FAILED]),
    ("ready", "Ready", [RowStatus.READY]),
    ("same", "Left out", [RowStatus.SAME]),
    ("done", "Imported", [RowStatus.DONE]),
]
_TONES = {
    # Its picture has not been fetched yet, so nobody knows that it will be.
    RowStatus.READY: ("info", "clock"),
    RowStatus.WRONG: ("bad", "circle-alert"),
    RowStatus.SAME: ("calm", "copy"),
    RowStatus.ASKS: ("warn", "circle-help"),
    RowStatus.DONE: ("good", "circle-check"),
    RowStatus.FAILED: ("bad", "circle-x"),
}
_WEB = ("https://", "http://")
_KEYWORDS_TEXT = (
    f"Up to {KEYWORDS_LIMIT:,} characters. Pinterest's API takes none: PinApp keeps them with the "
    "Pin and gives them back when you export."
)
_COLUMN_TEXTS = {
    bulk_csv.TITLE: f"Up to {TITLE_LIMIT} characters.",
    bulk_csv.MEDIA_URL: "The picture's address on the web. It is fetched when you import.",
    bulk_csv.BOARD: "A name, an address, or “Board / Section”. Nothing is guessed.",
    bulk_csv.THUMBNAIL: "For videos, which come as files: not used.",
    bulk_csv.DESCRIPTION: f"Up to {DESCRIPTION_LIMIT} characters.",
    bulk_csv.LINK: "Where a click leads.",
    bulk_csv.PUBLISH_DATE: (
        "Such as 2026-06-10 14:30. Where times say no zone, you are asked once which one is meant. "
        "Empty takes the next free slot, or makes a draft where the account has none."
    ),
    bulk_csv.KEYWORDS: _KEYWORDS_TEXT,
    bulk_csv.ALT_TEXT: "A column of ours: describes the picture to people who can't see it.",
}


def columns_facts() -> list[dict[str, Any]]:
    """What belongs in each column."""
    return [
        {"name": name, "text": text, "optional": name not in (bulk_csv.MEDIA_URL, bulk_csv.BOARD)}
        for name, text in _COLUMN_TEXTS.items()
    ]


def import_facts(batch: Import, counted_rows: Mapping[str, int]) -> dict[str, Any]:
    """An import as lists and its page show it; `counted_rows` as `count_rows` has them."""
    counts = {status: counted_rows.get(status, 0) for status in RowStatus}
    rows_count = sum(counts.values())
    to_mend = counts[RowStatus.WRONG] + counts[RowStatus.FAILED]
    return {
        "id": str(batch.pk),
        "url": reverse("import_detail", args=[batch.pk]),
        "file_name": batch.file_name,
        "connection": batch.connection,
        "time_zone": batch.time_zone,
        "status": batch.status,
        "status_label": batch.get_status_display(),
        "is_running": batch.status == ImportStatus.RUNNING,
        "created_by": batch.created_by,
        "created_text": local_text(batch.created_at, zone=batch.time_zone),
        "unused_text": ", ".join(f"“{name}”" for name in batch.unused_columns),
        "rows_text": counted(rows_count, "row"),
        "summary": _summary(counts),
        "asks_count": counts[RowStatus.ASKS],
        "repeats_url": reverse("import_repeats", args=[batch.pk]),
        "ready_count": counts[RowStatus.READY],
        "ready_label": f"Import {counted(counts[RowStatus.READY], 'Pin')}",
        "done_count": counts[RowStatus.DONE],
        "done_text": f"{counted(counts[RowStatus.DONE], 'Pin')} imported",
        "mend_count": to_mend,
        "mend_text": _mend_text(to_mend),
        "failed_count": counts[RowStatus.FAILED],
        "failed_url": reverse("import_failed", args=[batch.pk]),
        "start_url": reverse("import_start", args=[batch.pk]),
        "account_url": reverse("import_account", args=[batch.pk]),
        "board_url": reverse("import_board", args=[batch.pk]),
        "discard_url": reverse("import_discard", args=[batch.pk]),
        "can_discard": rows_count > counts[RowStatus.DONE] or not rows_count,
    }


def progress_facts(batch: Import, counts: Mapping[str, int]) -> dict[str, Any]:
    """How far a running import is."""
    done, failed = counts.get(RowStatus.DONE, 0), counts.get(RowStatus.FAILED, 0)
    total = done + failed + counts.get(RowStatus.READY, 0)
    return {
        "is_running": batch.status == ImportStatus.RUNNING,
        "url": reverse("import_progress", args=[batch.pk]),
        "done": done + failed,
        "total": total,
        "text": f"{done + failed} of {counted(total, 'row')}",
        "failed_text": f"{counted(failed, 'row')} could not be imported" if failed else "",
    }


def tabs_facts(counts: Mapping[str, int], *, chosen: str) -> list[dict[str, Any]]:
    """The tabs over an import's rows; those without rows are left out."""
    tabs = [
        {
            "label": label,
            "url": f"?show={name}",
            "active": name == chosen,
            "count": sum(counts.get(status, 0) for status in statuses or RowStatus.values),
        }
        for name, label, statuses in TABS
    ]
    return [tab for tab in tabs if tab["count"] or tab["active"]]


def row_facts(row: ImportRow, batch: Import) -> dict[str, Any]:
    """A row as the import's page shows it."""
    cells, status = row.cells, RowStatus(row.status)
    tone, icon = _TONES[status]
    media_url = cells.get(bulk_csv.MEDIA_URL, "")
    return {
        "number": row.number,
        "anchor": f"row-{row.number}",
        "title": cells.get(bulk_csv.TITLE, ""),
        "media_url": media_url if media_url.lower().startswith(_WEB) else "",
        "board_text": cells.get(bulk_csv.BOARD, ""),
        "board_name": _place_name(row) or cells.get(bulk_csv.BOARD, "") or "No board",
        "when_text": _when_text(row, batch),
        "status_label": status.label,
        "tone": tone,
        "icon": icon,
        "problems": [_problem(each) for each in row.problems],
        "notes": row.notes,
        "candidates": row.candidates,
        "pin_url": _pin_url(row),
        "pin_is_gone": status == RowStatus.DONE and row.pin_id is None,
        "has_keywords": bool(cells.get(bulk_csv.KEYWORDS)),
        "can_change": status != RowStatus.DONE and batch.status != ImportStatus.RUNNING,
        "needs_mending": status in (RowStatus.WRONG, RowStatus.FAILED),
        "asks_about_repeats": row.asks == RowAsks.REPEATS and status == RowStatus.ASKS,
        "change_url": reverse("import_row", args=[batch.pk, row.number]),
    }


def repeats_text(count: int) -> str:
    """How many rows are asked about; empty for none."""
    if not count:
        return ""
    if count == 1:
        return (
            "1 row repeats a link or a picture too soon. It waits until you say that it is meant."
        )
    return (
        f"{count:,} rows repeat a link or a picture too soon. They wait until you say that it is "
        "meant."
    )


def failed_cells(row: ImportRow) -> dict[str, str]:
    """A row as the file of rows to mend has it."""
    errors = " ".join(_problem_line(each) for each in row.problems)
    return {**row.cells, bulk_csv.ERROR: errors}


def local_text(moment: datetime | None, *, zone: str) -> str:
    """`Tue 24 Nov 2026, 09:00` in a zone; empty for none."""
    if moment is None:
        return ""
    return date_format(moment.astimezone(ZoneInfo(zone)), "D j M Y, H:i")


def counted(number: int, noun: str) -> str:
    """`1 row`, `2,000 rows`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _summary(counts: dict[RowStatus, int]) -> str:
    words = {
        RowStatus.DONE: "imported",
        RowStatus.READY: "ready",
        RowStatus.ASKS: "waiting for an answer",
        RowStatus.SAME: "left out",
        RowStatus.WRONG: "to mend",
        RowStatus.FAILED: "not imported",
    }
    return ", ".join(
        f"{counts[status]:,} {word}" for status, word in words.items() if counts[status]
    )


def _mend_text(count: int) -> str:
    if count == 1:
        return "1 row needs mending. Change it here, or download it and upload it again."
    return f"{count:,} rows need mending. Change them here, or download them and upload them again."


def _place_name(row: ImportRow) -> str:
    if row.board is None:
        return ""
    return f"{row.board.name} / {row.section.name}" if row.section else row.board.name


def _when_text(row: ImportRow, batch: Import) -> str:
    if row.scheduled_at:
        return in_both_zones(row.scheduled_at, zone=batch.time_zone, read_zone=batch.read_zone)
    return row.cells.get(bulk_csv.PUBLISH_DATE, "") or "No date"


def _problem(problem: dict[str, str]) -> dict[str, str]:
    return {"column": problem["column"], "message": problem["message"]}


def _problem_line(problem: dict[str, str]) -> str:
    column, message = problem["column"], problem["message"]
    return f"{column}: {message}" if column else message


def _pin_url(row: ImportRow) -> str:
    pin_id = row.pin_id or row.same_as_id
    return reverse("pin_detail", args=[pin_id]) if pin_id else ""
