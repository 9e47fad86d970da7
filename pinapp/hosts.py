"""The host names and ports that this server answers to, exactly."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from foundation.fetching.hosts import read_web_address

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Host = tuple[str, int]

_PORTS: Final = {"http": 80, "https": 443}
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})
_NOBODY: Final = "host.invalid"
"""A name that Django never allows: it answers, and logs, as for any other foreign name."""


def in_ascii(public_url: str) -> str:
    """PUBLIC_URL as browsers send it: a name in its own letters never comes in a header."""
    address = None if public_url.isascii() else read_web_address(public_url)
    return address.origin if address else public_url


def exact_hosts(allowed: Iterable[str], *, public_url: str) -> frozenset[Host]:
    """Names with their ports: PUBLIC_URL's, and those of `allowed` ("name" or "name:port").

    A machine that is reached at its loopback address has both of its names.
    """
    public = urlsplit(public_url)
    port = public.port or _PORTS.get(public.scheme, 80)
    hosts = {_split(each, default_port=port) for each in allowed}
    name = public.hostname or "127.0.0.1"
    hosts |= {(each, port) for each in (_LOOPBACK if name in _LOOPBACK else {name})}
    return frozenset(hosts)


class ExactHosts:
    """A WSGI application that knows a host by its name and its port; Django looks at names alone.

    Links are made from PUBLIC_URL only, so a foreign port harms nobody by itself; but what is
    cached or compared by host should not be somebody else's to name.
    """

    def __init__(self, inside: WSGIApplication, hosts: Collection[Host]) -> None:
        self.inside = inside
        self.hosts = hosts

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        name, port = _split(
            environ.get("HTTP_HOST", ""), default_port=_PORTS[environ["wsgi.url_scheme"]]
        )
        if not self._is_known(name, port):
            environ["HTTP_HOST"] = _NOBODY
        return self.inside(environ, start_response)

    def _is_known(self, name: str, port: int) -> bool:
        if (name, port) in self.hosts:
            return True
        # Behind a proxy that ends TLS the scheme is known later, and a default port is not named.
        return port in _PORTS.values() and any((name, each) in self.hosts for each in (80, 443))


@lru_cache(maxsize=64)
def _split(host: str, *, default_port: int) -> Host:
    """Name in lower case and port of a Host header or an entry of ALLOWED_HOSTS."""
    try:
        parts = urlsplit(f"//{host}")
        return (parts.hostname or "").rstrip("."), parts.port or default_port
    except ValueError:
        return "", 0
