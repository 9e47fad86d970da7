"""The ASGI application that the web server runs, around a WSGI application."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pinapp.edge.answers import Answer, Receive, Send, respond, send_answer
from pinapp.edge.bodies import Bodies, Body, BodyRefused, let_go
from pinapp.edge.environ import environ_of, path_of
from pinapp.edge.limits import Limits
from pinapp.edge.origin import Header, Misleading, for_the_application, origin_of, plain_headers
from pinapp.edge.outflow import Outflow, Room
from pinapp.edge.pools import Busy, Pool, Reply
from pinapp.edge.refusals import refusal
from pinapp.edge.types import is_plain_type

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

logger = logging.getLogger(__name__)

_LONGEST_ADDRESS: Final = 16 * 1024
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""As they are written: `get` is another, which Django would take for GET."""

Lanes = Callable[[str, str], str]
"""From method and path to the name of the pool that answers them."""


def _nobody(_environ: dict[str, Any]) -> str | None:
    return None


def _nothing() -> None:
    pass


@dataclass(slots=True)
class Edge:
    """Takes requests in whole, runs `application` in a thread of the right pool, sends its answer.

    `pools` are by the names that `lane_of` gives; "uploads" answers bodies that lie on disk.
    `member_of` finds out, from an environment without a body, who sends, or None: called in a
    thread. `afterwards` is called in a thread whose request is answered by a file, `at_first` with
    the first request: not before it does the server listen for sure.
    """

    application: WSGIApplication
    pools: Mapping[str, Pool]
    lane_of: Lanes
    folder: Path
    proxies: int = 0
    limits: Limits = field(default_factory=Limits)
    member_of: Callable[[dict[str, Any]], str | None] = _nobody
    afterwards: Callable[[], object] = _nothing
    at_first: Callable[[], object] = _nothing
    more_on_refusals: Mapping[str, str] = field(default_factory=dict)
    _disk: Pool = field(init=False)
    _bodies: Bodies = field(init=False)
    _room: Room = field(default_factory=Room)
    _has_begun: bool = False

    def __post_init__(self) -> None:
        self._disk = Pool("disk", threads=2, most_waiting=10_000)
        self._bodies = Bodies(self.limits, self.folder, self._disk)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if not self._has_begun:
                self._has_begun = True
                self.at_first()
            await self._http(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Tell a server that asks that we begin and end with it."""
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})

    async def _http(self, scope: Any, receive: Receive, send: Send) -> None:
        headers = plain_headers(scope["headers"])
        is_unread = _has_body(headers)
        body: Body | None = None
        try:
            environ = self._environ(scope, headers)
            if is_unread:
                body = await self._body(receive, environ, headers)
                is_unread = False
                environ = {**environ, "wsgi.input": body.file, "CONTENT_LENGTH": str(body.size)}
            answer = await self._answer(environ, is_large=body is not None and body.is_large)
        except Exception as error:
            answer = self._refused(error, scope, headers, is_unread=is_unread)
        finally:
            if body is not None and body.is_large:
                body.file.close()
        is_head = scope["method"] == "HEAD"
        await send_answer(
            answer,
            is_head=is_head,
            send=send,
            receive=receive,
            disk=self._disk,
            patience_s=self.limits.patience_s,
        )
        if is_unread and answer.status != HTTPStatus.REQUEST_TIMEOUT:
            await let_go(receive, seconds=self.limits.let_go_s)

    def _environ(self, scope: Any, headers: Sequence[Header]) -> dict[str, Any]:
        if scope["method"] not in _METHODS:
            raise BodyRefused(405, "method", "PinApp knows no such method.")
        if len(scope["raw_path"]) + len(scope["query_string"]) > _LONGEST_ADDRESS:
            raise BodyRefused(414, "address_too_long", "The address is too long.")
        if not all(
            is_plain_type(value.decode("latin-1"))
            for name, value in headers
            if name == b"content-type"
        ):
            raise BodyRefused(
                400, "bad_type", "The content type is not one that PinApp reads. Send UTF-8."
            )
        origin = origin_of(
            headers,
            peer=(scope.get("client") or ("", 0))[0],
            scheme=scope.get("scheme", "http"),
            proxies=self.proxies,
        )
        return environ_of(scope, for_the_application(headers), origin)

    async def _body(
        self, receive: Receive, environ: dict[str, Any], headers: Sequence[Header]
    ) -> Body:
        async def sender() -> str | None:
            return await self.pools["uploads"].run(lambda: self.member_of(environ))

        return await self._bodies.take(
            receive, path=environ["PATH_INFO"], announced=_announced(headers), sender=sender
        )

    async def _answer(self, environ: dict[str, Any], *, is_large: bool) -> Answer:
        lane = (
            "uploads" if is_large else self.lane_of(environ["REQUEST_METHOD"], environ["PATH_INFO"])
        )
        outflow = Outflow(folder=self.folder, disk=self._disk, room=self._room)

        def job(reply: Reply[Answer]) -> None:
            respond(self.application, environ, outflow, reply, afterwards=self.afterwards)

        return await self.pools[lane].start(job)

    def _refused(
        self, error: Exception, scope: Any, headers: Sequence[Header], *, is_unread: bool
    ) -> Answer:
        more = {**self.more_on_refusals, **({"Connection": "close"} if is_unread else {})}
        if isinstance(error, BodyRefused):
            status, code, message = error.status, error.code, str(error)
            if status == HTTPStatus.METHOD_NOT_ALLOWED:
                more["Allow"] = ", ".join(sorted(_METHODS))
        elif isinstance(error, Misleading):
            status, code, message = 400, "misleading", str(error)
        elif isinstance(error, Busy):
            status, code, message = 503, "busy", "Too many at once. Try again in a moment."
            more["Retry-After"] = "1"
        else:
            # The edge of the process: what no middleware has answered.
            logger.error("request_failed method=%s", scope["method"], exc_info=error)
            status, code, message = 500, "failed", "Something broke in PinApp; its log says what."
        return refusal(status, code, message, path=path_of(scope), headers=headers, more=more)


def _has_body(headers: Sequence[Header]) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value.strip() != b"0")
        for name, value in headers
    )


def _announced(headers: Sequence[Header]) -> int | None:
    """The body's length as its header says; None where it comes in pieces without one."""
    for name, value in headers:
        if name == b"content-length" and value.strip().isdigit():
            return int(value)
    return None
