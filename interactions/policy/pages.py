"""What a page says of itself: its title, its words and its picture. Pure.

Pinterest's own order: Open Graph first, then what other networks read, then structured data.
"""

from __future__ import annotations

import json
from typing import Any, Final

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from foundation.documents.markup import parse_html
from foundation.documents.unpacking import unpack_beginning
from foundation.fetching.hosts import join, read_web_address

PAGE_BYTES: Final = 1024 * 1024
"""Of a page only its beginning is read."""

_IMAGES: Final = (
    "og:image:secure_url",
    "og:image",
    "og:image:url",
    "twitter:image",
    "twitter:image:src",
)
_TITLES: Final = ("og:title", "twitter:title")
_WORDS: Final = ("og:description", "twitter:description", "description")
_LONGEST_ADDRESS: Final = 2000
_DEEPEST: Final = 6


class ForeignPage(msgspec.Struct, frozen=True, array_like=True):
    """A page as it came from `url`; `charset` as the answer's header says, if anything."""

    data: bytes
    url: str
    charset: str = ""


class PageFacts(msgspec.Struct, frozen=True, array_like=True):
    """Each is empty where the page does not say."""

    title: str = ""
    description: str = ""
    image_url: str = ""


def read_page(page: ForeignPage) -> PageFacts:
    """What a page says of itself; addresses are made absolute.

    The page is foreign: call this in a bounded process.
    """
    tree = parse_html(unpack_beginning(page.data, most_bytes=PAGE_BYTES), charset=page.charset)
    named = _named(tree)
    image = _first(named, _IMAGES) or _linked(tree) or _image_in(_structured(tree))
    return PageFacts(
        title=_one_line(_first(named, _TITLES) or _title(tree))[:200],
        description=_one_line(_first(named, _WORDS))[:500],
        image_url=_absolute(_base(tree, page.url), image),
    )


def read_page_job(request: bytes) -> bytes:
    """`read_page` for a bounded process: a ForeignPage and its PageFacts as MessagePack."""
    page = msgspec.msgpack.decode(request, type=ForeignPage)
    return msgspec.msgpack.encode(read_page(page))


def _named(tree: LexborHTMLParser) -> dict[str, str]:
    """What the page says under which name; the first of each counts."""
    named: dict[str, str] = {}
    for meta in tree.css("meta"):
        given = meta.attributes
        content = (given.get("content") or "").strip()
        names = given.get("property") or given.get("name") or ""
        for name in names.lower().split() if content else ():
            named.setdefault(name, content)
    return named


def _title(tree: LexborHTMLParser) -> str:
    """The page's own title: drawings within it have titles too."""
    titles = (node for node in tree.css("title") if not _is_in_drawing(node))
    return next((node.text() for node in titles), "")


def _is_in_drawing(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None and parent.tag != "svg":
        parent = parent.parent
    return parent is not None


def _linked(tree: LexborHTMLParser) -> str:
    links = (link.attributes for link in tree.css("link[rel][href]"))
    return next(
        (
            given.get("href") or ""
            for given in links
            if "image_src" in (given.get("rel") or "").lower().split()
        ),
        "",
    )


def _structured(tree: LexborHTMLParser) -> list[str]:
    return [
        script.text()
        for script in tree.css("script[type]")
        if (script.attributes.get("type") or "").strip().lower() == "application/ld+json"
    ]


def _base(tree: LexborHTMLParser, url: str) -> str:
    """The address that the page's other addresses start from."""
    bases = (node.attributes.get("href") or "" for node in tree.css("base[href]"))
    return join(url, next(bases, "").strip()) or url


def _absolute(base: str, image: str) -> str:
    """The address of a picture, as it is written where it is whole."""
    image = image.strip()
    found = image if read_web_address(image) else join(base, image) if image else ""
    return found if len(found) <= _LONGEST_ADDRESS else ""


def _first(named: dict[str, str], names: tuple[str, ...]) -> str:
    return next((named[name] for name in names if named.get(name)), "")


def _one_line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())


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
