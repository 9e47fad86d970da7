"""T27: a cache of a CDN between Pinterest and the media address."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse

from interactions.models import Evidence
from interactions.services.spool import spool
from tests.chromium import ROOT
from tests.interactions.asking import CRAWLER, PINTEREST_ADDRESS, DoorClient, beacon, tell

pytestmark = pytest.mark.django_db


class SharedCache:
    """Stores what section 3 of RFC 9111 lets a shared cache store, under what `key` makes."""

    def __init__(self, key: Callable[[str], str]) -> None:
        self.key = key
        self.stored: dict[str, HttpResponse] = {}

    def get(self, path: str, **more: object) -> HttpResponse:
        key = self.key(path)
        if key not in self.stored:
            answer = DoorClient().get(path, REMOTE_ADDR=PINTEREST_ADDRESS, **more)
            if not _may_be_stored(answer):
                return answer
            self.stored[key] = answer
        return self.stored[key]


def _may_be_stored(answer: HttpResponse) -> bool:
    directives = {
        each.strip().lower() for each in answer.get("Cache-Control", "").split(",") if each
    }
    forbidden = {"no-store", "private"} & directives
    fresh = any(re.match(r"(s-maxage|max-age)=[1-9]", each) for each in directives)
    # Statuses that may be kept even where nothing says for how long.
    heuristic = answer.status_code in (200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501)
    return not forbidden and (fresh or heuristic)


def by_extension(path: str) -> str:
    """As caches do that are told to keep all of one kind: the nonce is a part of the name."""
    return re.sub(r"\.[\w-]{22}(?=\.\w+$)", "", urlsplit(path).path)


def without_query(path: str) -> str:
    return urlsplit(path).path


@pytest.mark.parametrize("key", [by_extension, without_query, str])
def test_each_fetch_reaches_us_through_a_cache(site, entity, page_token, key):
    cache = SharedCache(key)
    headers = {"User-Agent": CRAWLER}
    for _ in range(2):
        told = beacon(site, entity, page_token)
        tell(told)
        media = f"/interactions/verify/pinit/{page_token}.{told['nonce']}.jpg?cache=1"
        assert cache.get(media, headers=headers).status_code == 200
    spool.drain()
    assert cache.stored == {}
    assert Evidence.objects.filter(kind="crawler_fetch").count() == 2


def test_the_cache_stores_what_may_be_stored(settings):
    """Or else the test above could not fail."""
    settings.VAR_DIR = ROOT / "var"
    cache = SharedCache(str)
    for _ in range(2):
        assert cache.get("/pinit.js").status_code == 200
    assert list(cache.stored) == ["/pinit.js"]
