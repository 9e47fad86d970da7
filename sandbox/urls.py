"""Addresses in requests: absolute, http or https."""

from urllib.parse import urlsplit

from sandbox import errors

MAX_LENGTH = 2048


def check_link(link: str | None, *, field: str = "link") -> None:
    """Raise ApiError 400/1 unless `link` is None or an absolute http(s) URL."""
    if link is not None and not is_web_address(link):
        raise errors.invalid(f"'{field}' is not a valid URL format")


def is_web_address(text: str) -> bool:
    """Whether the text is an absolute http(s) URL with a host and nothing odd in it."""
    if len(text) > MAX_LENGTH or any(char.isspace() or not char.isprintable() for char in text):
        return False
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
