"""Look at the page that a link leads to, without being led into our own network."""

import time
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from http.client import HTTPException, HTTPResponse
from typing import Final

from foundation.fetching.fetch import (
    HEADERS,
    FetchProblem,
    FetchRejected,
    Target,
    location_of,
    parse_target,
)
from foundation.fetching.guarded import (
    ForbiddenAddressError,
    Guard,
    GuardedConnection,
    UnreachableError,
)
from foundation.fetching.hosts import join, plain_host_of
from foundation.fetching.networks import parse_networks

LINK_TIMEOUT_S: Final = 8.0
_HOPS: Final = 5
# What a page says about itself stands at its beginning.
_HEAD_BYTES: Final = 64 * 1024
_HTML_HEADERS: Final = {**HEADERS, "Accept": "text/html, */*;q=0.5"}


class LinkProblem(StrEnum):
    """Why a link's page could not be asked."""

    BAD_URL = "bad_url"
    PRIVATE_ADDRESS = "private_address"
    UNREACHABLE = "unreachable"
    LOOPS = "loops"


@dataclass(frozen=True, slots=True)
class LinkLook:
    """What a link's page answered.

    `left_for` is the address on another site that it led to; that one was not asked. `head` is
    its first 64 KB where it is HTML, and `charset` what the answer's header says of them, if
    anything.
    """

    status: int = 0
    left_for: str = ""
    head: bytes = field(default=b"", repr=False)
    charset: str = ""
    problem: LinkProblem | None = None


@dataclass(frozen=True, slots=True)
class _Page:
    status: int
    location: str | None
    is_html: bool
    head: bytes
    charset: str


def look_at_link(
    url: str, *, allowed_networks: Collection[str] = (), timeout_s: float = LINK_TIMEOUT_S
) -> LinkLook:
    """Ask for the page's head, and for its first 64 KB where it is HTML; raises nothing.

    Redirects are followed within one site (`www.` does not count); every hop is checked anew.
    """
    guard = Guard(networks=parse_networks(allowed_networks), deadline=time.monotonic() + timeout_s)
    try:
        for _ in range(_HOPS):
            target = parse_target(url)
            page = _ask(target, guard)
            if page.location is None:
                return LinkLook(status=page.status, head=page.head, charset=page.charset)
            following = join(url, page.location) or page.location
            parse_target(following)
            if plain_host_of(following) != plain_host_of(url):
                return LinkLook(status=page.status, left_for=following)
            url = following
    except FetchRejected as error:
        bad = error.code in {FetchProblem.BAD_URL, FetchProblem.BAD_SCHEME}
        return LinkLook(problem=LinkProblem.BAD_URL if bad else LinkProblem.UNREACHABLE)
    except ForbiddenAddressError as error:
        # A port that is none of the web's proves nothing about the page.
        return LinkLook(
            problem=LinkProblem.BAD_URL if error.by_port else LinkProblem.PRIVATE_ADDRESS
        )
    except (OSError, HTTPException, UnreachableError):
        return LinkLook(problem=LinkProblem.UNREACHABLE)
    return LinkLook(problem=LinkProblem.LOOPS)


def _ask(target: Target, guard: Guard) -> _Page:
    """HEAD first; GET where that says little: servers that can't do HEAD, and HTML."""
    page = _request("HEAD", target, guard)
    if page.location is None and (page.status >= 400 or page.is_html):
        return _request("GET", target, guard)
    return page


def _request(method: str, target: Target, guard: Guard) -> _Page:
    connection = GuardedConnection(target.host, target.port, guard, tls=target.scheme == "https")
    try:
        with connection.cut_at_deadline():
            connection.request(method, target.path, headers=_HTML_HEADERS)
            with connection.getresponse() as response:
                return _read(response, with_body=method == "GET")
    finally:
        connection.close()


def _read(response: HTTPResponse, *, with_body: bool) -> _Page:
    kind = response.headers.get_content_type()
    is_html = kind in {"text/html", "application/xhtml+xml"}
    return _Page(
        status=response.status,
        location=location_of(response),
        is_html=is_html,
        head=response.read(_HEAD_BYTES) if with_body and is_html else b"",
        charset=response.headers.get_content_charset(""),
    )
