"""Links in mails lead to PUBLIC_URL, whatever host name the request behind them was sent to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings


@dataclass(frozen=True, slots=True)
class PublicSite:
    """This server as its mails name it."""

    domain: str
    name: str

    def __str__(self) -> str:
        return self.domain


def public_link(url: str) -> str:
    """The same path and query below PUBLIC_URL."""
    parts = urlsplit(url)
    rest = parts._replace(scheme="", netloc="").geturl()
    return f"{settings.PUBLIC_URL}{rest}"


def with_public_links(context: Mapping[str, Any]) -> dict[str, Any]:
    """A mail's context in which every `…_url` and the site's name are PUBLIC_URL's."""
    domain = urlsplit(settings.PUBLIC_URL).netloc
    links = {
        name: public_link(value)
        for name, value in context.items()
        if name.endswith("_url") and isinstance(value, str) and value
    }
    return {**context, **links, "current_site": PublicSite(domain=domain, name="PinApp")}
