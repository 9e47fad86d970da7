"""Middleware around all pages: what may not come in, and what every answer says."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Final

from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.template import loader

from foundation.security_headers import FOR_ERRORS
from pinapp.edge.types import is_plain_type

logger = logging.getLogger(__name__)

_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
_UNREADABLE = "The form can't be read. Load the page again and send it once more."


class SecurityHeadersMiddleware:
    """Adds what an answer does not say itself: it stands around all others, errors included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        for name, value in FOR_ERRORS.items():
            answer.headers.setdefault(name, value)
        return answer


class PlainRequestsMiddleware:
    """Refuses what no page, form or database of ours could hold, before any of them looks at it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        problem = _problem_of(request)
        if problem is None:
            return self.get_response(request)
        status, code, message = problem
        logger.warning("request_refused code=%s method=%s", code, request.method)
        if _wants_json(request):
            return JsonResponse({"code": code, "message": message}, status=status)
        return HttpResponse(loader.get_template("400.html").render(), status=status)


def _problem_of(request: HttpRequest) -> tuple[int, str, str] | None:
    if not is_plain_type(request.META.get("CONTENT_TYPE", "")):
        return 400, "bad_type", "The content type is not one that PinApp reads. Send UTF-8."
    try:
        if "\x00" in request.path or _has_nul(request.GET):
            return 400, "bad_address", "The address has a character that no address has."
        if request.content_type in _FORMS and _has_nul(request.POST):
            return 400, "bad_form", "The form has a character that no text has. Take it out."
    except RequestDataTooBig:
        return 413, "too_large", "The form has more text than PinApp takes. Shorten it."
    except (MultiPartParserError, SuspiciousOperation, BadRequest, LookupError, ValueError):
        # All that parsing foreign bytes raises: charsets of parts, names of files, too many fields.
        return 400, "unreadable", _UNREADABLE
    return None


def _has_nul(data: QueryDict) -> bool:
    return any("\x00" in name or _any_nul(values) for name, values in data.lists())


def _any_nul(values: Iterable[object]) -> bool:
    return any(isinstance(value, str) and "\x00" in value for value in values)


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
