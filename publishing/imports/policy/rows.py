"""What is wrong with a row of an imported file, and what makes two rows the same Pin. Pure."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from publishing.choices import bounds
from publishing.choices.bounds import KEYWORDS_LIMIT
from publishing.imports.policy import bulk_csv
from publishing.pins.policy import texts

_LIMITS: Final = {
    bulk_csv.TITLE: bounds.TITLE_LIMIT,
    bulk_csv.DESCRIPTION: bounds.DESCRIPTION_LIMIT,
    bulk_csv.LINK: bounds.LINK_LIMIT,
    bulk_csv.MEDIA_URL: bounds.LINK_LIMIT,
    bulk_csv.ALT_TEXT: bounds.ALT_TEXT_LIMIT,
    bulk_csv.KEYWORDS: KEYWORDS_LIMIT,
}
_SURPLUS: Final = (
    "This row has more values than there are columns: “{}” belongs to none. Put texts with commas "
    "in quotation marks."
)
_VIDEOS: Final = (".mp4", ".mov", ".m4v")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, in which column, with what to do about it."""

    column: str
    message: str


def check_texts(cells: Mapping[str, str]) -> list[Finding]:
    """What is wrong with a row by itself; its board and its date are looked at elsewhere."""
    found = [
        Finding(column, f"At most {limit:,} characters; this has {len(cells[column]):,}.")
        for column, limit in _LIMITS.items()
        if len(cells.get(column, "")) > limit
    ]
    if surplus := cells.get(bulk_csv.SURPLUS):
        found.append(Finding(bulk_csv.SURPLUS, _SURPLUS.format(surplus[:60])))
    if problem := _media_problem(cells.get(bulk_csv.MEDIA_URL, "")):
        found.append(Finding(bulk_csv.MEDIA_URL, problem))
    if link := cells.get(bulk_csv.LINK, ""):
        try:
            texts.check_link(link)
        except texts.LinkRejected as error:
            found.append(Finding(bulk_csv.LINK, str(error)))
    return found


def row_key(
    *,
    account_id: str,
    place: str,
    title: str,
    media: str,
    link: str,
    description: str,
    at: datetime | None,
) -> str:
    """A digest that rows share when they ask for the same Pin.

    `place` is board id/section id, `media` names the picture, `at` counts by the minute.
    """
    minute = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M") if at else ""
    parts = [account_id, place, _plain(title), media, link.strip(), _plain(description), minute]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()


def _media_problem(url: str) -> str:
    if not url:
        return "Give the address of the picture: a Pin can't go out without one."
    try:
        parts = urlsplit(url)
    except ValueError:
        return "This is not a complete web address. Open the picture and copy its address."
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
        return "Start with https:// and give the full address of the picture."
    if parts.path.lower().endswith(_VIDEOS):
        return (
            "Videos can't be imported from an address. Write this Pin in PinApp and add the file."
        )
    return ""
