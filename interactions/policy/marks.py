"""The mark in a Pin's link, by which its interaction is found. Pure.

`static/pinit/addresses.js` puts it there, and reads and removes it by the same rules.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote
from uuid import UUID

from interactions.policy.nonces import read_nonce

PARAMETER: Final = "pinapp"
"""The name of the query parameter that pinit.js adds to the link."""

FORMER_PARAMETER: Final = "pin"
"""What it was called before: Pins of then carry it. Shops have parameters of that name too, so
that one counts only where its value has the shape of a mark.
"""

_NAMES: Final = (PARAMETER, FORMER_PARAMETER)
_PARTS: Final = re.compile(r"([^?#]*)(?:\?([^#]*))?(#.*)?", re.DOTALL)


def plain_page(url: str) -> str:
    """The address of a page without a mark of ours: a visitor who came from a Pin has one in it,
    and each has another. All else stays as it is written, to the last character.
    """
    path, pairs, fragment = _parts(url)
    kept = [pair for pair in pairs if _mark_of(pair) is None]
    if len(kept) == len(pairs):
        return url
    return path + (f"?{'&'.join(kept)}" if kept else "") + fragment


def mark_in(link: str | None) -> UUID | None:
    """The mark in a link; None where there is none, or where several contradict each other."""
    found = [mark for pair in _parts(link or "")[1] if (mark := _mark_of(pair))]
    for name in _NAMES:
        marks = [mark for each, mark in found if each == name]
        if marks:
            return read_nonce(marks[0]) if len(marks) == 1 else None
    return None


def _parts(url: str) -> tuple[str, list[str], str]:
    """What stands before the query, the query's pairs as they are written, and the fragment."""
    found = _PARTS.fullmatch(url)
    assert found is not None  # noqa: S101 - it matches every text
    path, query, fragment = found.groups()
    return path, [] if query is None else query.split("&"), fragment or ""


def _mark_of(pair: str) -> tuple[str, str] | None:
    """The name and the mark of a query's pair; None for what is the shop's own."""
    name, _, value = pair.partition("=")
    name, value = unquote(name), unquote(value)
    return (name, value) if name in _NAMES and read_nonce(value) else None
