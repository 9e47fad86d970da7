"""A publisher's site on loopback, whose pages and pictures a test lays out."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.pinterest.loopback import respond, serve


@dataclass
class Shop:
    """Where it is, what it has (path → status and bytes), and what it was asked for."""

    url: str = ""
    shelf: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def put(self, path: str, body: bytes | str, *, status: int = 200) -> str:
        """Lay something out; returns its address."""
        self.shelf[path] = (status, body.encode() if isinstance(body, str) else body)
        return f"{self.url}{path}"

    def page(self, path: str, *, picture: str = "", title: str = "") -> str:
        """A page that names its picture as shops do."""
        image = f'<meta property="og:image" content="{picture}">' if picture else ""
        return self.put(
            path, f"<html><head><title>{title}</title>{image}</head><body></body></html>"
        )

    def sitemap(self, *paths: str, at: str = "/sitemap.xml") -> str:
        """A sitemap of pages."""
        urls = "".join(f"<url><loc>{self.url}{path}</loc></url>" for path in paths)
        return self.put(
            at,
            f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
            f"{urls}</urlset>",
        )


@contextmanager
def open_shop() -> Iterator[Shop]:
    shop = Shop()

    def script(one: socket.socket, request: bytes) -> None:
        path = request.split(b" ", 2)[1].decode()
        shop.asked.append(path)
        status, body = shop.shelf.get(path, (404, b""))
        respond(status, body)(one, request)

    with serve(script) as server:
        shop.url = server.url
        yield shop
