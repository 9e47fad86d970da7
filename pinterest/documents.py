"""Fetch a page or a list of pages from an address a person typed, guarded as images are."""

from __future__ import annotations

import time
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPException, HTTPResponse
from typing import Final
from urllib.parse import urljoin

from pinterest.addresses import parse_networks
from pinterest.fetch import (
    HEADERS,
    REDIRECTS,
    FetchProblem,
    FetchRejected,
    Target,
    location_of,
    parse_target,
)
from pinterest.guarded import ForbiddenAddressError, Guard, GuardedConnection, UnreachableError

TIMEOUT_S: Final = 20.0
_REDIRECT_LIMIT: Final = 3
_CHUNK: Final = 64 * 1024
_ACCEPT: Final = "text/html, application/xml, text/xml, text/plain;q=0.9, */*;q=0.5"
_GZIP: Final = b"\x1f\x8b"
_ANY_GZIP: Final = 16 + zlib.MAX_WBITS


class DocumentProblem(StrEnum):
    """Why a document could not be fetched."""

    BAD_URL = "bad_url"
    PRIVATE_ADDRESS = "private_address"
    NOT_FOUND = "not_found"
    HTTP_ERROR = "http_error"
    BUSY = "busy"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    UNREACHABLE = "unreachable"
    TOO_MANY_REDIRECTS = "too_many_redirects"


_MESSAGES: Final = {
    DocumentProblem.BAD_URL: "This is not a usable address. Give it in full, such as"
    " https://shop.example/page, without a user name or an unusual port.",
    DocumentProblem.PRIVATE_ADDRESS: "This address leads into a private network.",
    DocumentProblem.NOT_FOUND: "There is nothing at this address.",
    DocumentProblem.HTTP_ERROR: "The site did not give it to us. Perhaps it needs a sign-in, or"
    " keeps programs out.",
    DocumentProblem.BUSY: "The site asks us to come back later. Try again in some minutes.",
    DocumentProblem.TOO_LARGE: "It is too large.",
    DocumentProblem.TOO_SLOW: "The site took too long to answer. Try again later.",
    DocumentProblem.UNREACHABLE: "The site could not be reached safely.",
    DocumentProblem.TOO_MANY_REDIRECTS: "The address is forwarded too often.",
}


class DocumentRejected(ValueError):
    """The document could not be fetched; the text says why."""

    def __init__(self, code: DocumentProblem) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return _MESSAGES[self.code]


@dataclass(frozen=True, slots=True)
class Document:
    """What was found, and the address it was found at after redirects."""

    url: str
    data: bytes


def fetch_document(
    url: str,
    *,
    most_bytes: int,
    cut: bool = False,
    allowed_networks: Collection[str] = (),
    timeout_s: float = TIMEOUT_S,
) -> Document:
    """Fetch at most `most_bytes`, unpacked where it is gzip, within `timeout_s` in all.

    `cut`: what is longer is cut off, not refused. Guarded as `pinterest.fetch.fetch_image` is.
    Raises DocumentRejected.
    """
    guard = Guard(networks=parse_networks(allowed_networks), deadline=time.monotonic() + timeout_s)
    for _ in range(_REDIRECT_LIMIT + 1):
        body, location = _visit(_target(url), guard, most_bytes=most_bytes, cut=cut)
        if location is None:
            return Document(url, body)
        url = urljoin(url, location)
    raise DocumentRejected(DocumentProblem.TOO_MANY_REDIRECTS)


def _target(url: str) -> Target:
    try:
        return parse_target(url)
    except FetchRejected as error:
        private = error.code is FetchProblem.PRIVATE_ADDRESS
        problem = DocumentProblem.PRIVATE_ADDRESS if private else DocumentProblem.BAD_URL
        raise DocumentRejected(problem) from None


def _visit(target: Target, guard: Guard, *, most_bytes: int, cut: bool) -> tuple[bytes, str | None]:
    connection = GuardedConnection(target.host, target.port, guard, tls=target.scheme == "https")
    try:
        with connection.cut_at_deadline():
            connection.request("GET", target.path, headers={**HEADERS, "Accept": _ACCEPT})
            with connection.getresponse() as response:
                return _read(response, guard, most_bytes=most_bytes, cut=cut), location_of(response)
    except ForbiddenAddressError as error:
        problem = DocumentProblem.BAD_URL if error.by_port else DocumentProblem.PRIVATE_ADDRESS
        raise DocumentRejected(problem) from None
    except (OSError, HTTPException, UnreachableError) as error:
        slow = guard.is_over() or isinstance(error, TimeoutError)
        problem = DocumentProblem.TOO_SLOW if slow else DocumentProblem.UNREACHABLE
        raise DocumentRejected(problem) from None
    finally:
        connection.close()


def _read(response: HTTPResponse, guard: Guard, *, most_bytes: int, cut: bool) -> bytes:
    if response.status in REDIRECTS and response.getheader("Location"):
        return b""
    if response.status in (404, 410):
        raise DocumentRejected(DocumentProblem.NOT_FOUND)
    if response.status in (429, 503):
        raise DocumentRejected(DocumentProblem.BUSY)
    if response.status != 200:
        raise DocumentRejected(DocumentProblem.HTTP_ERROR)
    body = bytearray()
    while len(body) <= most_bytes and (chunk := response.read(_CHUNK)):
        body += chunk
    if guard.is_over():
        raise DocumentRejected(DocumentProblem.TOO_SLOW)
    return _bounded(_unpacked(bytes(body), most_bytes), most_bytes=most_bytes, cut=cut)


def _bounded(body: bytes, *, most_bytes: int, cut: bool) -> bytes:
    if len(body) <= most_bytes:
        return body
    if cut:
        return body[:most_bytes]
    raise DocumentRejected(DocumentProblem.TOO_LARGE)


def _unpacked(body: bytes, most_bytes: int) -> bytes:
    """What a gzip file holds, never more than one byte beyond the bound."""
    if not body.startswith(_GZIP):
        return body
    try:
        return zlib.decompressobj(_ANY_GZIP).decompress(body, most_bytes + 1)
    except zlib.error:
        raise DocumentRejected(DocumentProblem.UNREACHABLE) from None
