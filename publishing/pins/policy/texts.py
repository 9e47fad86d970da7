"""What a Pin may say, and where it may lead."""

from __future__ import annotations

import re

from foundation.fetching.hosts import host_of

_WITH_USER = re.compile(r"https?://[^/?#\\]*@", re.IGNORECASE)


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
    if _WITH_USER.match(link):
        raise LinkRejected("Leave the user name and password out of the link.")


def _names_a_place(link: str) -> bool:
    """Whether a link has a host of several labels, a possible port, and nothing invisible."""
    # Browsers drop line breaks and tabs in silence; Pinterest may not.
    if any(char.isspace() or not char.isprintable() for char in link):
        return False
    host = host_of(link)
    labels = host.removesuffix(".").split(".")
    return len(labels) > 1 and all(labels) and ":" not in host
