"""Origins, compared exactly: scheme, host and port, as browsers write them."""

from __future__ import annotations

from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LONGEST = 300


def read_origin(text: str) -> str | None:
    """The origin a person means by an address, as browsers write it; None when it is none."""
    try:
        parts = urlsplit(text.strip()[:_LONGEST])
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
    except (ValueError, UnicodeError):
        return None
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not host or parts.username or parts.password:
        return None
    if ":" in host:
        host = f"[{host}]"
    return f"{scheme}://{host}" + ("" if port in (None, _DEFAULT_PORTS[scheme]) else f":{port}")


def is_allowed(origin: str, allowed: frozenset[str]) -> bool:
    """Whether a browser's Origin header is one of `allowed`, letter by letter."""
    return origin in allowed
