"""Who asks, for which host, by which scheme: the one place that decides it. Pure.

By the connection, and by what as many proxies of ours as are declared say, counted from the right:
what stands further left is what the visitor claims. WSGI writes `X_Forwarded_For` and
`X-Forwarded-For` the same way, so names that are not plain never get as far.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from foundation.fetching.addresses import plain_address

Header = tuple[bytes, bytes]
"""A header's name as it was sent, and its value."""

_PLAIN_NAME: Final = re.compile(rb"[a-z0-9-]+")
_SAID_BY_PROXIES: Final = (
    *(b"forwarded", b"via", b"true-client-ip", b"x-client-ip", b"x-cluster-client-ip"),
    *(b"x-real-ip", b"x-original-host", b"x-original-url", b"x-rewrite-url", b"x-scheme"),
)
"""Beside all that begin with x-forwarded-; and `Proxy`, which CGI takes for a setting."""


class Misleading(Exception):
    """The headers can be read in two ways; the text says which."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from. `address` is empty where it can't be told."""

    address: str
    scheme: str


def plain_headers(headers: Iterable[Header]) -> list[Header]:
    """The headers with lower-case names, without those whose name another could be taken for."""
    lowered = ((name.lower(), value) for name, value in headers)
    return [each for each in lowered if _PLAIN_NAME.fullmatch(each[0])]


def origin_of(headers: Sequence[Header], *, peer: str, scheme: str, proxies: int) -> Origin:
    """Decide by plain headers, the connection's own address and scheme, and `proxies` of ours."""
    if proxies < 1:
        return Origin(plain_address(peer), scheme)
    named = _listed(headers, b"x-forwarded-for")
    told = [each for each in _listed(headers, b"x-forwarded-proto") if each]
    return Origin(
        address=plain_address(named[-proxies]) if len(named) >= proxies else "",
        scheme="https" if told and told[-min(proxies, len(told))].lower() == "https" else scheme,
    )


def for_the_application(headers: Sequence[Header]) -> list[Header]:
    """What the application may read: nothing that it could take for who asks.

    Raises Misleading where two hosts are named.
    """
    hosts = [value for name, value in headers if name == b"host"]
    if len(hosts) > 1:
        raise Misleading("The request names two hosts.")
    return [
        (name, value)
        for name, value in headers
        if not (name.startswith(b"x-forwarded-") or name in _SAID_BY_PROXIES or name == b"proxy")
    ]


def _listed(headers: Iterable[Header], name: bytes) -> list[str]:
    """The parts of a header that is a list, whether it came in one line or in several."""
    lines = [value.decode("latin-1") for each, value in headers if each == name]
    return [part.strip() for line in lines for part in line.split(",")]
