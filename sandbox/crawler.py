"""Fetch media and pages the way Pinterest's servers do: a plain GET under a name of theirs."""

import ipaddress
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from sandbox.pictures import MAX_BYTES

PINTERESTBOT = "Mozilla/5.0 (compatible; Pinterestbot/1.0; +https://www.pinterest.com/bot.html)"
IMAGE_COPIER = "Pinterest/0.2 (+https://www.pinterest.com/bot.html)"
IMAGE_PROXY = "Mozilla/5.0 (Pinterest Image Proxy/1.0; +https://www.pinterest.com/image-proxy.html)"
MAX_REDIRECTS = 3
TIMEOUT_SECONDS = 10.0
_REDIRECTS = {301, 302, 303, 307, 308}
_CHUNK = 65_536
# Where a source address of this machine can be used: anywhere else it leads nowhere.
_HERE = ("http://127.", "http://localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One visit: what was asked, what came back. `outcome` is `ok` or the reason it failed."""

    url: str
    outcome: str
    user_agent: str = ""
    status: int | None = None
    content_type: str = ""
    redirects: int = 0
    size_bytes: int = 0
    content: bytes = b""


class Crawler:
    """Fetches from allowed hosts only: loopback, and those named in `allow_hosts`.

    It comes from `address` where that is given, as the image proxy from `proxy_address`.
    """

    def __init__(
        self,
        *,
        allow_hosts: Iterable[str] = (),
        timeout_seconds: float = TIMEOUT_SECONDS,
        user_agent: str = PINTERESTBOT,
        address: str | None = None,
        proxy_address: str | None = None,
    ) -> None:
        self.allow_hosts = {host.lower() for host in allow_hosts}
        self.timeout_seconds = timeout_seconds
        self.user_agent = user_agent
        self.address = address
        self.proxy_address = proxy_address

    def fetch(self, url: str, *, user_agent: str | None = None) -> Fetch:
        """Fetch `url`, under another name if one is given; never raises: the outcome tells."""
        name = user_agent or self.user_agent
        deadline = time.monotonic() + self.timeout_seconds
        with requests.Session() as session:
            # Nothing of the machine's own: no proxies, no netrc, no cookies.
            session.trust_env = False
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            session.headers.update({"User-Agent": name, "Accept": "image/*,*/*;q=0.8"})
            address = self.proxy_address if name == IMAGE_PROXY else self.address
            for prefix in _HERE if address else ():
                session.mount(prefix, _ComesFrom(address or ""))
            try:
                fetch = self._follow(session, url, deadline)
            except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                fetch = Fetch(url=url, outcome=type(error).__name__)
        return replace(fetch, user_agent=name)

    def may_visit(self, url: str) -> bool:
        """Whether the address is http(s) and its host is allowed."""
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        if parts.scheme not in {"http", "https"} or not host:
            return False
        return host in self.allow_hosts or is_loopback(host)

    def _follow(self, session: requests.Session, url: str, deadline: float) -> Fetch:
        current = url
        for hops in range(MAX_REDIRECTS + 1):
            if not self.may_visit(current):
                return Fetch(url=url, outcome="host not allowed", redirects=hops)
            with self._get(session, current, deadline) as answer:
                if answer.status_code in _REDIRECTS and "location" in answer.headers:
                    current = urljoin(current, answer.headers["location"])
                    continue
                return self._read(url, answer, hops, deadline)
        return Fetch(url=url, outcome="too many redirects", redirects=MAX_REDIRECTS + 1)

    def _get(self, session: requests.Session, url: str, deadline: float) -> requests.Response:
        return session.get(
            url,
            allow_redirects=False,
            stream=True,
            timeout=max(0.05, deadline - time.monotonic()),
        )

    def _read(self, url: str, answer: requests.Response, hops: int, deadline: float) -> Fetch:
        content_type = answer.headers.get("content-type", "")
        content = _drain(answer, deadline) if answer.status_code == 200 else b""
        return Fetch(
            url=url,
            outcome=_judge(answer.status_code, content_type, content),
            status=answer.status_code,
            content_type=content_type,
            redirects=hops,
            size_bytes=len(content or b""),
            content=content or b"",
        )


class _ComesFrom(HTTPAdapter):
    """Connects from an address of this machine: Linux has all of 127.0.0.0/8."""

    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, source_address=(self._address, 0), **kwargs)


def _drain(answer: requests.Response, deadline: float) -> bytes | None:
    """The body up to one byte over the limit, or None when time ran out."""
    read: Callable[..., bytes] = answer.raw.read1
    content = bytearray()
    while len(content) <= MAX_BYTES:
        if time.monotonic() > deadline:
            return None
        chunk = read(_CHUNK, decode_content=True)
        if not chunk:
            break
        content += chunk
    return bytes(content)


def _judge(status: int, content_type: str, content: bytes | None) -> str:
    if status != 200:
        return f"status {status}"
    if content is None:
        return "timeout"
    if not content:
        return "empty"
    if "html" in content_type.lower() or content.lstrip()[:1] == b"<":
        return "html"
    return "ok"


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine, decided without asking DNS."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
