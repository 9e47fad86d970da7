"""What a page says of itself: its title, its words and its picture. Pure.

Pinterest's own order: Open Graph first, then what other networks read, then structured data.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urljoin

from accounts.sheets import FileRejected, decode

_IMAGES: Final = (
    "og:image:secure_url",
    "og:image",
    "og:image:url",
    "twitter:image",
    "twitter:image:src",
)
_TITLES: Final = ("og:title", "twitter:title")
_WORDS: Final = ("og:description", "twitter:description", "description")
_DEEPEST: Final = 6


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Each is empty where the page does not say."""

    title: str = ""
    description: str = ""
    image_url: str = ""


def read_page(data: bytes, *, url: str) -> PageFacts:
    """What the page at `url` says of itself; addresses are made absolute."""
    reader = _Reader()
    reader.feed(_text_of(data))
    image = _first(reader.named, _IMAGES) or reader.linked or _image_in(reader.structured)
    return PageFacts(
        title=_one_line(_first(reader.named, _TITLES) or "".join(reader.title))[:200],
        description=_one_line(_first(reader.named, _WORDS))[:500],
        image_url=_absolute(url, image),
    )


def _text_of(data: bytes) -> str:
    try:
        return decode(data)
    except FileRejected:
        return data.decode("utf-8", "replace")


def _absolute(url: str, image: str) -> str:
    try:
        found = urljoin(url, image) if image else ""
    except ValueError:
        return ""
    return found if found.startswith(("https://", "http://")) and len(found) <= 2000 else ""


def _first(named: dict[str, str], names: tuple[str, ...]) -> str:
    return next((named[name] for name in names if named.get(name)), "")


def _one_line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())


class _Reader(HTMLParser):
    """Collects what the head of a page says; the first of each name counts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.named: dict[str, str] = {}
        self.linked = ""
        self.structured: list[str] = []
        self.title: list[str] = []
        self._within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = (given.get("property") or given.get("name") or "").strip().lower()
            if name and given.get("content", "").strip():
                self.named.setdefault(name, given["content"].strip())
        elif tag == "link" and given.get("rel", "").lower() == "image_src":
            self.linked = self.linked or given.get("href", "")
        elif tag == "title" and not self.title:
            self._within = "title"
        elif tag == "script" and given.get("type", "").lower() == "application/ld+json":
            self._within = "data"
            self.structured.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("title", "script"):
            self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within == "title":
            self.title.append(data)
        elif self._within == "data":
            self.structured[-1] += data


def _image_in(structured: list[str]) -> str:
    for text in structured:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if found := _image_of(value, _DEEPEST):
            return found
    return ""


def _image_of(value: Any, depth: int) -> str:
    """The first `image` of structured data: an address, an object with one, or a list of them."""
    if depth == 0:
        return ""
    if isinstance(value, list):
        return next((found for each in value if (found := _image_of(each, depth - 1))), "")
    if not isinstance(value, dict):
        return ""
    if "image" in value:
        return _address_of(value["image"], depth - 1)
    return next((found for each in value.values() if (found := _image_of(each, depth - 1))), "")


def _address_of(image: Any, depth: int) -> str:
    if depth == 0:
        return ""
    if isinstance(image, str):
        return image
    if isinstance(image, list):
        return next((found for each in image if (found := _address_of(each, depth - 1))), "")
    if isinstance(image, dict):
        return _address_of(image.get("url") or image.get("contentUrl"), depth - 1)
    return ""
