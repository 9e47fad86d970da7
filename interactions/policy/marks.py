"""The mark in a Pin's link, by which its interaction is found. Pure."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from interactions.policy.nonces import read_nonce

PARAMETER: Final = "pin"
"""The name of the query parameter that pinit.js adds to the link."""


def mark_in(link: str | None) -> UUID | None:
    """The mark in a link; None where there is none."""
    try:
        values = parse_qs(urlsplit(link or "").query).get(PARAMETER, [])
    except ValueError:
        return None
    return read_nonce(values[0]) if len(values) == 1 else None
