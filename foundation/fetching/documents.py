"""Fetch a page or a list of pages from an address a person typed, guarded as images are."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from http.client import HTTPResponse
from typing import Final

from foundation.fetching.fetch import HEADERS, FetchProblem, FetchRejected, follow
from foundation.fetching.guarded import Guard
from foundation.fetching.networks import parse_networks

TIMEOUT_S: Final = 20.0
_CHUNK: Final = 64 * 1024
_ACCEPT: Final = "text/html, application/xml, text/xml, text/plain;q=0.9, */*;q=0.5"


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


# What stops a visit before its answer is read.
_PROBLEMS: Final = {
    FetchProblem.BAD_URL: DocumentProblem.BAD_URL,
    FetchProblem.BAD_SCHEME: DocumentProblem.BAD_URL,
    FetchProblem.PRIVATE_ADDRESS: DocumentProblem.PRIVATE_ADDRESS,
    FetchProblem.TOO_SLOW: DocumentProblem.TOO_SLOW,
    FetchProblem.UNREACHABLE: DocumentProblem.UNREACHABLE,
    FetchProblem.TOO_MANY_REDIRECTS: DocumentProblem.TOO_MANY_REDIRECTS,
}
_MESSAGES: Final = {
    DocumentProblem.BAD_URL: "This is not a usable address. Give it in full, such as"
    " https://shop.example/page, without a user name or an unusual port.",
    DocumentProblem.PRIVATE_ADDRESS: "This address leads into a private network. Give one that"
    " is open to everybody, or bring the pages as a CSV file.",
    DocumentProblem.NOT_FOUND: "There is nothing at this address. Check it for typing mistakes.",
    DocumentProblem.HTTP_ERROR: "The site did not give it to us. Perhaps it needs a sign-in, or"
    " keeps programs out: let PinApp in, or bring the pages as a CSV file.",
    DocumentProblem.BUSY: "The site asks us to come back later. Try again in some minutes.",
    DocumentProblem.TOO_LARGE: "It is too large. Bring the pages in smaller files.",
    DocumentProblem.TOO_SLOW: "The site took too long to answer. Try again later.",
    DocumentProblem.UNREACHABLE: "The site could not be reached safely. Check the address, and"
    " whether it opens in a browser without a warning.",
    DocumentProblem.TOO_MANY_REDIRECTS: "The address is forwarded too often. Open it in a"
    " browser and give the one it ends at.",
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
    """What was found, and the address it was found at after redirects.

    `data` as it came, perhaps packed; `charset` as the answer's header says, in lower case.
    """

    url: str
    data: bytes = field(repr=False)
    charset: str = ""


def fetch_document(
    url: str,
    *,
    most_bytes: int,
    cut: bool = False,
    allowed_networks: Collection[str] = (),
    timeout_s: float = TIMEOUT_S,
) -> Document:
    """Fetch at most `most_bytes` within `timeout_s` in all.

    `cut`: what is longer is cut off, not refused. Guarded as `fetch_image` is, in
    `foundation/fetching/fetch.py`. Nothing is made of it here: reading what is foreign is a
    bounded process's. Raises DocumentRejected.
    """
    guard = Guard(networks=parse_networks(allowed_networks), deadline=time.monotonic() + timeout_s)

    def read(response: HTTPResponse) -> tuple[bytes, str]:
        body = _read(response, guard, most_bytes=most_bytes, cut=cut)
        return body, response.headers.get_content_charset("")

    try:
        found_at, (body, charset) = follow(
            url, guard, headers={**HEADERS, "Accept": _ACCEPT}, read=read
        )
    except FetchRejected as error:
        raise DocumentRejected(_PROBLEMS[error.code]) from None
    return Document(found_at, body, charset)


def _read(response: HTTPResponse, guard: Guard, *, most_bytes: int, cut: bool) -> bytes:
    if response.status in (404, 410):
        raise DocumentRejected(DocumentProblem.NOT_FOUND)
    if response.status in (429, 503):
        raise DocumentRejected(DocumentProblem.BUSY)
    if response.status != 200:
        raise DocumentRejected(DocumentProblem.HTTP_ERROR)
    chunks, size = [], 0
    while size <= most_bytes and (chunk := response.read(_CHUNK)):
        chunks.append(chunk)
        size += len(chunk)
    if guard.is_over():
        raise DocumentRejected(DocumentProblem.TOO_SLOW)
    if size > most_bytes and not cut:
        raise DocumentRejected(DocumentProblem.TOO_LARGE)
    return b"".join(chunks)[:most_bytes]
