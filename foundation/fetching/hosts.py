"""Reads web addresses as browsers do: which host they name, on which port, under which scheme.

The rules are WHATWG's URL standard (UTS 46, non-transitional; percent-encoded names, `。` for a
dot, IPv4 in decimal, octal and hex) as Ada implements them. Whoever reads a host any other way
reads somebody else's: Python's own codec takes `straße.example` for `strasse.example`, and its
`urlsplit` takes `https://shop.example\\.evil.example/` for an address of `evil.example`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import ada_url
from ada_url import idna

from foundation.fetching.letters import is_unmistakable

_LONGEST: Final = 8192
_NO_PART_OF_A_NAME: Final = frozenset("/\\?#:@[]")
_DEFAULT_PORTS: Final = {"http:": 80, "https:": 443}


@dataclass(frozen=True, slots=True)
class WebAddress:
    """Where an http or https address leads.

    `host` is ASCII as it goes over the wire, an IPv6 address without brackets; `target` is the
    path with the query, percent-encoded; `has_user` tells of a user name or a password.
    """

    scheme: str
    host: str
    port: int
    target: str
    has_user: bool = False

    @property
    def origin(self) -> str:
        """Scheme, host and port, as browsers write them in an Origin header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        is_default = self.port == _DEFAULT_PORTS[f"{self.scheme}:"]
        return f"{self.scheme}://{host}" + ("" if is_default else f":{self.port}")

    @property
    def plain_host(self) -> str:
        """The host without `www.` and without a dot at its end: what people call the site."""
        return self.host.removesuffix(".").removeprefix("www.")


def read_web_address(text: str) -> WebAddress | None:
    """Take an absolute address apart; None for what a browser would not open as http or https."""
    url = _parse(text)
    if url is None:
        return None
    return WebAddress(
        scheme=url.protocol.removesuffix(":"),
        host=url.hostname.strip("[]"),
        port=int(url.port) if url.port else _DEFAULT_PORTS[url.protocol],
        target=(url.pathname or "/") + url.search,
        has_user=bool(url.username or url.password),
    )


def host_of(text: str) -> str:
    """The host of an address, in ASCII; empty where there is none."""
    address = read_web_address(text)
    return address.host if address else ""


def plain_host_of(text: str) -> str:
    """The host of an address without `www.`, in ASCII; empty where there is none."""
    address = read_web_address(text)
    return address.plain_host if address else ""


def join(base: str, reference: str) -> str:
    """The address that `reference` on the page at `base` leads to; empty where it leads nowhere."""
    url = _parse(reference, base)
    return url.href if url else ""


def shown(ascii_text: str) -> str:
    """A host or an origin as people read it: `straße.example` for `xn--strae-oqa.example`.

    A name that could be read for another's stays as it is, as in browsers. For the eye only:
    compare and send what it was made of.
    """
    scheme, separator, host = ascii_text.rpartition("://")
    if "xn--" not in host:
        return ascii_text
    name, colon, port = host.partition(":")
    try:
        readable = str(idna.decode(name))
        is_safe = is_unmistakable(readable) and idna.encode(readable).decode() == name
    except (ValueError, UnicodeError):
        return ascii_text
    return f"{scheme}{separator}{readable}{colon}{port}" if is_safe else ascii_text


def mailbox_on_the_wire(address: str) -> str:
    """A mail address with its domain in ASCII, so that nobody's program reads it as another's.

    `anna@straße.example` is not `anna@strasse.example`, which Python would make of it.
    """
    name, _, domain = address.rpartition("@")
    host = "" if _NO_PART_OF_A_NAME & set(domain) else host_of(f"https://{domain}/")
    return f"{name}@{host}" if name and host and not domain.isascii() else address


def _parse(text: str, base: str | None = None) -> ada_url.URL | None:
    if len(text) > _LONGEST:
        return None
    try:
        url = ada_url.URL(text, base)
    except (ValueError, UnicodeError):
        return None
    return url if url.protocol in _DEFAULT_PORTS and url.hostname else None
