"""The shop on a socket."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pinapp.demo.shop.goods import BY_SLUG
from pinapp.demo.shop.keys import Keys, read_keys
from pinapp.demo.shop.pages import Place, front_page, good_page, missing_page
from pinapp.demo.shop.pictures import picture_of
from pinapp.demo.shop.reports import crawl_of, report_soon

_ASSETS: Final = Path(__file__).parent
_HTML: Final = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    content_type: str
    body: bytes
    caching: str = "no-cache"


class ShopServer(ThreadingHTTPServer):
    """Serves the shop; its keys are read from `folder`, anew when they have changed."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], place: Place, folder: Path) -> None:
        self.place = place
        self.folder = folder
        super().__init__(address, _Handler)

    def keys(self) -> Keys | None:
        """What PinApp gave us; None before it has."""
        return read_keys(self.folder)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that hang up; report everything else."""
        if isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            return
        super().handle_error(request, client_address)  # type: ignore[arg-type]  # stub is narrower


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "MaisonClay"
    sys_version = ""
    timeout = 60
    server: ShopServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        answer = self._find(parts.path)
        self._send(answer)
        if answer.status == 200 and answer.content_type == _HTML and self.command == "GET":
            self._report(parts.query)

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing of each page."""

    def _find(self, path: str) -> _Answer:
        place, keys = self.server.place, self.server.keys()
        slug = path.removeprefix("/pictures/").removesuffix(".jpg").strip("/")
        good = BY_SLUG.get(slug)
        if path == "/":
            return _page(front_page(place, keys))
        if path == "/shop.css":
            return _Answer(200, "text/css; charset=utf-8", (_ASSETS / "shop.css").read_bytes())
        if path == "/favicon.svg":
            return _Answer(200, "image/svg+xml", (_ASSETS / "favicon.svg").read_bytes())
        if good and path == good.picture_path:
            return _Answer(200, "image/jpeg", picture_of(good.slug), "public, max-age=3600")
        if good and path == good.page_path:
            return _page(good_page(good, place, keys))
        return _page(missing_page(place), status=404)

    def _report(self, query: str) -> None:
        keys = self.server.keys()
        user_agent, address = self.headers.get("User-Agent", ""), str(self.client_address[0])
        crawl = crawl_of(query, user_agent=user_agent, address=address)
        if keys and crawl:
            report_soon(crawl, pinapp_url=self.server.place.pinapp_url, keys=keys)

    def _send(self, answer: _Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Cache-Control", answer.caching)
        self.send_header("X-Content-Type-Options", "nosniff")
        if answer.content_type == _HTML:
            self.send_header("Content-Security-Policy", _policy(self.server.place))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)


def _page(markup: str, *, status: int = 200) -> _Answer:
    return _Answer(status, _HTML, markup.encode())


def _policy(place: Place) -> str:
    """All that a publisher has to allow for the button: our script, and to send to us."""
    return (
        f"default-src 'none'; style-src 'self'; img-src 'self'; script-src {place.pinapp_url}; "
        f"connect-src {place.pinapp_url}; base-uri 'none'; frame-ancestors 'none'"
    )
