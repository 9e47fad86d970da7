"""The process's one way to Pinterest, and the keys its tokens are sealed with."""

from __future__ import annotations

from functools import cache
from urllib.parse import urljoin

import requests
from django.conf import settings

from accounts.sealing import Sealer
from pinterest.config import PinterestApp
from pinterest.http import open_session


@cache
def pinterest_session() -> requests.Session:
    """One pooled session for the whole process."""
    return open_session()


def pinterest_app() -> PinterestApp:
    """The Pinterest app this installation acts as."""
    return PinterestApp(
        app_id=settings.PINTEREST_APP_ID,
        app_secret=settings.PINTEREST_APP_SECRET,
        api_url=settings.PINTEREST_API_URL,
        oauth_url=settings.PINTEREST_OAUTH_URL,
    )


def pin_page_url(pin_id: str) -> str:
    """A Pin's page, on the same site as the consent page (https://www.pinterest.com in earnest)."""
    return urljoin(str(settings.PINTEREST_OAUTH_URL), f"/pin/{pin_id}/")


def sealer() -> Sealer:
    """The cipher for stored tokens, from `TOKEN_KEYS`."""
    return Sealer(settings.TOKEN_KEYS)
