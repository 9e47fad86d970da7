"""System checks that speak before production does."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register()
def check_pace(**_kwargs: Any) -> list[CheckMessage]:
    """A pace of nothing would let no Pin be settled; a slower one was never thought through."""
    if 0 < settings.PUBLISHING_PACE <= 1:
        return []
    return [Error("PUBLISHING_PACE must be above 0 and at most 1.", id="pinapp.E002")]


@register(Tags.security)
def check_hosts(**_kwargs: Any) -> list[CheckMessage]:
    """A pattern would let links, caches and cookies be asked for under names that nobody chose."""
    patterns = [host for host in settings.ALLOWED_HOSTS if host.startswith(".") or "*" in host]
    if not patterns:
        return []
    return [
        Error(
            f"ALLOWED_HOSTS names hosts exactly; {', '.join(patterns)} is a pattern.",
            hint="Name each host, with its port where that is not PUBLIC_URL's.",
            id="pinapp.E003",
        )
    ]


@register(Tags.security, deploy=True)
def check_demo_is_off(**_kwargs: Any) -> list[CheckMessage]:
    """The demo shows everybody's mail to whoever reaches the server."""
    if not settings.DEMO:
        return []
    return [
        Error(
            "DEMO is on: sent mail can be read at /demo/mail/.",
            hint="Unset DEMO and give EMAIL_URL a mail server.",
            id="pinapp.E001",
        )
    ]
