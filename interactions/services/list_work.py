"""A worker reads sitemaps and adds the pages of lists: each once, whoever dies meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import CombinedExpression

from accounts.services.events import Happening, record
from interactions.models import ListStatus, PageList, PageRow, RowStatus
from interactions.notifications import LIST_NEEDS_YOU
from interactions.policy.entity_lists import ROW_LIMIT, ListedRow, problem_of
from interactions.policy.origins import read_origin
from interactions.policy.pages import PageFacts, read_page
from interactions.policy.sitemaps import ListedPage, SitemapRejected, read_sitemap
from interactions.selectors.lists import known_pages
from interactions.services.lists import keep_rows
from interactions.services.sites import KnownAlready, PageElsewhere, keep_entity
from pinterest.documents import DocumentProblem, DocumentRejected, fetch_document
from pinterest.fetch import FetchRejected, fetch_image
from pinterest.images import ImageRejected, check_image

Clock = Callable[[], datetime]

LEASE: Final = timedelta(minutes=2)
"""How long a worker may be busy with one page: it and its picture have 20 seconds each. After that
the worker counts as dead and another goes on; what both finish is still there once."""

SLICE: Final = timedelta(seconds=10)
"""How long a worker stays with one list before others get their turn."""

BACK_OFF: Final = timedelta(minutes=1)
TRIES: Final = 3
PACE_S: Final = 0.3
"""Between two pages, so that adding a shop's pages is no flood to the shop."""

_SITEMAP_BYTES: Final = 50 * 1024 * 1024
"""What sitemaps.org allows, unpacked."""
_MOST_SITEMAPS: Final = 50
_PAGE_BYTES: Final = 1024 * 1024
"""Of a page only its head is of interest."""


class RowRefused(Exception):
    """Nothing can be made of a row; the text says why."""


def read_listed_sitemap(*, list_id: UUID, clock: Clock) -> None:
    """Read a sitemap and what it leads to; its pages become rows.

    Does nothing while another worker has it in hand.
    """
    batch = _take(list_id, ListStatus.READING, now=clock())
    if batch is None:
        return
    try:
        pages = list(_pages(batch, clock))
    except (SitemapRejected, DocumentRejected) as error:
        _give_up(batch, str(error)[:500], now=clock())
        return
    with transaction.atomic():
        if _mine(batch).update(status=ListStatus.OPEN, leased_until=None):
            _keep_pages(batch, pages)


def work_on_list(
    *, list_id: UUID, clock: Clock, rest: Callable[[float], object] = time.sleep
) -> bool:
    """Add some pages of a list; True when there is more to do.

    Does nothing while another worker has it in hand.
    """
    batch = _take(list_id, ListStatus.RUNNING, now=clock())
    if batch is None:
        return False
    stop_at = clock() + SLICE
    while (row := _next_row(batch)) is not None:
        if not _renew(batch, until=clock() + LEASE):
            return False  # stopped, or in other hands
        try:
            add_row(batch=batch, row=row, now=clock())
        except DocumentRejected:  # the site asks for time
            _renew(batch, until=clock() + BACK_OFF)
            return False
        if clock() >= stop_at:
            return bool(_mine(batch).update(leased_until=None))
        rest(PACE_S)
    _finish(batch, now=clock())
    return False


@transaction.atomic
def _give_up(batch: PageList, problem: str, *, now: datetime) -> None:
    if _mine(batch).update(status=ListStatus.UNREADABLE, problem=problem, leased_until=None):
        record(LIST_NEEDS_YOU, [_about(batch, problem, "")], by=None, now=now)


@transaction.atomic
def _finish(batch: PageList, *, now: datetime) -> None:
    finished = _mine(batch).update(status=ListStatus.DONE, finished_at=now, leased_until=None)
    failed = batch.rows.filter(status=RowStatus.FAILED).count()
    if finished and failed:
        pages = "1 page was" if failed == 1 else f"{failed} pages were"
        remedy = "The list says of each why, and tries them again."
        record(LIST_NEEDS_YOU, [_about(batch, f"{pages} not added.", remedy)], by=None, now=now)


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


def add_row(*, batch: PageList, row: PageRow, now: datetime) -> None:
    """Make an entity of a row, or write down why not.

    Raises DocumentRejected where the site asks to come back later and the row has tries left.
    """
    try:
        _count_try(row)
        _add(batch, row, now=now)
    except (KnownAlready, IntegrityError) as error:
        note = str(error) if isinstance(error, KnownAlready) else "Added a moment ago by another."
        _waiting(row).update(status=RowStatus.SAME, note=note[:500])
    except (RowRefused, PageElsewhere, FetchRejected, ImageRejected, DocumentRejected) as error:
        busy = isinstance(error, DocumentRejected) and error.code is DocumentProblem.BUSY
        if busy and row.tries + 1 < TRIES:
            raise
        _waiting(row).update(status=RowStatus.FAILED, note=str(error)[:500])


