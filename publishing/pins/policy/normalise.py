"""What Pinterest may change in a text, a link or a colour, taken away before comparing. Pure."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from foundation.fetching.hosts import read_web_address

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

_TRACKING: Final = re.compile(
    r"utm_\w+|fbclid|gclid|gbraid|wbraid|msclkid|epik|pp|mc_[ce]id|_ga|igshid|ref_src", re.ASCII
)
_INVISIBLE: Final = frozenset({"Cf", "Cc", "Cs"})
_COLOUR: Final = re.compile(r"#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})(?:[0-9a-f]{2})?", re.I)


def plain_text(text: str | None) -> str:
    """A text without what may differ in two copies of it: case, spacing, entities, encoding."""
    shown = unicodedata.normalize("NFKC", html.unescape(html.unescape(text or ""))).casefold()
    spaced = " ".join(shown.split())
    if spaced.isascii() and spaced.isprintable():
        return spaced
    return " ".join("".join(filter(_is_visible, spaced)).split())


def plain_link(link: str | None) -> tuple[str, str]:
    """A link as (place, fragment), without scheme, tracking, case of the host, closing slash."""
    plain = (link or "").strip().replace("&amp;", "&")
    try:
        parts = urlsplit(plain)
    except ValueError:
        return plain, ""
    kept = sorted(
        f"{name}={value}"
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.fullmatch(name.lower())
    )
    path = unicodedata.normalize("NFC", unquote(parts.path)).rstrip("/")
    query = f"?{'&'.join(kept)}" if kept else ""
    return f"{_plain_place(plain, parts)}{path}{query}", unquote(parts.fragment)


def read_colour(text: str | None) -> Colour | None:
    """Read `#RRGGBB` however it is written; None when it is no colour."""
    match = _COLOUR.fullmatch((text or "").strip())
    if match is None:
        return None
    red, green, blue = (int(part, 16) for part in match.groups())
    return red, green, blue


def _is_visible(character: str) -> bool:
    is_variation = "\ufe00" <= character <= "\ufe0f"
    return not is_variation and unicodedata.category(character) not in _INVISIBLE


def _plain_place(link: str, parts: SplitResult) -> str:
    address = read_web_address(link)
    if address is None:
        return parts.netloc.lower()
    return (
        address.plain_host if address.port in (80, 443) else f"{address.plain_host}:{address.port}"
    )


def link_key(link: str) -> str:
    """A digest that links to the same page share; empty for no link.

    What follows the # only scrolls, unless it is a route of a page that is a program.
    """
    place, fragment = plain_link(link)
    if not place:
        return ""
    route = fragment if fragment.startswith(("/", "!")) else ""
    return hashlib.sha256(f"{place}#{route}".encode("utf-8", "surrogatepass")).hexdigest()
