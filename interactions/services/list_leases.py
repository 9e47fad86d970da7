"""Who has a list of pages in hand: one worker at a time, until its lease is over."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.expressions import CombinedExpression

from interactions.models import ListStatus, PageList

Clock = Callable[[], datetime]

LEASE: Final = timedelta(minutes=2)
"""How long a worker may be busy with one page or sitemap: fetching takes 20 seconds, and so does
a page's picture, reading half a minute. After that the worker counts as dead and another goes on;
what both finish is still there once."""

PLACES: Final = threading.BoundedSemaphore(settings.LISTS_AT_ONCE)
"""Of this worker's threads: sites that answer slowly must not take all of them."""

_refused = threading.Event()


@contextmanager
def a_place() -> Iterator[bool]:
    """A place to work on a list; False where all are taken. Does not wait."""
    if not PLACES.acquire(blocking=False):
        _refused.set()
        yield False
        return
    try:
        yield True
    finally:
        PLACES.release()


def others_wait() -> bool:
    """Whether another list was refused a place; asked once, it is forgotten."""
    waited = _refused.is_set()
    _refused.clear()
    return waited


def take(list_id: UUID, status: ListStatus, *, now: datetime) -> PageList | None:
    """Take a list in hand; None when it has nothing to do, or is in other hands."""
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    found = PageList.objects.filter(free, pk=list_id, status=status)
    if not found.update(leased_until=now + LEASE):
        return None
    batch = PageList.objects.select_related("site", "started_by").get(pk=list_id)
    return batch if batch.leased_until == now + LEASE else None


def mine(batch: PageList) -> QuerySet[PageList]:
    """The list's row while it is in our hands; nothing once it is not."""
    return PageList.objects.filter(
        pk=batch.pk, status=batch.status, leased_until=batch.leased_until
    )


def renew(batch: PageList, *, until: datetime, **more: CombinedExpression) -> bool:
    """Keep a list in hand, and change `more` of it; False when it is not in our hands any more."""
    if not mine(batch).update(leased_until=until, **more):
        return False
    batch.leased_until = until
    return True
