"""Pins as files for Pinterest's own bulk upload."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Length

from publishing.boards.selectors.board_book import BoardNames
from publishing.choices.statuses import PinKind, PinStatus
from publishing.exports.policy import pinterest_files
from publishing.exports.policy.pinterest_files import Offered, Packing, Part
from publishing.imports.policy import bulk_csv
from publishing.media.selectors.public_pictures import public_media_url
from publishing.models import Pin


@dataclass(frozen=True, slots=True)
class PinterestExport:
    """A list's Pins in files for Pinterest; `accounts` has the user name of each account's id."""

    pins: QuerySet[Pin]
    packing: Packing
    accounts: dict[str, str]
    until: datetime
    """When the picture addresses in the files end."""
    out_of_reach: int
    """Pins whose picture stands at an address where Pinterest can't fetch it."""


def pinterest_export(pins: QuerySet[Pin], *, now: datetime) -> PinterestExport:
    """Share the Pins of a list out to files, without writing them. One query."""
    rows = pins.order_by("pk").annotate(length=Length("description"))
    offered: list[Offered] = []
    accounts: dict[str, str] = {}
    addresses: dict[str, str] = {}
    for row in rows.values_list(
        "pk",
        "connection",
        "connection__username",
        "status",
        "kind",
        "title",
        "link",
        "scheduled_at",
        "board",
        "media",
        "length",
        "media__origin_url",
    ):
        key, account, username, status, kind, title, link, at, board, media, length, origin = row
        accounts[str(account or "")] = username or ""
        addresses[str(key)] = origin or settings.PUBLIC_URL
        offered.append(
            Offered(
                key=str(key),
                account=str(account or ""),
                status=PinStatus(status),
                kind=PinKind(kind),
                title=title,
                link=link,
                at=at,
                has_board=board is not None,
                has_picture=media is not None,
                is_long=length > pinterest_files.DESCRIPTION_LIMIT,
            )
        )
    packing = pinterest_files.pack(offered, now=now)
    packed = {key for part in packing.parts for key in part.keys}
    last = max((pin.at for pin in offered if pin.at and pin.key in packed), default=now)
    return PinterestExport(
        pins=pins,
        packing=packing,
        accounts=accounts,
        until=max(last, now) + pinterest_files.PICTURES_OUTLAST,
        out_of_reach=sum(pinterest_files.is_out_of_reach(addresses[key]) for key in packed),
    )


def part_name(export: PinterestExport, number: int) -> str:
    """The name of a file, counted from 1: account, number, and the day it can be uploaded from."""
    part = export.packing.parts[number - 1]
    words = ["pins-for-pinterest"]
    if len({each.account for each in export.packing.parts}) > 1:
        words.append(re.sub(r"[^A-Za-z0-9_]+", "-", export.accounts[part.account]).strip("-"))
    if len(export.packing.parts) > 1:
        words.append(f"{number}-of-{len(export.packing.parts)}")
    if part.since:
        words.append(f"not-before-{part.since.astimezone(UTC):%Y-%m-%d}")
    return "-".join(filter(None, [*words, "utc.csv"]))


def part_lines(export: PinterestExport, number: int) -> Iterator[str]:
    """The lines of a file, counted from 1; its times are in UTC, as Pinterest reads them."""
    return bulk_csv.write_sheet(_rows(export.packing.parts[number - 1], until=export.until))


def write_archive(export: PinterestExport, file: IO[bytes]) -> None:
    """All files as one archive."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(1, len(export.packing.parts) + 1):
            archive.writestr(part_name(export, number), "".join(part_lines(export, number)))


def _rows(part: Part, *, until: datetime) -> Iterator[dict[str, str]]:
    places = {key: place for place, key in enumerate(part.keys)}
    pins = sorted(
        Pin.objects.filter(pk__in=part.keys).select_related("board", "section", "media"),
        key=lambda pin: places[str(pin.pk)],
    )
    for pin in pins:
        yield {
            bulk_csv.TITLE: pin.title,
            bulk_csv.MEDIA_URL: public_media_url(pin, pin.media, until=until),
            bulk_csv.BOARD: BoardNames.written(pin),
            bulk_csv.DESCRIPTION: pinterest_files.shortened(pin.description),
            bulk_csv.LINK: pin.link,
            bulk_csv.PUBLISH_DATE: _utc_text(pin.scheduled_at),
            bulk_csv.KEYWORDS: pin.keywords,
        }


def _utc_text(moment: datetime | None) -> str:
    """`2026-06-10T14:30:00`: Pinterest's help knows no offset."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") if moment else ""
