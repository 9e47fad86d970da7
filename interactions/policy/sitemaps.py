"""Sitemaps, read from bytes: pages with their pictures, or further sitemaps. Pure.

The format: sitemaps.org; pictures are Google's extension of it. A document type is refused: no
sitemap has one, and its entities could make a small file a large one.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from itertools import chain
from typing import Final
from xml.parsers import expat

import msgspec

from foundation.documents.charsets import codec_of, declared_in_xml, guess_codec, marked_codec
from foundation.documents.unpacking import UnpackingFailed, UnpackingProblem, unpack
from interactions.policy.origins import read_origin

SITEMAP_BYTES: Final = 50 * 1024 * 1024
ENTRY_LIMIT: Final = 50_000
"""What sitemaps.org allows, unpacked."""

TEXT_LIMIT: Final = 8_000_000
"""Characters kept of one sitemap; 50,000 addresses of usual length have half of that."""

_LONGEST_ADDRESS: Final = 2000
_DEEPEST: Final = 20
_MOST_TAGS: Final = 2_000_000
# What has no end, such as a comment of megabytes, is read again and again by the parser.
_LONGEST_TAG: Final = 1_000_000
_NOT_ONE: Final = (
    "This is no sitemap: neither a list of pages nor a list of sitemaps. Its address often ends in "
    "/sitemap.xml; robots.txt of the site names it."
)
_UNPACKING: Final = {
    UnpackingProblem.DAMAGED: "The packed file is damaged. Have the site mend it, or bring the "
    "pages as a CSV file.",
    UnpackingProblem.TOO_LARGE: "It is too large. Bring the pages in smaller files.",
}


class SitemapRejected(ValueError):
    """This can't be read as a sitemap; the text says what to do."""


class ForeignSitemap(msgspec.Struct, frozen=True, array_like=True):
    """A sitemap as it came, perhaps packed; `charset` as the answer's header says, if anything."""

    data: bytes
    charset: str = ""


class ListedPage(msgspec.Struct, array_like=True):
    """A page and its first picture, where the sitemap names one."""

    url: str
    image_url: str = ""
    title: str = ""


class Sitemap(msgspec.Struct, array_like=True):
    """What a sitemap lists: pages, or addresses of further sitemaps, each once.

    `is_cut` tells that it lists more than is taken of one; `problem`, why it can't be read at all.
    """

    pages: list[ListedPage] = msgspec.field(default_factory=list)
    sitemaps: list[str] = msgspec.field(default_factory=list)
    is_cut: bool = False
    problem: str = ""


def read_sitemap_job(request: bytes) -> bytes:
    """`read_sitemap` for a bounded process: a ForeignSitemap and a Sitemap as MessagePack."""
    given = msgspec.msgpack.decode(request, type=ForeignSitemap)
    try:
        found = read_sitemap(given)
    except SitemapRejected as error:
        found = Sitemap(problem=str(error))
    return msgspec.msgpack.encode(found)


def read_sitemap(given: ForeignSitemap) -> Sitemap:
    """Read a sitemap, an index of sitemaps, or a text with an address on each line.

    It is foreign: call this in a bounded process. Raises SitemapRejected.
    """
    try:
        return _read(given)
    except UnpackingFailed as error:
        raise SitemapRejected(_UNPACKING[error.problem]) from None


def _read(given: ForeignSitemap) -> Sitemap:
    pieces = unpack(given.data, most_bytes=SITEMAP_BYTES)
    first = next(pieces, b"")
    decoder = codecs.getincrementaldecoder(_codec(first, given.charset))("replace")
    texts = chain(
        (decoder.decode(piece) for piece in chain((first,), pieces)),
        (decoder.decode(b"", final=True) for _ in range(1)),
    )
    beginning = next(texts).removeprefix("\ufeff").lstrip()
    collected = _Collected()
    if beginning.startswith("<"):
        _Reader(collected).read(chain((beginning,), texts))
    else:
        _read_lines(collected, chain((beginning,), texts))
    return collected.found


def _codec(beginning: bytes, charset: str) -> str:
    """Raises SitemapRejected where an encoding is declared that nobody knows."""
    if known := marked_codec(beginning) or codec_of(charset):
        return known
    declared = declared_in_xml(beginning)
    if not declared:
        return guess_codec(beginning)
    if known := codec_of(declared):
        return known
    raise SitemapRejected(
        f"It says to be written in “{declared[:40]}”, which is no encoding of the web. Have the "
        "site save it as UTF-8, or bring the pages as a CSV file."
    )


