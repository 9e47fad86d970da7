"""Origins, compared exactly: scheme, host and port, as browsers write them."""

from __future__ import annotations

from collections.abc import Iterable

from foundation.fetching.hosts import read_web_address, shown


def read_origin(text: str) -> str | None:
    """The origin a person means by an address, as browsers write it; None when it is none."""
    address = read_web_address(text.strip())
    return None if address is None or address.has_user else address.origin


def list_shown(origins: Iterable[str], *, between: str = ", ") -> str:
    """Origins as people read them: a name in its own letters, not as `xn--`."""
    return between.join(map(shown, origins))


def is_allowed(origin: str, allowed: frozenset[str]) -> bool:
    """Whether a browser's Origin header is one of `allowed`, letter by letter."""
    return origin in allowed
