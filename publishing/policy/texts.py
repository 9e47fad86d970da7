"""What a Pin may say, and where it may lead."""

from __future__ import annotations

from urllib.parse import urlsplit

TITLE_LIMIT = 100
DESCRIPTION_LIMIT = 800
LINK_LIMIT = 2048
ALT_TEXT_LIMIT = 500
"""Lengths in characters, as `POST /pins` takes them (official description 5.23)."""


class LinkRejected(ValueError):
    """The link can't be a Pin's destination; the text says what to do."""


def check_link(link: str) -> None:
    """Raise LinkRejected unless `link` is an absolute http or https address of a public name."""
    if not link.lower().startswith(("http://", "https://")):
        raise LinkRejected(
            "Start the link with https:// (or http://), such as https://example.com/page."
        )
    if not _names_a_place(link):
        raise LinkRejected(
            "This is not a complete web address. Copy it from the browser's address bar."
        )
    if "@" in urlsplit(link).netloc:
        raise LinkRejected("Leave the user name and password out of the link.")


def _names_a_place(link: str) -> bool:
    """Whether a link has a host of several labels, a possible port, and nothing invisible."""
    # `urlsplit` drops line breaks and tabs in silence; Pinterest and browsers may not.
    if any(char.isspace() or not char.isprintable() for char in link):
        return False
    try:
        parts = urlsplit(link)
        labels, _ = (parts.hostname or "").removesuffix(".").split("."), parts.port
    except ValueError:
        return False
    return len(labels) > 1 and all(labels) and "[" not in parts.netloc
