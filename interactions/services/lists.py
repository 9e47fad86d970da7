"""Bringing lists of pages along: taking them in, having them added, stopped, thrown away."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from accounts.models import User
from foundation.documents.encodings import ENCODINGS
from foundation.tables.sheets import FileRejected
from interactions.models import AT_WORK, ListSource, ListStatus, PageList, PageRow, RowStatus, Site
from interactions.policy.entity_lists import ListedRow, problem_of, read_list
from interactions.selectors.lists import KnownPage, known_pages

logger = logging.getLogger(__name__)

KEPT_FOR: Final = timedelta(days=90)


class ListAtWork(Exception):
    """A list of this site is being read or added; the text says what to do."""

    def __str__(self) -> str:
        return "Another list of this site is under way. Wait until it is done, or stop it."


class NothingNew(Exception):
    """No row can be added as it is; the text says so."""

    def __str__(self) -> str:
        return "Nothing of this list is left to add."


def take_file(*, site: Site, by: User, name: str, data: bytes, now: datetime) -> PageList:
    """Keep a CSV file's rows and say what each means. Nothing is added. Raises FileRejected."""
    listed = read_list(data)
    with transaction.atomic():
        batch = PageList.objects.create(
            site=site,
            name=_printable(name) or "file.csv",
            encoding=listed.guessed_encoding,
            created_by=by,
            created_at=now,
        )
        keep_rows(batch, listed.rows)
        if batch.encoding:
            ListSource.objects.create(batch=batch, packed=zlib.compress(data))
    return batch


def change_encoding(*, batch: PageList, by: User, encoding: str) -> None:
    """Read a file in another encoding than the guessed one, while none of its pages is added.

    Raises FileRejected and ListAtWork, and changes nothing then.
    """
    if encoding not in ENCODINGS:
        raise FileRejected("This encoding is not one of the list. Choose another one.")
    with transaction.atomic():
        held = PageList.objects.select_for_update().get(pk=batch.pk)
        if held.status in AT_WORK:
            raise ListAtWork
        source = ListSource.objects.filter(batch=held).first()
        if source is None:
            raise FileRejected(
                "Pages of this file were added already. To read it in another encoding, give it "
                "again."
            )
        listed = read_list(zlib.decompress(source.packed), encoding=encoding)
        held.rows.all().delete()
        held.encoding = encoding
        held.save(update_fields=["encoding"])
        keep_rows(held, listed.rows)
    logger.info("list_read_anew list=%s by=%s", batch.pk, by.pk)


def take_sitemap(*, site: Site, by: User, url: str, now: datetime) -> PageList:
    """Have a worker read a sitemap. Raises ListAtWork."""
    try:
        with transaction.atomic():
            return PageList.objects.create(
                site=site,
                name=url,
                is_sitemap=True,
                status=ListStatus.READING,
                created_by=by,
                created_at=now,
            )
    except IntegrityError:
        raise ListAtWork from None


def start(*, batch: PageList, by: User, now: datetime, again: bool = False) -> int:
    """Have a worker add what is new, with `again` also what failed before; returns how many rows.

    Raises ListAtWork and NothingNew.
    """
    try:
        with transaction.atomic():
            held = PageList.objects.select_for_update().get(pk=batch.pk)
            if held.status in AT_WORK:
                raise ListAtWork
            if again:
                failed = held.rows.filter(status=RowStatus.FAILED)
                failed.update(status=RowStatus.READY, note="", tries=0)
            ready = held.rows.filter(status=RowStatus.READY).count()
            if not ready:
                raise NothingNew
            held.status, held.started_by, held.started_at = ListStatus.RUNNING, by, now
            held.finished_at = held.leased_until = None
            ListSource.objects.filter(batch=held).delete()
            held.save(
                update_fields=["status", "started_by", "started_at", "finished_at", "leased_until"]
            )
    except IntegrityError:
        raise ListAtWork from None
    return ready


def stop(*, batch: PageList, by: User) -> None:  # noqa: ARG001 - who acts is part of every write
    """Have the worker stop after the page it is at. What is added stays; the rest can go on."""
    running = PageList.objects.filter(pk=batch.pk, status=ListStatus.RUNNING)
    running.update(status=ListStatus.OPEN, leased_until=None)
    reading = PageList.objects.filter(pk=batch.pk, status=ListStatus.READING)
    reading.update(
        status=ListStatus.UNREADABLE, leased_until=None, problem="You stopped it while it was read."
    )


def discard(*, batch: PageList, by: User) -> None:  # noqa: ARG001 - likewise
    """Forget a list; what was added stays. Raises ListAtWork."""
    with transaction.atomic():
        held = PageList.objects.select_for_update().get(pk=batch.pk)
        if held.status in AT_WORK:
            raise ListAtWork
        held.delete()


def forget_old_lists(*, now: datetime) -> int:
    """Delete lists that nobody needs any more; returns how many."""
    old = PageList.objects.filter(created_at__lt=now - KEPT_FOR).exclude(status__in=AT_WORK)
    count = old.count()
    old.delete()
    return count


def keep_rows(batch: PageList, listed: Sequence[ListedRow]) -> None:
    """Write the rows down with what each means."""
    known = known_pages(batch.site, (row.page_url for row in listed))
    firsts: dict[tuple[str, str], int] = {}
    rows: list[PageRow] = []
    for row in listed:
        status, note = _meaning(row, batch.site, known.get(row.page_url, []))
        if status == RowStatus.READY:
            first = firsts.setdefault((row.page_url, row.image_url), row.number)
            if first != row.number:
                status, note = RowStatus.SAME, f"The same as row {first}."
        rows.append(
            PageRow(
                batch=batch,
                number=row.number,
                page_url=row.page_url,
                image_url=row.image_url,
                title=row.title,
                description=row.description,
                status=status,
                note=note,
            )
        )
    PageRow.objects.bulk_create(rows, batch_size=400)


def _meaning(row: ListedRow, site: Site, known: Sequence[KnownPage]) -> tuple[RowStatus, str]:
    if problem := problem_of(row, origins=site.origins):
        return RowStatus.WRONG, problem
    same = [page for page in known if not row.image_url or page.image_url == row.image_url]
    if same and same[0].is_archived:
        return (
            RowStatus.SAME,
            f"“{same[0].title}” is offered no more. Offer it again on its page.",
        )
    if same:
        return RowStatus.SAME, f"“{same[0].title}” has this page already."
    if known:
        return (
            RowStatus.READY,
            f"“{known[0].title}” has this page with another picture; this adds a second one.",
        )
    return RowStatus.READY, ""


def _printable(name: str) -> str:
    return "".join(char for char in name if char.isprintable()).strip()[-200:]
