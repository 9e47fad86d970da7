"""Which origins are Pinterest's own pages. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from foundation.fetching.hosts import read_web_address

# pinterest.com, www.pinterest.de, pinterest.co.uk …: the name stands right before the suffix.
_PINTEREST: Final = re.compile(
    r"(?:[a-z0-9-]+\.)*pinterest\.(?:com|[a-z]{2}|(?:co|com)\.[a-z]{2})", re.ASCII
)
_IN_APP: Final = re.compile(r"\[Pinterest/(?:iOS|Android)\]")
_LONGEST: Final = 300


def origin_of(referer: str) -> str:
    """The origin of a Referer header; empty for none or nonsense."""
    address = read_web_address(referer[:2000])
    return address.origin[:_LONGEST] if address else ""


def is_pinterest(origin: str, also: Collection[str] = ()) -> bool:
    """Whether an origin is one of Pinterest's, or one of `also`, compared exactly.

    A Referer proves nothing, for anybody can send one; it only tells a preview from other views.
    """
    if origin in also:
        return True
    scheme, _, host = origin.partition("://")
    return scheme == "https" and _PINTEREST.fullmatch(host) is not None


def is_in_app(user_agent: str) -> bool:
    """Whether a person reads within Pinterest's own app."""
    return _IN_APP.search(user_agent) is not None
