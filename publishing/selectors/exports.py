"""Pins as files have them: in Pinterest's bulk columns, or with all that is known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import Workspace
from publishing.models import Board, BoardSection, Media, Pin
from publishing.policy import bulk_csv
from publishing.policy.board_names import BoardProblem
from publishing.selectors.board_book import AccountBoards, boards_by_name

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


def bulk_rows(pins: QuerySet[Pin], *, zone: str) -> Iterator[dict[str, str]]:
    """Pins in Pinterest's bulk columns, times as wall clocks of `zone`."""
    names = _BoardNames()
    for pin in pins.iterator(chunk_size=_CHUNK):
        yield {
            bulk_csv.TITLE: pin.title,
            bulk_csv.MEDIA_URL: media_url(pin.media),
            bulk_csv.BOARD: names.of(pin),
            bulk_csv.DESCRIPTION: pin.description,
            bulk_csv.LINK: pin.link,
            bulk_csv.PUBLISH_DATE: wall_clock(pin.scheduled_at, zone=zone),
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


def wall_clock(moment: datetime | None, *, zone: str) -> str:
    """`2026-06-10T14:30:00` in a zone; with its offset in the hour that the clock shows twice."""
    if moment is None:
        return ""
    local = moment.astimezone(ZoneInfo(zone)).replace(microsecond=0)
    is_second = local.fold == 1
    return local.isoformat() if is_second else local.replace(tzinfo=None).isoformat()


class _BoardNames:
    """Names by which an import finds the same boards again."""

    def __init__(self) -> None:
        self._accounts: dict[UUID, AccountBoards] = {}
        self._names: dict[tuple[int, int | None], str] = {}

    def of(self, pin: Pin) -> str:
        """The name of a Pin's board and section; its id where the name means several."""
        if pin.board is None:
            return ""
        key = (pin.board.pk, pin.section.pk if pin.section else None)
        if key not in self._names:
            self._names[key] = self._name(pin.board, pin.section)
        return self._names[key]

    def _name(self, board: Board, section: BoardSection | None) -> str:
        name = f"{board.name}/{section.name}" if section else board.name
        place_id = f"{board.pinterest_id}/{section.pinterest_id}" if section else board.pinterest_id
        found = self._account(board).resolve(name, suggest=False)
        # A board that is gone has no better name than its own.
        if found.problem is BoardProblem.AMBIGUOUS or (found.place and found.place.key != place_id):
            return place_id
        return name

    def _account(self, board: Board) -> AccountBoards:
        if board.connection_id not in self._accounts:
            self._accounts[board.connection_id] = boards_by_name(board.connection)
        return self._accounts[board.connection_id]


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
