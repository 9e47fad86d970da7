"""The public doors: no session, no cookie, nothing that asks who somebody is.

Ahead of Django's handler and all middleware: the address of a picture must never be redirected, a
flood of clicks must not open sessions, and the handler costs more than what the doors do
(docs/decisions/0021).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from http.client import responses
from typing import TYPE_CHECKING, Final

from django.core.exceptions import DisallowedHost
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, connection
from django.http import HttpRequest

from foundation.security_headers import FOR_OTHER_SITES
from interactions.views import answers, clicks, landings, offers, pictures, scripts
from interactions.views.answers import Answer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

logger = logging.getLogger(__name__)

View = Callable[[HttpRequest], Answer]

_JSON: Final[dict[tuple[str, str], View]] = {
    ("POST", "/interactions"): clicks.click,
    ("POST", "/interactions/"): clicks.click,
    ("POST", "/interactions/landing"): landings.landing,
    ("POST", "/interactions/crawl"): landings.crawl,
    ("GET", "/interactions/offer"): offers.offer,
}
_ASKED_BEFORE: Final = frozenset(path for _, path in _JSON)
_PLAIN_PICTURES: Final = "/interactions/pictures/"
_LONGEST_NAME: Final = 1000


def give_connection_back() -> None:
    """To the pool, if the request took one: what Django's handler does by a signal.

    The signal and its receivers took a quarter of the time of a picture.
    """
    connection.close_if_unusable_or_obsolete()


class DoorRequest(WSGIRequest):
    """A request whose content type nobody asks for: reading it took a tenth of a click."""

    def _set_content_type_params(self, meta: WSGIEnvironment) -> None:
        self.content_type, self.content_params = "", {}


class PublicDoors:
    """A WSGI application that answers what is public and lets everything else in.

    `afterwards` is called after each answer of ours.
    """

    def __init__(
        self, inside: WSGIApplication, *, afterwards: Callable[[], object] = give_connection_back
    ) -> None:
        self.inside = inside
        self.afterwards = afterwards

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        view = _view_of(environ["REQUEST_METHOD"], environ.get("PATH_INFO", ""))
        if view is None:
            return self.inside(environ, start_response)
        try:
            answer = _answer(view, DoorRequest(environ))
        finally:
            self.afterwards()
        headers = {**FOR_OTHER_SITES, **answer.headers}
        start_response(f"{answer.status} {responses[answer.status]}", list(headers.items()))
        return [answer.body]


def is_public(method: str, path: str) -> bool:
    """Whether a request is answered here, and not inside."""
    return _view_of(method, path) is not None


def _view_of(method: str, path: str) -> View | None:
    if path.startswith(offers.MEDIA_PATH):
        return _media
    if path.startswith("/interactions"):
        if (method, path) in _JSON:
            return _json
        if method == "OPTIONS" and path in _ASKED_BEFORE:
            return _preflight
        if path.startswith(_PLAIN_PICTURES) and method in ("GET", "HEAD"):
            return _plain_picture
    if path == "/pinit.js" and method in ("GET", "HEAD"):
        return scripts.pinit
    return None


def _media(request: HttpRequest) -> Answer:
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        return Answer(405, b"", {"Allow": "GET, HEAD", "Content-Length": "0"})
    name = request.path_info[len(offers.MEDIA_PATH) :]
    return pictures.picture(request, name[:_LONGEST_NAME])


def _plain_picture(request: HttpRequest) -> Answer:
    return pictures.plain_picture(request, request.path_info[len(_PLAIN_PICTURES) :])


def _preflight(_request: HttpRequest) -> Answer:
    return answers.preflight()


def _json(request: HttpRequest) -> Answer:
    request.get_host()
    return _JSON[request.method or "", request.path_info](request)


def _answer(view: View, request: HttpRequest) -> Answer:
    """What the view answers, or why it can't, as JSON: nobody reads an HTML page here."""
    try:
        return view(request)
    except answers.Refusal as refusal:
        return answers.refusal_answer(refusal, origin=_readable_by(request, refusal))
    except DisallowedHost:
        return _refused(400, "bad_host", "PinApp does not answer for this host name.")
    except DatabaseError as error:
        logger.warning(
            "door_without_database door=%s error=%s", _name(view, request), type(error).__name__
        )
        return _refused(503, "unavailable", "PinApp's database is away. Try again.", retry_after=5)
    except Exception:
        # The edge of the process, where Django's handler would do the same with a page.
        logger.exception("door_failed door=%s", _name(view, request))
        return _refused(500, "failed", "Something broke in PinApp; its log says what.")


def _name(view: View, request: HttpRequest) -> str:
    """For the log. The address of a picture is not written down: its token could be used."""
    return request.path_info if view is _json else view.__name__.strip("_")


def _refused(status: int, code: str, message: str, *, retry_after: int = 0) -> Answer:
    return answers.refusal_answer(answers.Refusal(status, code, message, retry_after=retry_after))


def _readable_by(request: HttpRequest, refusal: answers.Refusal) -> str:
    """A page of the site may read why; anybody else learns nothing from the answer's text."""
    return "" if refusal.status == 403 else request.META.get("HTTP_ORIGIN", "")
