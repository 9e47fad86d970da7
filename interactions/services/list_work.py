"""A worker adds the pages of lists: each once, whoever dies meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from foundation.fetching.documents import DocumentProblem, DocumentRejected, fetch_document
from foundation.fetching.fetch import FetchRejected, fetch_image
from interactions.models import ListStatus, PageList, PageRow, RowStatus
from interactions.policy.entity_lists import ListedRow, problem_of
from interactions.policy.pages import PAGE_BYTES, PageFacts
from interactions.services.foreign import PageRejected, read_foreign_page
from interactions.services.list_ends import finish
from interactions.services.list_leases import (
    LEASE,
    Clock,
    a_place,
    mine,
    others_wait,
    renew,
    take,
)
from interactions.services.sites import KnownAlready, PageElsewhere, keep_entity
from pinterest.media.images import ImageRejected, check_image

SLICE: Final = timedelta(seconds=10)
"""How long a worker stays with one list before others get their turn."""

BACK_OFF: Final = timedelta(minutes=1)
TRIES: Final = 3
PACE_S: Final = 0.3
"""Between two pages, so that adding a shop's pages is no flood to the shop."""


class RowRefused(Exception):
    """Nothing can be made of a row; the text says why."""


_PROBLEMS: Final = (
    *(RowRefused, PageElsewhere, PageRejected),
    *(FetchRejected, ImageRejected, DocumentRejected),
)


def work_on_list(
    *, list_id: UUID, clock: Clock, rest: Callable[[float], object] = time.sleep
) -> bool:
    """Add some pages of a list; True when there is more to do at once.

    Does nothing while another worker has it in hand, or while all places are taken; where others
    wait for a place, the rest is left to the next round.
    """
    with a_place() as is_mine:
        batch = take(list_id, ListStatus.RUNNING, now=clock()) if is_mine else None
        return batch is not None and _work(batch, clock, rest) and not others_wait()


def _work(batch: PageList, clock: Clock, rest: Callable[[float], object]) -> bool:
    stop_at = clock() + SLICE
    while (row := _next_row(batch)) is not None:
        if not renew(batch, until=clock() + LEASE):
            return False  # stopped, or in other hands
        try:
            add_row(batch=batch, row=row, now=clock())
        except DocumentRejected:  # the site asks for time
            renew(batch, until=clock() + BACK_OFF)
            return False
        if clock() >= stop_at:
            return bool(mine(batch).update(leased_until=None))
        rest(PACE_S)
    finish(batch, now=clock())
    return False


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
    except _PROBLEMS as error:
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
            row.page_url, most_bytes=PAGE_BYTES, cut=True, allowed_networks=_networks()
        )
    except DocumentRejected as error:
        if row.image_url and error.code is not DocumentProblem.BUSY:
            return PageFacts()
        raise
    return read_foreign_page(page)


def _networks() -> tuple[str, ...]:
    return tuple(settings.FETCH_ALLOWED_NETWORKS)


def _next_row(batch: PageList) -> PageRow | None:
    return batch.rows.filter(status=RowStatus.READY).order_by("number").first()


def _waiting(row: PageRow) -> QuerySet[PageRow]:
    return PageRow.objects.filter(pk=row.pk, status=RowStatus.READY)


def _count_try(row: PageRow) -> None:
    """Count before anything is done. Raises RowRefused for a row over which workers died."""
    if row.tries >= TRIES:
        raise RowRefused("PinApp could not finish with this page. Add it by hand.")
    _waiting(row).update(tries=F("tries") + 1)
