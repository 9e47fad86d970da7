"""The mark in a Pin's link, by which its interaction is found. Pure."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from interactions.policy.nonces import read_nonce

PARAMETER: Final = "pin"
"""The name of the query parameter that pinit.js adds to the link."""


_IN_ADDRESS: Final = re.compile(rf"(?<=[?&]){PARAMETER}=[A-Za-z0-9_-]{{22}}(?:&|$)")


def plain_page(url: str) -> str:
    """The address of a page without a mark of ours: a visitor who came from a Pin has one in it,
    and each has another. All else stays as it is written.
    """
    if f"{PARAMETER}=" not in url:
        return url
    return _IN_ADDRESS.sub("", url).rstrip("?&") if _IN_ADDRESS.search(url) else url


def mark_in(link: str | None) -> UUID | None:
    """The mark in a link; None where there is none."""
    try:
        values = parse_qs(urlsplit(link or "").query).get(PARAMETER, [])
    except ValueError:
        return None
    return read_nonce(values[0]) if len(values) == 1 else None
