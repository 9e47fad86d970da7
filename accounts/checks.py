"""System checks that speak before production does."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from accounts.sealing import BadKey, Sealer


@register(Tags.security)
def check_token_keys(**_kwargs: Any) -> list[CheckMessage]:
    """Refuse to start with keys that can't seal."""
    try:
        Sealer(settings.TOKEN_KEYS)
    except BadKey as error:
        return [Error(str(error), id="accounts.E001")]
    return []


@register(Tags.security, deploy=True)
def check_pinterest_app(**_kwargs: Any) -> list[CheckMessage]:
    """Warn where nobody could connect an account."""
    if settings.PINTEREST_APP_ID and settings.PINTEREST_APP_SECRET:
        return []
    return [
        checks.Warning(
            "No Pinterest app is configured, so nobody can connect an account.",
            hint="Set PINTEREST_APP_ID and PINTEREST_APP_SECRET from your app's page at Pinterest.",
            id="accounts.W001",
        )
    ]
