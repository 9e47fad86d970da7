"""A list of pages comes to its end, and who cares about it hears of what needs them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.services.events import Happening, record
from interactions.models import ListStatus, PageList, RowStatus
from interactions.notifications import LIST_NEEDS_YOU
from interactions.services.list_leases import mine


@transaction.atomic
def give_up(batch: PageList, problem: str, *, now: datetime) -> None:
    """End a list of which nothing can be read."""
    problem = problem[:500]
    if mine(batch).update(status=ListStatus.UNREADABLE, problem=problem, leased_until=None):
        record(LIST_NEEDS_YOU, [_about(batch, problem, "")], by=None, now=now)


@transaction.atomic
def finish(batch: PageList, *, now: datetime) -> None:
    """End a list whose rows are all done."""
    finished = mine(batch).update(status=ListStatus.DONE, finished_at=now, leased_until=None)
    failed = batch.rows.filter(status=RowStatus.FAILED).count()
    if finished and failed:
        words = left_over_words(failed)
        told = [_about(batch, words["problem"], words["remedy"])]
        record(LIST_NEEDS_YOU, told, by=None, now=now)


def left_over_words(failed: int) -> dict[str, str]:
    """What is said of a list that is done except for some pages: problem and remedy."""
    if not failed:
        return {"problem": "All its pages are added.", "remedy": ""}
    pages = "1 page was" if failed == 1 else f"{failed} pages were"
    return {
        "problem": f"{pages} not added.",
        "remedy": "The list says of each why, and tries them again.",
    }


def _about(batch: PageList, problem: str, remedy: str) -> Happening:
    return Happening(
        workspace_id=batch.site.workspace_id,
        subject="list",
        subject_id=batch.pk,
        concerns_id=batch.started_by_id or batch.created_by_id,
        payload={
            "name": batch.name,
            "place": [batch.site.name],
            "problem": problem,
            "remedy": remedy,
        },
    )
