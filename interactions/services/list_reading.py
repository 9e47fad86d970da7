"""A worker reads a sitemap and those it leads to; new pages become the rows of a list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from foundation.fetching.documents import DocumentRejected, fetch_document
from interactions.models import ListStatus, PageList
from interactions.policy.entity_lists import ROW_LIMIT, ListedRow
from interactions.policy.origins import read_origin
from interactions.policy.sitemaps import (
    ENTRY_LIMIT,
    SITEMAP_BYTES,
    ListedPage,
    Sitemap,
    SitemapRejected,
)
from interactions.selectors.lists import known_pages
from interactions.services.foreign import read_foreign_sitemap
from interactions.services.list_ends import give_up
from interactions.services.list_leases import LEASE, Clock, a_place, mine, renew, take
from interactions.services.lists import keep_rows

TRIES: Final = 3
SITEMAP_LIMIT: Final = 50
"""Sitemaps that one may lead to."""

PAGE_LIMIT: Final = 500_000
"""Pages of a list that are looked at; of each a number of 8 bytes is kept, not its address."""

TIME_LIMIT: Final = timedelta(minutes=5)
_MOST_REMARKS: Final = 20
_NOT_FINISHED: Final = "PinApp could not finish reading it. Bring the pages as a CSV file."


def read_listed_sitemap(*, list_id: UUID, clock: Clock) -> None:
    """Read a sitemap and what it leads to; its pages become rows.

    What can't be read is said on the list, and the others are read all the same. Does nothing
    while another worker has the list in hand, or while all places are taken.
    """
    with a_place() as is_mine:
        batch = take(list_id, ListStatus.READING, now=clock()) if is_mine else None
        if batch is not None:
            _read(batch, clock)


def _read(batch: PageList, clock: Clock) -> None:
    if batch.tries >= TRIES:
        give_up(batch, _NOT_FINISHED, now=clock())
        return
    mine(batch).update(tries=F("tries") + 1)
    found = _Found(batch)
    if not _read_all(batch, found, clock):
        return  # stopped, or in other hands
    if not found.files_read:
        give_up(batch, found.unread[0]["problem"], now=clock())
        return
    with transaction.atomic():
        if mine(batch).update(status=ListStatus.OPEN, leased_until=None):
            _keep(batch, found)


def _read_all(batch: PageList, found: _Found, clock: Clock) -> bool:
    """Read one sitemap after the other, so that only one is in memory; False when stopped."""
    waiting, seen = [batch.name], {batch.name}
    stop_at = clock() + TIME_LIMIT
    while waiting:
        url = waiting.pop(0)
        try:
            sitemap = _read_one(url)
        except (SitemapRejected, DocumentRejected) as error:
            found.leave_out(url, str(error))
        else:
            found.add(url, sitemap)
            fresh = [each for each in sitemap.sitemaps if each not in seen]
            room = SITEMAP_LIMIT + 1 - len(seen)
            if len(fresh) > room:
                found.leave_out(url, f"It leads to more than {SITEMAP_LIMIT} sitemaps. {_REST}")
            seen.update(fresh[:room])
            waiting += fresh[:room]
        if not renew(batch, until=clock() + LEASE, files_read=F("files_read") + 1):
            return False
        if waiting and (clock() > stop_at or found.is_full):
            found.leave_out(waiting[0], _STOPPED[found.is_full])
            return True
    return True


_REST: Final = "The rest was not read: give the address of one of those."
_CUT: Final = (
    f"It is longer than a sitemap may be ({ENTRY_LIMIT:,} pages). What follows those was not read."
)
_STOPPED: Final = {
    False: f"Reading stopped after {TIME_LIMIT.seconds // 60} minutes, before this one. {_REST}",
    True: f"Reading stopped after {PAGE_LIMIT:,} pages, before this one. {_REST}",
}


def _read_one(url: str) -> Sitemap:
    """Raises SitemapRejected, DocumentRejected."""
    networks = tuple(settings.FETCH_ALLOWED_NETWORKS)
    document = fetch_document(url, most_bytes=SITEMAP_BYTES, allowed_networks=networks)
    return read_foreign_sitemap(document)


def _keep(batch: PageList, found: _Found) -> None:
    batch.known_count, batch.elsewhere_count = found.known, found.elsewhere
    batch.beyond_count, batch.unread = found.beyond, found.remarks()
    batch.save(update_fields=["known_count", "elsewhere_count", "beyond_count", "unread"])
    keep_rows(
        batch,
        [
            ListedRow(number, page.url, page.image_url, page.title)
            for number, page in enumerate(found.new, start=1)
        ],
    )


class _Found:
    """What sitemaps list, each page once: the new ones up to what a list takes, others counted."""

    def __init__(self, batch: PageList) -> None:
        self._site = batch.site
        self._seen: set[int] = set()
        self.new: list[ListedPage] = []
        self.known = self.elsewhere = self.beyond = 0
        self.files_read = 0
        self.unread: list[dict[str, str]] = []

    @property
    def is_full(self) -> bool:
        """Whether no more pages are looked at."""
        return len(self._seen) >= PAGE_LIMIT

    def add(self, url: str, sitemap: Sitemap) -> None:
        """Take what the sitemap at `url` lists."""
        self.files_read += 1
        if sitemap.is_cut:
            self.leave_out(url, _CUT)
        pages = self._distinct(sitemap.pages)
        here = [page for page in pages if read_origin(page.url) in self._site.origins]
        known = known_pages(self._site, (page.url for page in here))
        new = [page for page in here if page.url not in known]
        room = ROW_LIMIT - len(self.new)
        self.new += new[:room]
        self.beyond += max(0, len(new) - room)
        self.known += len(here) - len(new)
        self.elsewhere += len(pages) - len(here)

    def leave_out(self, url: str, problem: str) -> None:
        """Note what was not read, and why."""
        self.unread.append({"url": url, "problem": problem})

    def remarks(self) -> list[dict[str, str]]:
        """What was not read, as many as a page can show."""
        more = len(self.unread) - _MOST_REMARKS
        rest = [{"url": "", "problem": f"{more} more could not be read."}] if more > 0 else []
        return [*self.unread[:_MOST_REMARKS], *rest]

    def _distinct(self, pages: Iterable[ListedPage]) -> list[ListedPage]:
        found = []
        for page in pages:
            mark = hash(page.url)
            if mark not in self._seen and not self.is_full:
                self._seen.add(mark)
                found.append(page)
        return found
