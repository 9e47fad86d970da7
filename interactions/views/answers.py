"""Answers of the doors: JSON, no cookies, and what browsers may read of them."""

from __future__ import annotations

import threading
from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse

from interactions.forms.clicks import LONGEST_BODY

_encode = msgspec.json.Encoder().encode

# A body that comes byte by byte holds a thread of the server. Half of them at most are held so,
# and pictures and pages go on being sent. An honest body arrives with its headers.
_READERS: Final = threading.BoundedSemaphore(4)
_PATIENCE_S: Final = 0.1

_READABLE = "Access-Control-Allow-Origin"


class Refusal(Exception):
    """A request that is not taken. `code` is stable, the words say what to do."""

    def __init__(self, status: int, code: str, message: str, *, retry_after: int = 0) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after


def json_answer(body: Any, *, status: int = 200, origin: str = "") -> HttpResponse:
    """An answer that pages of `origin` may read."""
    answer = HttpResponse(_encode(body), content_type="application/json", status=status)
    return finish(answer, origin=origin)


def finish(answer: HttpResponse, *, origin: str = "") -> HttpResponse:
    """Set what all answers have in common."""
    answer["Content-Length"] = str(len(answer.content))
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    if origin:
        answer[_READABLE] = origin
        answer["Vary"] = "Origin"
    return answer


def refusal_answer(refusal: Refusal, *, origin: str = "") -> HttpResponse:
    """The refusal as JSON."""
    body = {"code": refusal.code, "message": refusal.message}
    answer = json_answer(body, status=refusal.status, origin=origin)
    if refusal.retry_after:
        answer["Retry-After"] = str(refusal.retry_after)
    return answer


def preflight() -> HttpResponse:
    """Allow the question. Whether the origin is one of the site's is said of the request itself.

    Browsers send no credentials with `*`, and ours need none.
    """
    answer = finish(HttpResponse(status=204))
    answer[_READABLE] = "*"
    answer["Access-Control-Allow-Methods"] = "POST"
    answer["Access-Control-Allow-Headers"] = "Content-Type"
    answer["Access-Control-Max-Age"] = "86400"
    answer["Cache-Control"] = "max-age=86400"
    return answer


def small_body(request: HttpRequest) -> bytes:
    """The body, which is looked at only when it is small. Raises Refusal."""
    if request.META.get("HTTP_CONTENT_ENCODING"):
        raise Refusal(415, "encoded", "Send the JSON as it is, not compressed.")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit():
        raise Refusal(400, "bad_length", "Content-Length is not a number.")
    if int(length) > LONGEST_BODY:
        raise Refusal(413, "too_large", f"Send at most {LONGEST_BODY} bytes.")
    if not _READERS.acquire(timeout=_PATIENCE_S):
        raise Refusal(503, "busy", "Too many bodies come in slowly. Try again.", retry_after=1)
    try:
        return request.read(LONGEST_BODY)
    finally:
        _READERS.release()
