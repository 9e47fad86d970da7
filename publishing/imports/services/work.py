"""A worker makes Pins of an import's rows: each row once, whoever dies meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from accounts.models import RowId, User
from accounts.services.events import Happening, record
from foundation.fetching.fetch import FetchRejected
from pinterest.media.images import FIRST_OF_SEVERAL, ImageProblem, ImageRejected
from publishing.choices.events import EventKind
from publishing.imports.policy import bulk_csv
from publishing.imports.selectors.imports import NOT_IMPORTED, own_media_id
from publishing.imports.services.repeats import repeat_text
from publishing.media.services.media import store_picture_from_url
from publishing.models import Import, ImportRow, ImportStatus, Media, Pin, RowAsks, RowStatus
from publishing.pins.notifications import IMPORT_NEEDS_YOU
from publishing.pins.services.pins import PinContent, Plan, create_pin
from publishing.schedule.selectors.repeats import Candidate, find_repeats
from publishing.schedule.services.queue import NoFreeSlot, queue_pin

Clock = Callable[[], datetime]

LEASE: Final = timedelta(minutes=1)
"""How long a worker may be busy with one row: a fetch has 20 seconds, a large picture takes some
more. After that the worker counts as dead and another goes on; a row that both finish is still
made one Pin."""

SLICE: Final = timedelta(seconds=10)
"""How long a worker stays with one import before others get their turn."""

TRIES: Final = 3
"""A row that several workers began and none finished must not keep the others waiting."""


class RowRefused(Exception):
    """No Pin can be made of a row; `column` says where to mend it, the text how."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


def work_on_import(*, import_id: RowId, clock: Clock) -> bool:
    """Make Pins of some rows of an import; True when there is more to do.

    Does nothing while another worker has it in hand.
    """
    lease = _take(import_id, now=clock())
    if lease is None:
        return False
    batch = Import.objects.select_related("workspace", "connection", "started_by").get(pk=import_id)
    stop_at = clock() + SLICE
    while (row := _next_row(batch)) is not None:
        try:
            import_row(batch=batch, row=row, now=clock())
        except Exception:
            # Whatever it was, it is this row's: others go on with the rows behind it at once.
            _release(batch, lease)
            raise
        lease = _renew(batch, lease, now=clock())
        if lease is None:
            return False
        if clock() >= stop_at:
            return _release(batch, lease)
    _finish(batch, lease, now=clock())
    return False


def import_row(*, batch: Import, row: ImportRow, now: datetime) -> None:
    """Make a Pin of a row, or write down why not. A row that is done already is left alone.

    Raises ImageRejected where nobody had time for its picture: it is tried again.
    """
    try:
        _count_try(row)
        picture = _picture(batch, row)
        if not _is_asked_about(batch, row, picture):
            _make_pin(batch, row, picture, now=now)
    except RowRefused as refused:
        problem = {"column": refused.column, "message": str(refused)}
        _waiting(row).update(status=RowStatus.FAILED, problems=[problem])
    except IntegrityError:
        # Somebody else has imported the same Pin in this second: the database keeps them apart.
        if not _is_imported(row):
            raise
        _waiting(row).update(
            status=RowStatus.SAME, notes=["Already imported a moment ago, from another file."]
        )


def _take(import_id: RowId, *, now: datetime) -> datetime | None:
    """Take an import in hand; None when it is not under way, or in other hands."""
    until = now + LEASE
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    running = Import.objects.filter(free, pk=import_id, status=ImportStatus.RUNNING)
    return until if running.update(leased_until=until) else None


def _mine(batch: Import, lease: datetime) -> Q:
    return Q(pk=batch.pk, leased_until=lease, status=ImportStatus.RUNNING)


def _renew(batch: Import, lease: datetime, *, now: datetime) -> datetime | None:
    until = now + LEASE
    kept = Import.objects.filter(_mine(batch, lease)).update(leased_until=until)
    return until if kept else None


def _release(batch: Import, lease: datetime) -> bool:
    return Import.objects.filter(_mine(batch, lease)).update(leased_until=None) == 1


@transaction.atomic
def _finish(batch: Import, lease: datetime, *, now: datetime) -> None:
    finished = Import.objects.filter(_mine(batch, lease)).update(
        status=ImportStatus.DONE, finished_at=now, leased_until=None
    )
    to_mend = batch.rows.filter(status__in=NOT_IMPORTED).count()
    if finished and to_mend:
        record(IMPORT_NEEDS_YOU, [_unfinished(batch, to_mend)], by=None, now=now)


def left_over_words(to_mend: int) -> dict[str, str]:
    """What is said of an import that is done except for some rows: problem and remedy."""
    if not to_mend:
        return {"problem": "All its rows are done.", "remedy": ""}
    return {
        "problem": "1 row was not imported."
        if to_mend == 1
        else f"{to_mend} rows were not imported.",
        "remedy": "Its page says of each what to mend or to answer, and imports it afterwards.",
    }


