"""Fetch an image from an address a user typed, without being led into our own network."""

import re
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPException, HTTPResponse
from typing import Final, NamedTuple, TypeVar

from foundation.fetching.guarded import (
    ForbiddenAddressError,
    Guard,
    GuardedConnection,
    UnreachableError,
)
from foundation.fetching.hosts import join, read_web_address
from foundation.fetching.networks import parse_networks

TIMEOUT_S: Final = 20.0
IMAGE_BYTES_LIMIT: Final = 20 * 1024 * 1024
_REDIRECT_LIMIT: Final = 3
_URL_LIMIT: Final = 4096
_LABEL_LIMIT: Final = 63
"""Characters between two dots of a name, as DNS has it."""

_CHUNK: Final = 64 * 1024
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_UNFIT: Final = re.compile(r"[\x00-\x1f\x7f\\]")
# Browsers read a host even into `https:///a.jpg`.
_NAMES_A_HOST: Final = re.compile(r"https?://[^/]", re.I)
_HTML: Final = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype\s+html|html|head|body|script|!--)", re.I)
HEADERS: Final = {
    "User-Agent": "Mozilla/5.0 (compatible; PinApp/0.1)",
    "Accept": "image/jpeg, image/png, image/webp, */*;q=0.5",
    "Accept-Encoding": "identity",
    "Connection": "close",
}


class FetchProblem(StrEnum):
    """Why an image could not be fetched."""

    BAD_URL = "bad_url"
    BAD_SCHEME = "bad_scheme"
    PRIVATE_ADDRESS = "private_address"
    NOT_FOUND = "not_found"
    HTTP_ERROR = "http_error"
    NOT_AN_IMAGE = "not_an_image"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    UNREACHABLE = "unreachable"
    TOO_MANY_REDIRECTS = "too_many_redirects"


_MESSAGES: Final = {
    FetchProblem.BAD_URL: "This is not a usable address. Paste the full address of an image,"
    " such as https://example.com/picture.jpg, without a user name or an unusual port.",
    FetchProblem.BAD_SCHEME: "The address must start with https:// or http://."
    " Paste the full address of an image.",
    FetchProblem.PRIVATE_ADDRESS: "This address leads into a private network, which no other"
    " service can reach. Upload the image instead.",
    FetchProblem.NOT_FOUND: "There is no image at this address. Check it, or upload the image.",
    FetchProblem.HTTP_ERROR: "The site did not give us the image. If it needs a sign-in, upload"
    " the image instead; otherwise try again later.",
    FetchProblem.NOT_AN_IMAGE: "This is the address of a web page, not of an image. Open the"
    " image by itself, copy its address and paste that.",
    FetchProblem.TOO_LARGE: "The image has more than 20 MB. Use a smaller version of it.",
    FetchProblem.TOO_SLOW: "The site took too long to send the image. Try again, or upload it.",
    FetchProblem.UNREACHABLE: "The site could not be reached safely. Check the address, or upload"
    " the image instead.",
    FetchProblem.TOO_MANY_REDIRECTS: "The address is forwarded too often. Open the image, copy"
    " the final address and paste that.",
}


class FetchRejected(ValueError):  # reads as the event it is, like Refused
    """The image could not be fetched; `message` says why and what to do."""

    def __init__(self, code: FetchProblem) -> None:
        super().__init__(code)
        self.code = code
        self.message = _MESSAGES[code]

    def __str__(self) -> str:
        return self.message


Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """What was asked for is at another address."""

    location: str


class Target(NamedTuple):
    """Where to connect, and what to ask for there."""

    scheme: str
    host: str
    port: int
    path: str


def fetch_image(
    url: str,
    *,
    allowed_networks: Collection[str] = (),
    timeout_s: float = TIMEOUT_S,
) -> bytes:
    """Fetch at most 20 MB from a public http or https address, within `timeout_s` in all.

    Every hop of up to three redirects is checked anew. `allowed_networks` are CIDRs that may be
    reached although they are not public, on any port; the public Internet is reached on ports
    80 and 443 only, because behind others live services that an HTTP request could confuse.
    Proxies, cookies and stored credentials play no part. What arrives is not yet known to be an
    image: give it to `check_image`. Raises FetchRejected.
    """
    guard = Guard(networks=parse_networks(allowed_networks), deadline=time.monotonic() + timeout_s)
    _, body = follow(url, guard, headers=HEADERS, read=lambda answer: _read(answer, guard))
    return body


