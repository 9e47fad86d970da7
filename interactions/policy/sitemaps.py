"""Sitemaps, read from bytes: pages with their pictures, or further sitemaps. Pure.

The format: sitemaps.org; pictures are Google's extension of it. A document type is refused: no
sitemap has one, and its entities could make a small file a large one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from accounts.sheets import FileRejected, decode

_LONGEST_ADDRESS: Final = 2000
_DEEPEST: Final = 20
_NOT_ONE: Final = (
    "This is no sitemap: neither a list of pages nor a list of sitemaps. Its address often ends in "
    "/sitemap.xml; robots.txt of the site names it."
)


class SitemapRejected(ValueError):
    """This can't be read as a sitemap; the text says what to do."""


@dataclass(slots=True)
class ListedPage:
    """A page and its first picture, where the sitemap names one."""

    url: str
    image_url: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap lists: pages, or addresses of further sitemaps."""

    pages: list[ListedPage] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)


def read_sitemap(data: bytes) -> Sitemap:
    """Read a sitemap, an index of sitemaps, or a text with an address on each line.

    Raises SitemapRejected.
    """
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _read_lines(data)
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)  # noqa: FBT003 - expat takes it so
    except expat.ExpatError as error:
        raise SitemapRejected(
            f"The sitemap is damaged at line {error.lineno}. Have the site mend it, or bring the "
            "pages as a CSV file."
        ) from None
    if not reader.is_sitemap:
        raise SitemapRejected(_NOT_ONE)
    return reader.found


def _read_lines(data: bytes) -> Sitemap:
    try:
        lines = [line.strip() for line in decode(data).splitlines()]
    except FileRejected:
        raise SitemapRejected(_NOT_ONE) from None
    lines = [line for line in lines if line]
    if not lines or not all(line.startswith(("https://", "http://")) for line in lines):
        raise SitemapRejected(_NOT_ONE)
    return Sitemap(pages=[ListedPage(line) for line in lines if len(line) <= _LONGEST_ADDRESS])


class _Reader:
    """Follows the tags of a file. Names are known by their last part: prefixes vary."""

    def __init__(self) -> None:
        self.found = Sitemap()
        self.is_sitemap = False
        self._path: list[str] = []
        self._text: list[str] = []
        self._page = ListedPage("")
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text.append

    def _refuse(self, *_declared: object) -> None:
        raise SitemapRejected(_NOT_ONE)

    def _begin(self, name: str, _attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2].lower()
        if not self._path:
            self.is_sitemap = local in ("urlset", "sitemapindex")
        self._path.append(local)
        if len(self._path) > _DEEPEST:
            raise SitemapRejected(_NOT_ONE)
        self._text.clear()
        if local == "url":
            self._page = ListedPage("")

    def _end(self, _name: str) -> None:
        text = "".join(self._text).strip()[: _LONGEST_ADDRESS + 1]
        self._text.clear()
        place = tuple(self._path[-2:])
        self._path.pop()
        if place == ("url", "loc"):
            self._page.url = text
        elif place == ("image", "loc"):
            self._page.image_url = self._page.image_url or _address(text)
        elif place == ("image", "title"):
            self._page.title = self._page.title or text[:200]
        elif place == ("sitemap", "loc") and _address(text):
            self.found.sitemaps.append(text)
        elif place[-1:] == ("url",) and _address(self._page.url):
            self.found.pages.append(self._page)


def _address(text: str) -> str:
    return text if text and len(text) <= _LONGEST_ADDRESS else ""
