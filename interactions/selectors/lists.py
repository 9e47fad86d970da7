"""Lists of pages, their rows, and what of them is here already."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.models import Workspace
from interactions.models import AT_WORK, Entity, ListSource, PageList, PageRow, Site

_CHUNK: Final = 400
"""Values in one condition."""


@dataclass(frozen=True, slots=True)
class KnownPage:
    """An entity that a page has already, and where its picture came from."""

    title: str
    image_url: str
    is_archived: bool


def list_of(workspace: Workspace, list_id: UUID) -> PageList | None:
    """One of the workspace's lists; None for any other."""
    return (
        PageList.objects.filter(site__workspace=workspace, pk=list_id)
        .select_related("site")
        .first()
    )


def lists_of(site: Site) -> QuerySet[PageList]:
    """A site's lists, newest first."""
    return PageList.objects.filter(site=site).order_by("-created_at", "pk")


def count_rows(batches: Iterable[PageList]) -> dict[UUID, dict[str, int]]:
    """How many rows each list has in each status, in one query."""
    counts: dict[UUID, dict[str, int]] = {batch.pk: {} for batch in batches}
    rows = PageRow.objects.filter(batch__in=list(counts)).values_list("batch", "status")
    for batch_id, status, count in rows.annotate(count=Count("pk")):
        counts[batch_id][status] = count
    return counts


def can_read_anew(batch: PageList) -> bool:
    """Whether a list's file is still here, to be read in another encoding."""
    return bool(batch.encoding) and ListSource.objects.filter(batch=batch).exists()


def rows_of(batch: PageList, *, statuses: Collection[str] = ()) -> QuerySet[PageRow]:
    """Rows of a list in their order; no statuses means all."""
    rows = batch.rows.select_related("entity").order_by("number")
    return rows.filter(status__in=statuses) if statuses else rows


def lists_to_go_on_with(*, now: datetime) -> list[tuple[UUID, str]]:
    """Lists at work that no worker has in hand: ids and statuses.

    In an order that is another each time: where places are few, none is always the last.
    """
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    found = PageList.objects.filter(free, status__in=AT_WORK)
    return list(found.order_by("?").values_list("pk", "status"))


def known_pages(site: Site, urls: Iterable[str]) -> dict[str, list[KnownPage]]:
    """What the site has already of each of the pages."""
    known: dict[str, list[KnownPage]] = {}
    for some in _chunks(urls):
        rows = Entity.objects.filter(site=site, page_url__in=some).order_by("created_at", "pk")
        for each in rows:
            page = KnownPage(each.title, each.origin_url, each.archived_at is not None)
            known.setdefault(each.page_url, []).append(page)
    return known


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(set(values))
    return (ordered[start : start + _CHUNK] for start in range(0, len(ordered), _CHUNK))
