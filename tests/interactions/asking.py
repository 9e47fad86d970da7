"""Asking the doors as browsers and Pinterest do."""

from __future__ import annotations

import json
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.test import Client
from django.test.client import ClientHandler

from interactions.door import PublicDoors
from interactions.models import Entity, Site
from interactions.services.spool import spool
from tests.interactions.conftest import SHOP, new_nonce

PERSON = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/141.0.0.0 Safari/537.36"
)
CRAWLER = "Pinterest/0.2 (+https://www.pinterest.com/bot.html)"
PROXY = "Mozilla/5.0 (Pinterest Image Proxy/1.0; +https://www.pinterest.com/image-proxy.html)"
PINTEREST_ADDRESS = "54.236.1.11"


class DoorClient(Client):
    """Asks as over the line: the doors stand before Django's handler."""

    def __init__(self, **defaults: Any) -> None:
        super().__init__(**defaults)
        self.handler = _Served()


class _Served(ClientHandler):
    def __call__(self, environ: dict[str, Any]) -> HttpResponse:
        answers: list[HttpResponse] = []
        asked = dict(environ)

        def inside(environ: dict[str, Any], _start_response: Any) -> list[bytes]:
            answers.append(super(_Served, self).__call__(environ))
            return []

        def start_response(status: str, headers: list[tuple[str, str]]) -> None:
            answer = HttpResponse(status=int(status[:3]), reason=status[4:])
            del answer.headers["Content-Type"]
            for name, value in headers:
                answer.headers[name] = value
            answer.wsgi_request = WSGIRequest(asked)
            answers.append(answer)

        # A test's transaction outlives the request, so its connection is kept.
        doors = PublicDoors(inside, afterwards=lambda: None)
        body = b"".join(doors(environ, start_response))
        (answer,) = answers
        if body:
            answer.content = body
        return answer


def beacon(site: Site, entity: Entity, token: str, **more: Any) -> dict[str, Any]:
    """A click's beacon as pinit.js sends it."""
    return {
        "site": site.key,
        "entity": entity.key,
        "action": "pinit",
        "token": token,
        "nonce": new_nonce(),
        "page_url": entity.page_url,
        "trusted": True,
        **more,
    }


def tell(body: Any, *, origin: str | None = SHOP, **more: Any) -> HttpResponse:
    """Send a beacon from a page of `origin`."""
    headers = more.pop("headers", {})
    if origin is not None:
        headers["Origin"] = origin
    return DoorClient().post(
        more.pop("path", "/interactions"),
        data=body if isinstance(body, (str, bytes)) else json.dumps(body),
        content_type=more.pop("content_type", "text/plain;charset=UTF-8"),
        headers={"User-Agent": PERSON, **headers},
        **more,
    )


def fetch(
    token: str, *, agent: str = CRAWLER, method: str = "get", suffix: str = ".jpg", **more: Any
) -> HttpResponse:
    """Fetch the picture of a media token, and carry the note of it over."""
    headers = {"User-Agent": agent, **more.pop("headers", {})}
    answer = getattr(DoorClient(), method)(
        f"/interactions/verify/pinit/{token}{suffix}",
        headers=headers,
        REMOTE_ADDR=more.pop("address", PINTEREST_ADDRESS),
        **more,
    )
    spool.drain()
    return answer
