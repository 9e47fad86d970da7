"""Lists of pages prepared for templates: words and addresses, no decisions left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from foundation.documents.encodings import ENCODINGS
from interactions.models import AT_WORK, ListStatus, PageList, PageRow, RowStatus

# The page's tabs: name, words, statuses (none means all).
TABS: list[tuple[str, str, tuple[str, ...]]] = [
    ("all", "All pages", ()),
    ("new", "New", (RowStatus.READY,)),
    ("same", "Here already", (RowStatus.SAME,)),
    ("mend", "Can't be added", (RowStatus.WRONG, RowStatus.FAILED)),
    ("done", "Added", (RowStatus.DONE,)),
]
_TONES = {
    RowStatus.READY: "info",
    RowStatus.WRONG: "bad",
    RowStatus.SAME: "calm",
    RowStatus.DONE: "good",
    RowStatus.FAILED: "bad",
}
_WORDS = {
    RowStatus.DONE: "added",
    RowStatus.READY: "new",
    RowStatus.SAME: "here already",
    RowStatus.WRONG: "can't be used",
    RowStatus.FAILED: "not added",
}


def list_facts(batch: PageList, counted_rows: Mapping[str, int]) -> dict[str, Any]:
    """A list as lists and its page show it; `counted_rows` as `count_rows` has them."""
    counts = {status: counted_rows.get(status, 0) for status in RowStatus}
    to_mend = counts[RowStatus.WRONG] + counts[RowStatus.FAILED]
    return {
        "name": batch.name,
        "url": reverse("list_detail", args=[batch.pk]),
        "created_at": batch.created_at,
        "status_label": batch.get_status_display(),
        "is_at_work": batch.status in AT_WORK,
        "is_unreadable": batch.status == ListStatus.UNREADABLE,
        "problem": batch.problem,
        "rows_text": _counted(sum(counts.values()), "page"),
        "summary": ", ".join(
            f"{counts[status]:,} {word}" for status, word in _WORDS.items() if counts[status]
        ),
        "left_out": _left_out(batch),
        "unread": [_unread(**each) for each in batch.unread],
        "ready_count": counts[RowStatus.READY],
        "ready_label": f"Add {_counted(counts[RowStatus.READY], 'page')}",
        "done_text": f"{_counted(counts[RowStatus.DONE], 'page')} added",
        "done_count": counts[RowStatus.DONE],
        "failed_count": counts[RowStatus.FAILED],
        "mend_count": to_mend,
        "mend_text": f"{_counted(to_mend, 'page')} can't be added. Each says why.",
        "start_url": reverse("list_start", args=[batch.pk]),
        "failed_url": reverse("list_failed", args=[batch.pk]),
        "discard_url": reverse("list_discard", args=[batch.pk]),
    }


def encoding_facts(batch: PageList, *, can_change: bool) -> dict[str, Any] | None:
    """How a file was read and what to choose from; None where its bytes leave no doubt."""
    if not batch.encoding:
        return None
    otherwise = "choose another encoding." if can_change else "save it as UTF-8 and give it again."
    return {
        "text": f"The file was read as {ENCODINGS.get(batch.encoding, batch.encoding)}. Where "
        f"letters look wrong, {otherwise}",
        "url": reverse("list_encoding", args=[batch.pk]) if can_change else "",
        "options": [
            {"value": name, "label": words, "selected": name == batch.encoding}
            for name, words in ENCODINGS.items()
        ],
    }


def progress_facts(batch: PageList, counts: Mapping[str, int]) -> dict[str, Any]:
    """How far a list at work is."""
    done = sum(counts.get(each, 0) for each in (RowStatus.DONE, RowStatus.FAILED, RowStatus.SAME))
    total = done + counts.get(RowStatus.READY, 0)
    is_reading = batch.status == ListStatus.READING
    files = _counted(batch.files_read, "sitemap")
    failed = counts.get(RowStatus.FAILED, 0)
    return {
        "is_running": batch.status in AT_WORK,
        "is_reading": is_reading,
        "title": "Reading the sitemap" if is_reading else "Adding pages",
        "url": reverse("list_progress", args=[batch.pk]),
        "stop_url": reverse("list_stop", args=[batch.pk]),
        "done": done,
        "total": total,
        "text": f"{files} read" if is_reading else f"{done:,} of {_counted(total, 'page')}",
        "failed_text": f"{_counted(failed, 'page')} could not be added" if failed else "",
    }


def tabs_facts(counts: Mapping[str, int], *, chosen: str) -> list[dict[str, Any]]:
    """The tabs over a list's rows; those without rows are left out."""
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


def row_facts(row: PageRow) -> dict[str, Any]:
    """A row as its list's page shows it."""
    status = RowStatus(row.status)
    picture = row.image_url or "its picture is read from the page"
    return {
        "number": row.number,
        "title": row.title or row.page_url or "No page",
        "page_url": row.page_url if row.title else "",
        "picture": picture if status in (RowStatus.READY, RowStatus.FAILED) else "",
        "entity_url": reverse("entity_detail", args=[row.entity.key]) if row.entity else "",
        "status_label": status.label,
        "tone": _TONES[status],
        "note": row.note,
    }


def _unread(*, url: str, problem: str) -> str:
    return f"{url}: {problem}" if url else problem


def _left_out(batch: PageList) -> list[str]:
    """What of a sitemap did not become rows."""
    found = []
    if batch.known_count:
        found.append(f"{_counted(batch.known_count, 'page')} of the sitemap are here already.")
    if batch.elsewhere_count:
        found.append(f"{_counted(batch.elsewhere_count, 'page')} are not on this site.")
    if batch.beyond_count:
        found.append(
            f"{_counted(batch.beyond_count, 'more new page')} did not fit into one list. "
            "Add these, then give the sitemap again."
        )
    return found


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
