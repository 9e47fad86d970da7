"""How things stand with lists of pages, for inboxes and mails."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q

from accounts.notifications.subjects import Subject, Words, register_subject
from interactions.models import ListStatus, PageList, RowStatus
from interactions.services.list_ends import left_over_words

_FAILED = Count("rows", filter=Q(rows__status=RowStatus.FAILED))


def _still(_kind: str, ids: Sequence[str]) -> set[str]:
    found = PageList.objects.filter(pk__in=ids).annotate(failed=_FAILED)
    needy = found.filter(Q(status=ListStatus.UNREADABLE) | Q(status=ListStatus.DONE, failed__gt=0))
    return {str(pk) for pk in needy.values_list("pk", flat=True)}


def _tell(_kind: str, ids: Sequence[str]) -> dict[str, Words]:
    found = PageList.objects.filter(pk__in=ids).annotate(failed=_FAILED)
    return {str(each.pk): _words(each, each.failed) for each in found}


def _words(batch: PageList, failed: int) -> Words:
    if batch.status == ListStatus.UNREADABLE:
        return {"problem": batch.problem, "remedy": ""}
    if batch.status != ListStatus.DONE:
        return {"problem": "It is being worked on.", "remedy": ""}
    return left_over_words(failed)


register_subject("list", Subject(still=_still, tell=_tell))
