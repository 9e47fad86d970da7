"""Answers of the doors: JSON, no cookies, and what browsers may read of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from django.http import HttpRequest

from interactions.forms.clicks import LONGEST_BODY

_encode = msgspec.json.Encoder().encode

_NOTHING: Final[Mapping[str, str]] = {}
_READABLE = "Access-Control-Allow-Origin"


class Refusal(Exception):
    """A request that is not taken. `code` is stable, the words say what to do."""

    def __init__(self, status: int, code: str, message: str, *, retry_after: int = 0) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: no cookie can be among it. What all have to say to browsers comes on top."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def json_answer(
    body: Any, *, status: int = 200, origin: str = "", more: Mapping[str, str] = _NOTHING
) -> Answer:
    """An answer that pages of `origin` may read."""
    data = _encode(body)
    headers = {"Content-Type": "application/json", **_headers(len(data), origin), **more}
    return Answer(status, data, headers)


def empty_answer(*, origin: str = "") -> Answer:
    """Done, and nothing to say."""
    return Answer(204, b"", _headers(0, origin))


def refusal_answer(refusal: Refusal, *, origin: str = "") -> Answer:
    """The refusal as JSON."""
    body = {"code": refusal.code, "message": refusal.message}
    later = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else _NOTHING
    return json_answer(body, status=refusal.status, origin=origin, more=later)


def preflight() -> Answer:
    """Allow the question. Whether the origin is one of the site's is said of the request itself.

    Browsers send no credentials with `*`, and ours need none.
    """
    return Answer(
        204,
        b"",
        {
            **_headers(0, ""),
            _READABLE: "*",
            "Access-Control-Allow-Methods": "POST",
            "Access-Control-Allow-Headers": "Content-Type",
            "Access-Control-Max-Age": "86400",
            "Cache-Control": "max-age=86400",
        },
    )


def _headers(length: int, origin: str) -> dict[str, str]:
    """What all have in common."""
    headers = {"Content-Length": str(length)}
    if origin:
        headers[_READABLE] = origin
        headers["Vary"] = "Origin"
    return headers


def small_body(request: HttpRequest) -> bytes:
    """The body, which is looked at only when it is small. Raises Refusal."""
    if request.META.get("HTTP_CONTENT_ENCODING"):
        raise Refusal(415, "encoded", "Send the JSON as it is, not compressed.")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit():
        raise Refusal(400, "bad_length", "Content-Length is not a number.")
    if int(length) > LONGEST_BODY:
        raise Refusal(413, "too_large", f"Send at most {LONGEST_BODY} bytes.")
    return request.read(LONGEST_BODY)