def _add(batch: PageList, row: PageRow, *, now: datetime) -> None:
    listed = ListedRow(row.number, row.page_url, row.image_url)
    if problem := problem_of(listed, origins=batch.site.origins):
        raise RowRefused(problem)
    facts = PageFacts() if row.image_url and row.title else _facts_of(row)
    image_url = row.image_url or facts.image_url
    if not image_url:
        raise RowRefused(
            "The page names no picture (og:image). Give the picture's address in a CSV file."
        )
    image = check_image(fetch_image(image_url, allowed_networks=_networks()))
    with transaction.atomic():
        entity = keep_entity(
            site=batch.site,
            by=batch.started_by,
            title=row.title or facts.title or row.page_url[:200],
            page_url=row.page_url,
            description=row.description or facts.description,
            image=image,
            image_url=image_url,
            now=now,
            takes_back=False,
        )
        _waiting(row).update(status=RowStatus.DONE, entity=entity, title=entity.title, note="")


def _facts_of(row: PageRow) -> PageFacts:
    """What the page says of itself; nothing where only its title was wanted and it is away."""
    try:
        page = fetch_document(
            row.page_url, most_bytes=_PAGE_BYTES, cut=True, allowed_networks=_networks()
        )
    except DocumentRejected as error:
        if row.image_url and error.code is not DocumentProblem.BUSY:
            return PageFacts()
        raise
    return read_page(page.data, url=page.url)


def _pages(batch: PageList, clock: Clock) -> Iterator[ListedPage]:
    """All pages of a sitemap and of those it lists. Raises SitemapRejected, DocumentRejected."""
    waiting, seen = [batch.name], {batch.name}
    while waiting and len(seen) <= _MOST_SITEMAPS + 1:
        found = fetch_document(
            waiting.pop(0), most_bytes=_SITEMAP_BYTES, allowed_networks=_networks()
        )
        sitemap = read_sitemap(found.data)
        yield from sitemap.pages
        fresh = [url for url in dict.fromkeys(sitemap.sitemaps) if url not in seen]
        seen.update(fresh)
        waiting += fresh
        if not _renew(batch, until=clock() + LEASE, files_read=F("files_read") + 1):
            return
    if waiting:
        raise SitemapRejected(
            f"It leads to more than {_MOST_SITEMAPS} sitemaps. Give the address of one of those."
        )


def _keep_pages(batch: PageList, pages: list[ListedPage]) -> None:
    """New pages of the site as rows, up to a bound; the others are counted."""
    distinct = list({page.url: page for page in reversed(pages)}.values())[::-1]
    here = [page for page in distinct if read_origin(page.url) in batch.site.origins]
    known = known_pages(batch.site, (page.url for page in here))
    new = [page for page in here if page.url not in known]
    batch.known_count = len(here) - len(new)
    batch.elsewhere_count = len(distinct) - len(here)
    batch.beyond_count = max(0, len(new) - ROW_LIMIT)
    batch.save(update_fields=["known_count", "elsewhere_count", "beyond_count"])
    keep_rows(
        batch,
        [
            ListedRow(number, page.url, page.image_url, page.title)
            for number, page in enumerate(new[:ROW_LIMIT], start=1)
        ],
    )


def _networks() -> tuple[str, ...]:
    return tuple(settings.FETCH_ALLOWED_NETWORKS)


def _take(list_id: UUID, status: ListStatus, *, now: datetime) -> PageList | None:
    """Take a list in hand; None when it has nothing to do, or is in other hands."""
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    found = PageList.objects.filter(free, pk=list_id, status=status)
    if not found.update(leased_until=now + LEASE):
        return None
    batch = PageList.objects.select_related("site", "started_by").get(pk=list_id)
    return batch if batch.leased_until == now + LEASE else None


def _mine(batch: PageList) -> QuerySet[PageList]:
    return PageList.objects.filter(
        pk=batch.pk, status=batch.status, leased_until=batch.leased_until
    )


def _renew(batch: PageList, *, until: datetime, **more: CombinedExpression) -> bool:
    if not _mine(batch).update(leased_until=until, **more):
        return False
    batch.leased_until = until
    return True


def _next_row(batch: PageList) -> PageRow | None:
    return batch.rows.filter(status=RowStatus.READY).order_by("number").first()


def _waiting(row: PageRow) -> QuerySet[PageRow]:
    return PageRow.objects.filter(pk=row.pk, status=RowStatus.READY)


def _count_try(row: PageRow) -> None:
    """Count before anything is done. Raises RowRefused for a row over which workers died."""
    if row.tries >= TRIES:
        raise RowRefused("PinApp could not finish with this page. Add it by hand.")
    _waiting(row).update(tries=F("tries") + 1)
