"""Imported files, their rows, and Pins that are already here."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from requests.utils import requote_uri

from accounts.models import Connection, Workspace
from publishing.imports.policy import bulk_csv
from publishing.imports.policy.rows import row_key
from publishing.media.selectors.public_pictures import PATH, named_media_id
from publishing.models import (
    Import,
    ImportRow,
    ImportSource,
    ImportStatus,
    Media,
    Pin,
    RowAsks,
    RowStatus,
)

NOT_IMPORTED: Final = (RowStatus.WRONG, RowStatus.FAILED, RowStatus.ASKS)
"""Rows of a file that need a person once the rest is imported."""

_CHUNK: Final = 400
"""Values in one condition."""

_OWN: Final = "media:"


@dataclass(frozen=True, slots=True)
class KnownPin:
    """A Pin that is here already, and since when by import (None when written here)."""

    pin_id: UUID
    imported_at: datetime | None


def imports_of(workspace: Workspace) -> QuerySet[Import]:
    """A workspace's imports, newest first."""
    return workspace.imports.select_related("connection", "created_by").order_by("-created_at")


def count_rows(batches: Iterable[Import]) -> dict[UUID, dict[str, int]]:
    """How many rows each import has in each status, in one query."""
    counts: dict[UUID, dict[str, int]] = {batch.pk: {} for batch in batches}
    rows = ImportRow.objects.filter(batch__in=list(counts)).values_list("batch", "status")
    for batch_id, status, count in rows.annotate(count=Count("pk")):
        counts[batch_id][status] = count
    return counts


def rows_of(batch: Import, *, statuses: Collection[str]) -> QuerySet[ImportRow]:
    """Rows of an import in their order, with all that a page shows; no statuses means all."""
    rows = batch.rows.select_related("board", "section", "pin", "same_as", "picture")
    rows = rows.order_by("number")
    return rows.filter(status__in=statuses) if statuses else rows


def count_repeats(batch: Import) -> int:
    """How many rows are asked about because they repeat something too soon."""
    return batch.rows.filter(status=RowStatus.ASKS, asks=RowAsks.REPEATS).count()


def can_read_anew(batch: Import) -> bool:
    """Whether the file is still here, and no Pin was made of it."""
    if batch.status != ImportStatus.OPEN:
        return False
    return ImportSource.objects.filter(batch=batch).exists()


def imports_to_resume(*, now: datetime) -> list[UUID]:
    """Imports under way that no worker has in hand."""
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    running = Import.objects.filter(free, status=ImportStatus.RUNNING)
    return list(running.order_by("started_at").values_list("pk", flat=True))


def media_reference(url: str) -> str:
    """What tells a picture of the web from others; one of our own is named by its id."""
    own = own_media_id(url)
    return f"{_OWN}{own}" if own else requote_uri(url.strip())


def own_media_id(url: str) -> UUID | None:
    """The id in an address that an export of ours gave to a picture without one on the web.

    Whether the picture is this workspace's is for the caller: the address may be made up.
    """
    path = url.strip().removeprefix(settings.PUBLIC_URL)
    if path.startswith(PATH):
        return named_media_id(path.removeprefix(PATH))
    found = re.fullmatch(r"/pins/media/([0-9a-f-]{36})/?", path)
    try:
        return UUID(found[1]) if found else None
    except ValueError:
        return None


def pictures_here(workspace: Workspace, rows: Iterable[ImportRow]) -> dict[str, Media]:
    """Pictures of rows that are in our own storage already, by `media_reference`.

    Those that rows name by our own addresses, that came from the rows' addresses before, and that
    were uploaded for a row or fetched for it.
    """
    found: dict[str, Media] = {}
    references = set()
    for row in rows:
        reference = media_reference(row.cells.get(bulk_csv.MEDIA_URL, ""))
        if row.picture is not None and reference:
            found[reference] = row.picture
        references.add(reference)
    own = {each.removeprefix(_OWN): each for each in references if each.startswith(_OWN)}
    for some in _chunks(own):
        for media in Media.objects.filter(workspace=workspace, pk__in=some):
            found[own[str(media.pk)]] = media
    for some in _chunks(references - {""} - set(own.values())):
        for media in Media.objects.filter(workspace=workspace, origin_url__in=some):
            found.setdefault(media.origin_url, media)
    return found


def pin_media_reference(media: Media | None) -> str:
    """The reference under which a Pin's own picture is known."""
    if media is None:
        return ""
    return media.origin_url or f"{_OWN}{media.pk}"


def known_pins(
    connection: Connection, *, keys: Collection[str], titles: Iterable[str], boards: Iterable[int]
) -> dict[str, KnownPin]:
    """Pins of the workspace that were imported with one of `keys`, or are what it asks for.

    Only Pins with one of the titles on one of the boards are compared.
    """
    known: dict[str, KnownPin] = {}
    on_boards = list(set(boards))
    for some in _chunks(titles):
        pins = Pin.objects.filter(
            workspace_id=connection.workspace_id,
            connection=connection,
            title__in=some,
            board__in=on_boards,
        ).select_related("board", "section", "media")
        for pin in pins.order_by("created_at"):
            key = key_of_pin(pin, connection=connection)
            if key in keys:
                known.setdefault(key, KnownPin(pin.pk, None))
    for some in _chunks(keys):
        rows = ImportRow.objects.filter(
            workspace_id=connection.workspace_id, key__in=some, pin__isnull=False
        )
        for key, pin_id, imported_at in rows.values_list("key", "pin_id", "imported_at"):
            known[key] = KnownPin(pin_id, imported_at)
    return known


def key_of_pin(pin: Pin, *, connection: Connection) -> str:
    """The key of a row that would ask for this Pin."""
    board = pin.board.pinterest_id if pin.board else ""
    return row_key(
        account_id=connection.pinterest_id,
        place=f"{board}/{pin.section.pinterest_id}" if pin.section else board,
        title=pin.title,
        media=pin_media_reference(pin.media),
        link=pin.link,
        description=pin.description,
        at=pin.scheduled_at,
    )


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(set(values))
    return (ordered[start : start + _CHUNK] for start in range(0, len(ordered), _CHUNK))