def _read_lines(collected: _Collected, texts: Iterator[str]) -> None:
    rest = ""
    for text in texts:
        *lines, rest = (rest + text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if len(rest) > 2 * _LONGEST_ADDRESS:
            raise SitemapRejected(_NOT_ONE)
        for line in lines:
            _read_line(collected, line)
        if collected.is_full:
            return
    _read_line(collected, rest)
    if not collected.found.pages:
        raise SitemapRejected(_NOT_ONE)


def _read_line(collected: _Collected, line: str) -> None:
    address = line.strip()
    if not address:
        return
    if read_origin(address) is None:
        raise SitemapRejected(_NOT_ONE)
    collected.add_page(ListedPage(address))


class _Collected:
    """What was found so far, each once, up to what is taken of one sitemap."""

    def __init__(self) -> None:
        self.found = Sitemap()
        self.is_full = False
        self._seen: set[str] = set()
        self._entries = 0
        self._length = 0

    def add_page(self, page: ListedPage) -> None:
        if self._takes(page.url, len(page.url) + len(page.image_url) + len(page.title)):
            self.found.pages.append(page)

    def add_sitemap(self, url: str) -> None:
        if self._takes(url, len(url)):
            self.found.sitemaps.append(url)

    def _takes(self, url: str, length: int) -> bool:
        if self.is_full:
            return False
        if self._entries == ENTRY_LIMIT or self._length + length > TEXT_LIMIT:
            self.is_full = self.found.is_cut = True
            return False
        self._entries += 1
        if not url or len(url) > _LONGEST_ADDRESS or url in self._seen:
            return False
        self._length += length
        self._seen.add(url)
        return True


class _Enough(Exception):
    """Nothing that follows is taken."""


class _Reader:
    """Follows the tags of a file. Names are known by their last part: prefixes vary."""

    def __init__(self, collected: _Collected) -> None:
        self._collected = collected
        self._path: list[str] = []
        self._text: list[str] = []
        self._room = 0
        self._tags = 0
        self._unheard = 0
        self._page = ListedPage("")
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._add_text

    def read(self, texts: Iterator[str]) -> None:
        """Read what comes, text by text. Raises SitemapRejected."""
        try:
            for text in texts:
                self._unheard += len(text)
                self._parser.Parse(text, False)  # noqa: FBT003 - expat takes it so
                if self._unheard > _LONGEST_TAG:
                    raise SitemapRejected(_NOT_ONE)
            self._parser.Parse("", True)  # noqa: FBT003
        except _Enough:
            return
        except expat.ExpatError as error:
            if not self._tags:  # a page of HTML, as a rule
                raise SitemapRejected(_NOT_ONE) from None
            raise SitemapRejected(
                f"The sitemap is damaged at line {error.lineno}. Have the site mend it, or bring "
                "the pages as a CSV file."
            ) from None

    def _refuse(self, *_declared: object) -> None:
        raise SitemapRejected(_NOT_ONE)

    def _begin(self, name: str, _attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2].lower()
        self._tags += 1
        self._unheard = 0
        is_one = bool(self._path) or local in ("urlset", "sitemapindex")
        if not is_one or len(self._path) >= _DEEPEST or self._tags > _MOST_TAGS:
            raise SitemapRejected(_NOT_ONE)
        self._path.append(local)
        self._begin_text()
        if local == "url":
            self._page = ListedPage("")

    def _begin_text(self) -> None:
        self._text.clear()
        self._room = 2 * _LONGEST_ADDRESS

    def _add_text(self, text: str) -> None:
        self._unheard = 0
        if self._room > 0:
            self._text.append(text[: self._room])
            self._room -= len(text)

    def _end(self, _name: str) -> None:
        text = "".join(self._text).strip()[: _LONGEST_ADDRESS + 1]
        self._begin_text()
        self._unheard = 0
        place = tuple(self._path[-2:])
        self._path.pop()
        if place == ("url", "loc"):
            self._page.url = text
        elif place == ("image", "loc"):
            self._page.image_url = self._page.image_url or _address(text)
        elif place == ("image", "title"):
            self._page.title = self._page.title or text[:200]
        elif place == ("sitemap", "loc"):
            self._collected.add_sitemap(text)
        elif place[-1:] == ("url",):
            self._collected.add_page(self._page)
        if self._collected.is_full or not self._path:
            raise _Enough  # what follows the last tag is no part of it


def _address(text: str) -> str:
    return text if len(text) <= _LONGEST_ADDRESS else ""