def _unfinished(batch: Import, to_mend: int) -> Happening:
    return Happening(
        workspace_id=batch.workspace_id,
        subject="import",
        subject_id=batch.pk,
        concerns_id=batch.started_by_id,
        payload={
            "name": batch.file_name,
            "place": [str(batch.connection)],
            **left_over_words(to_mend),
        },
    )


def _next_row(batch: Import) -> ImportRow | None:
    """In the file's order; a row over which a worker stumbled comes after all others."""
    ready = batch.rows.filter(status=RowStatus.READY).select_related("board", "section", "picture")
    return ready.order_by("tries", "number").first()


def _waiting(row: ImportRow) -> QuerySet[ImportRow]:
    return ImportRow.objects.filter(pk=row.pk, status=RowStatus.READY)


def _count_try(row: ImportRow) -> None:
    """Count before anything is done. Raises RowRefused for a row over which workers died."""
    if row.tries >= TRIES:
        raise RowRefused(
            bulk_csv.MEDIA_URL,
            "PinApp could not finish with this picture. Save it smaller and give its new address.",
        )
    _waiting(row).update(tries=F("tries") + 1)


def _is_imported(row: ImportRow) -> bool:
    same = ImportRow.objects.filter(workspace_id=row.workspace_id, key=row.key)
    return same.filter(pin__isnull=False).exists()


def _picture(batch: Import, row: ImportRow) -> Media:
    """The row's picture, in our own storage. Raises RowRefused."""
    url = row.cells.get(bulk_csv.MEDIA_URL, "")
    if row.picture is not None:
        return row.picture
    if own := own_media_id(url):
        media = Media.objects.filter(pk=own, workspace_id=batch.workspace_id).first()
        if media is None:
            raise RowRefused(bulk_csv.MEDIA_URL, "This picture is not in this workspace any more.")
        return media
    try:
        return store_picture_from_url(workspace=batch.workspace, by=_person(batch), url=url)
    except (FetchRejected, ImageRejected) as error:
        if error.code is ImageProblem.BUSY:
            raise
        raise RowRefused(bulk_csv.MEDIA_URL, str(error)) from None


def _is_asked_about(batch: Import, row: ImportRow, picture: Media) -> bool:
    """Whether the picture, now that it is here, shows what goes out too near in time: asks then."""
    # A row that was imported meanwhile repeats itself: that is for the database to tell.
    if row.scheduled_at is None or row.repeats or _is_imported(row):
        return False
    link = row.cells.get(bulk_csv.LINK, "")
    candidate = Candidate(key="", at=row.scheduled_at, link=link, media=picture)
    found = find_repeats(batch.workspace, [candidate], most=1).get("")
    if not found:
        return False
    why = repeat_text(found[0], zone=batch.time_zone)
    _waiting(row).update(
        status=RowStatus.ASKS,
        asks=RowAsks.REPEATS,
        picture=picture,
        notes=[*row.notes, why],
        problems=[],
    )
    return True


def _person(batch: Import) -> User:
    """Who started the import. Raises RowRefused when they have left for good."""
    if batch.started_by is None:
        raise RowRefused(
            bulk_csv.SURPLUS, "Who started this import is gone. Start it again yourself."
        )
    return batch.started_by


def _make_pin(batch: Import, row: ImportRow, picture: Media, *, now: datetime) -> None:
    """The Pin and the row's mark in one transaction: there is never one without the other."""
    board = row.board
    if board is None or board.gone_at or (row.section and row.section.gone_at):
        raise RowRefused(bulk_csv.BOARD, "This board is not on the account any more.")
    with transaction.atomic():
        notes = [*row.notes, *([FIRST_OF_SEVERAL] if picture.is_first_of_several else [])]
        done = {"status": RowStatus.DONE, "imported_at": now, "problems": [], "notes": notes}
        if not _waiting(row).update(**done):
            return
        cells = row.cells
        content = PinContent(
            connection=batch.connection,
            board=board,
            section=row.section,
            media=picture,
            title=cells.get(bulk_csv.TITLE, ""),
            description=cells.get(bulk_csv.DESCRIPTION, ""),
            link=cells.get(bulk_csv.LINK, ""),
            alt_text=cells.get(bulk_csv.ALT_TEXT, ""),
        )
        pin = create_pin(
            workspace=batch.workspace,
            by=_person(batch),
            content=content,
            plan=Plan(at=row.scheduled_at, time_zone=batch.time_zone, repeats=row.repeats),
            now=now,
            kind=EventKind.IMPORTED,
        )
        if keywords := cells.get(bulk_csv.KEYWORDS, ""):
            Pin.objects.filter(pk=pin.pk).update(keywords=keywords)
        ImportRow.objects.filter(pk=row.pk).update(pin=pin)
        if row.scheduled_at is None:
            _queue(batch, pin, now=now)


def _queue(batch: Import, pin: Pin, *, now: datetime) -> None:
    """Give a Pin without a date the next free slot; one that finds none stays a draft."""
    with suppress(NoFreeSlot):
        queue_pin(pin=pin, by=_person(batch), now=now)
