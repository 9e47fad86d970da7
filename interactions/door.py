"""The public doors: no session, no cookie, nothing that asks who somebody is.

Ahead of all other middleware: the address of a picture must never be redirected, and a flood of
clicks must not open sessions.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from interactions.views import answers, clicks, landings, offers, pictures, scripts

logger = logging.getLogger(__name__)

View = Callable[[HttpRequest], HttpResponse]

_POSTS: dict[str, View] = {
    "/interactions": clicks.click,
    "/interactions/": clicks.click,
    "/interactions/landing": landings.landing,
    "/interactions/crawl": landings.crawl,
}
_GETS: dict[str, View] = {"/interactions/offer": offers.offer}
_PLAIN_PICTURES = "/interactions/pictures/"
_LONGEST_PATH = 1000


class PublicDoorMiddleware:
    """Answers what is public and lets everything else in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if path.startswith(offers.MEDIA_PATH):
            return _picture(request, path[len(offers.MEDIA_PATH) :])
        if path.startswith(_PLAIN_PICTURES) and request.method in ("GET", "HEAD"):
            return pictures.plain_picture(request, path[len(_PLAIN_PICTURES) :])
        if path == "/pinit.js" and request.method in ("GET", "HEAD"):
            return scripts.pinit(request)
        if path.startswith("/interactions"):
            if request.method == "POST" and path in _POSTS:
                return _answer(request, _POSTS[path])
            if request.method == "OPTIONS" and (path in _POSTS or path in _GETS):
                return answers.preflight()
            if request.method == "GET" and path in _GETS:
                return _answer(request, _GETS[path])
        return self.get_response(request)


def _picture(request: HttpRequest, name: str) -> HttpResponse:
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        answer = HttpResponse(status=405)
        answer["Allow"] = "GET, HEAD"
        return answer
    return pictures.picture(request, name[:_LONGEST_PATH])


def _answer(request: HttpRequest, view: View) -> HttpResponse:
    request.get_host()
    try:
        return view(request)
    except answers.Refusal as refusal:
        return answers.refusal_answer(refusal, origin=_readable_by(request, refusal))
    except DatabaseError as error:
        logger.warning("door_without_database path=%s error=%s", request.path, type(error).__name__)
        away = answers.Refusal(
            503, "unavailable", "PinApp can't write it down now. Try again.", retry_after=5
        )
        return answers.refusal_answer(away)


def _readable_by(request: HttpRequest, refusal: answers.Refusal) -> str:
    """A page of the site may read why; anybody else learns nothing from the answer's text."""
    return "" if refusal.status == 403 else request.META.get("HTTP_ORIGIN", "")