def follow(
    url: str, guard: Guard, *, headers: Mapping[str, str], read: Callable[[HTTPResponse], Read]
) -> tuple[str, Read]:
    """Go where an address leads; returns the last address and what `read` makes of its answer.

    Raises FetchRejected, and what `read` raises.
    """
    for _ in range(_REDIRECT_LIMIT + 1):
        found = _visit(parse_target(url), guard, headers=headers, read=read)
        if not isinstance(found, _Elsewhere):
            return url, found
        url = join(url, found.location) or found.location
    raise FetchRejected(FetchProblem.TOO_MANY_REDIRECTS)


def parse_target(url: str) -> Target:
    """Take the address apart, refusing what could mean one thing here and another elsewhere.

    Raises FetchRejected.
    """
    url = url.strip(" ")
    if _UNFIT.search(url) or len(url) > _URL_LIMIT:
        raise FetchRejected(FetchProblem.BAD_URL)
    if not url.lower().startswith(("http:", "https:")):
        raise FetchRejected(FetchProblem.BAD_SCHEME)
    address = read_web_address(url) if _NAMES_A_HOST.match(url) else None
    if address is None or address.has_user or address.port == 0:
        raise FetchRejected(FetchProblem.BAD_URL)
    if any(len(label) > _LABEL_LIMIT for label in address.host.split(".")):
        raise FetchRejected(FetchProblem.BAD_URL)
    return Target(address.scheme, address.host, address.port, address.target)


def _visit(
    target: Target,
    guard: Guard,
    *,
    headers: Mapping[str, str],
    read: Callable[[HTTPResponse], Read],
) -> Read | _Elsewhere:
    """Ask one address; return what was read of it, or where to go instead."""
    connection = GuardedConnection(target.host, target.port, guard, tls=target.scheme == "https")
    try:
        with connection.cut_at_deadline():
            connection.request("GET", target.path, headers=headers)
            with connection.getresponse() as response:
                location = location_of(response)
                return _Elsewhere(location) if location else read(response)
    except ForbiddenAddressError as error:
        problem = FetchProblem.BAD_URL if error.by_port else FetchProblem.PRIVATE_ADDRESS
        raise FetchRejected(problem) from None
    except (OSError, HTTPException, UnreachableError) as error:
        slow = guard.is_over() or isinstance(error, TimeoutError)
        problem = FetchProblem.TOO_SLOW if slow else FetchProblem.UNREACHABLE
        raise FetchRejected(problem) from None
    finally:
        connection.close()


def location_of(response: HTTPResponse) -> str | None:
    """Where a redirect leads; None for any other answer."""
    location = response.getheader("Location")
    if response.status not in REDIRECTS or not location:
        return None
    # Header bytes arrive as Latin-1, but sites that send non-ASCII mean UTF-8.
    return location.encode("latin-1", "replace").decode("utf-8", "replace")


def _read(response: HTTPResponse, guard: Guard) -> bytes:
    """Read the body of a success within size and time."""
    if response.status in (404, 410):
        raise FetchRejected(FetchProblem.NOT_FOUND)
    if response.status != 200:
        raise FetchRejected(FetchProblem.HTTP_ERROR)
    if (response.length or 0) > IMAGE_BYTES_LIMIT:
        raise FetchRejected(FetchProblem.TOO_LARGE)
    return _read_body(response, guard)


def _read_body(response: HTTPResponse, guard: Guard) -> bytes:
    body = bytearray()
    while chunk := response.read(_CHUNK):
        body += chunk
        if len(body) > IMAGE_BYTES_LIMIT:
            raise FetchRejected(FetchProblem.TOO_LARGE)
        if _HTML.match(body):
            raise FetchRejected(FetchProblem.NOT_AN_IMAGE)
    if guard.is_over():
        raise FetchRejected(FetchProblem.TOO_SLOW)
    if response.length:
        raise FetchRejected(FetchProblem.UNREACHABLE)
    return bytes(body)
