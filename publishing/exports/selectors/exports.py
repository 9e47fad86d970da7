"""Pins as files have them: in Pinterest's bulk columns, or with all that is known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import Workspace
from publishing.boards.selectors.board_book import BoardNames
from publishing.imports.policy import bulk_csv
from publishing.media.selectors.public_pictures import public_media_url
from publishing.models import Media, Pin

_CHUNK: Final = 500
"""Pins read at a time: a workspace's Pins need not fit into memory."""

_TEXTS: Final = ("title", "description", "link", "alt_text", "keywords")
_FATE: Final = ("held_reason", "question", "problem", "remedy", "pinterest_id", "pinterest_url")
_TIMES: Final = (
    "scheduled_at",
    "due_at",
    "slot_at",
    "published_at",
    "removed_at",
    "created_at",
    "updated_at",
)


def bulk_columns(pins: QuerySet[Pin]) -> list[str]:
    """Columns of ours that a file of these Pins needs beside Pinterest's."""
    accounts = pins.order_by().exclude(connection=None).values("connection").distinct().count()
    return [bulk_csv.ACCOUNT] if accounts > 1 else []


def bulk_rows(pins: QuerySet[Pin], *, zone: str, until: datetime) -> Iterator[dict[str, str]]:
    """Pins in Pinterest's bulk columns, times with the offset of `zone`; pictures until `until`."""
    names = BoardNames()
    for pin in pins.iterator(chunk_size=_CHUNK):
        yield {
            bulk_csv.TITLE: pin.title,
            bulk_csv.MEDIA_URL: public_media_url(pin, pin.media, until=until),
            bulk_csv.BOARD: names.of(pin),
            bulk_csv.DESCRIPTION: pin.description,
            bulk_csv.LINK: pin.link,
            bulk_csv.PUBLISH_DATE: local_time(pin.scheduled_at, zone=zone),
            bulk_csv.KEYWORDS: pin.keywords,
            bulk_csv.ACCOUNT: pin.connection.username if pin.connection else "",
        }


def json_parts(pins: QuerySet[Pin], *, workspace: Workspace, now: datetime) -> Iterator[str]:
    """One JSON document with all that is known of each Pin, part by part."""
    head = {
        "format": "pinapp-pins-1",
        "workspace": workspace.name,
        "time_zone": workspace.time_zone,
        "exported_at": now.isoformat(),
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "pins": [\n'
    between = ""
    for pin in pins.prefetch_related("slides__media").iterator(chunk_size=_CHUNK):
        yield between + json.dumps(_everything(pin), ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n"


def media_url(media: Media | None) -> str:
    """Where a picture came from on the web; for an uploaded one, where members of ours see it."""
    if media is None:
        return ""
    return media.origin_url or f"{settings.PUBLIC_URL}/pins/media/{media.pk}/"


def local_time(moment: datetime | None, *, zone: str) -> str:
    """`2026-06-10T14:30:00+02:00` in a zone: whoever reads it need not know which one was meant."""
    if moment is None:
        return ""
    return moment.astimezone(ZoneInfo(zone)).replace(microsecond=0).isoformat()


def _everything(pin: Pin) -> dict[str, Any]:
    account, board, section = pin.connection, pin.board, pin.section
    return {
        "id": str(pin.pk),
        "status": pin.status,
        "kind": pin.kind,
        "account": account and {"id": account.pinterest_id, "username": account.username},
        "board": board and {"id": board.pinterest_id, "name": board.name},
        "section": section and {"id": section.pinterest_id, "name": section.name},
        **{name: getattr(pin, name) for name in _TEXTS},
        "media": _picture(pin.media),
        "slides": [
            {
                "title": slide.title,
                "description": slide.description,
                "link": slide.link,
                "media": _picture(slide.media),
            }
            for slide in pin.slides.all()
        ],
        "time_zone": pin.time_zone,
        **{name: _instant(getattr(pin, name)) for name in _TIMES},
        **{name: getattr(pin, name) for name in _FATE},
        "repeats": pin.repeats,
        "series": str(pin.series) if pin.series else None,
        "created_by": pin.created_by.email if pin.created_by else None,
    }


def _picture(media: Media | None) -> dict[str, Any] | None:
    if media is None:
        return None
    return {
        "id": str(media.pk),
        "url": media_url(media),
        "sha256": media.sha256,
        "content_type": media.content_type,
        "size": media.size,
        "width": media.width,
        "height": media.height,
    }


def _instant(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
