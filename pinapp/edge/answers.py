"""An answer of the WSGI application, taken over from its thread and sent at the client's pace."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

from pinapp.edge.limits import KB
from pinapp.edge.outflow import Outflow, ReaderGone
from pinapp.edge.pools import Pool, Reply

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Send = Callable[[Any], Awaitable[None]]
Receive = Callable[[], Awaitable[Any]]

_PIECE = 32 * KB
_AT_ONCE = 64 * KB
_SHORT_FILE = 256 * KB


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class FileAnswer:
    """`wsgi.file_wrapper`: a file to send, which needs no thread but to be read from."""

    def __init__(self, file: _Readable, block_size: int = _PIECE) -> None:
        self.file = file

    def read(self, size: int = -1) -> bytes:
        return self.file.read(size)

    def close(self) -> None:
        """Let the file go, and whatever the application ends with it."""
        close = getattr(self.file, "close", None)
        if close is not None:
            close()


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers as they are sent, and the body: whole, a file, or still being written."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes | FileAnswer | Outflow


class _Started:
    """`start_response`, which only notes what it is told."""

    status = 0
    headers: list[tuple[bytes, bytes]]

    def __call__(
        self,
        status: str,
        headers: list[tuple[str, str]],
        exc_info: tuple[type[BaseException], BaseException, TracebackType]
        | tuple[None, None, None]
        | None = None,
    ) -> Callable[[bytes], object]:
        self.status = int(status[:3])
        self.headers = [
            (name.lower().encode("latin-1"), value.strip().encode("latin-1"))
            for name, value in headers
        ]
        return _write

    def size(self) -> int | None:
        """The length that the headers announce."""
        return next((int(value) for name, value in self.headers if name == b"content-length"), None)


def _write(_data: bytes) -> None:
    raise NotImplementedError("Bodies are returned, not written: PEP 3333 keeps `write` for CGI.")


def respond(
    application: WSGIApplication,
    environ: dict[str, Any],
    outflow: Outflow,
    reply: Reply[Answer],
    *,
    afterwards: Callable[[], object],
) -> None:
    """Run the application in a thread, and reply with its answer as soon as that can be sent.

    A streamed body is written into `outflow` from here, for what makes it may hold a connection to
    the database, which is this thread's. A file is read and closed elsewhere, after `afterwards`.
    """
    started = _Started()
    parts = application(environ, started)
    if isinstance(parts, FileAnswer):
        size = started.size()
        if size is None or size > _SHORT_FILE:
            afterwards()
            reply.give(Answer(started.status, started.headers, parts))
            return
        with contextlib.closing(parts):
            data = parts.read()
        reply.give(Answer(started.status, started.headers, data))
        return
    try:
        if getattr(parts, "streaming", not isinstance(parts, (list, tuple))):
            _stream(parts, outflow, reply, started)
        else:
            reply.give(Answer(started.status, started.headers, b"".join(parts)))
    finally:
        if (close := getattr(parts, "close", None)) is not None:
            close()


def _stream(
    parts: Iterable[bytes], outflow: Outflow, reply: Reply[Answer], started: _Started
) -> None:
    pieces = iter(parts)
    # Until the first piece is made an error is an answer; later it can only be an end.
    first = next(pieces, b"")
    reply.give(Answer(started.status, started.headers, outflow))
    try:
        outflow.write(first)
        for piece in pieces:
            outflow.write(piece)
    except ReaderGone:
        return
    except BaseException:
        outflow.fail()
        raise
    outflow.finish()


async def send_answer(
    answer: Answer, *, is_head: bool, send: Send, receive: Receive, disk: Pool, patience_s: float
) -> None:
    """Send it. A client that takes no piece of it for `patience_s`, or is gone, gets no more.

    An answer that can't be finished is left unfinished, which the server tells by cutting the line.
    """
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    body = answer.body
    if isinstance(body, bytes):
        await _send_bytes(b"" if is_head else body, send, patience_s)
        return
    try:
        if is_head:
            await send({"type": "http.response.body", "body": b""})
        else:
            await _while_somebody_reads(_send_all(_pieces(body, disk), send, patience_s), receive)
    finally:
        if isinstance(body, Outflow):
            body.abandon()
        else:
            await disk.run(body.close)


async def _send_bytes(data: bytes, send: Send, patience_s: float) -> None:
    if len(data) > _AT_ONCE:
        view = memoryview(data)
        for at in range(0, len(data), _PIECE):
            if not await _send_piece(bytes(view[at : at + _PIECE]), send, patience_s):
                return
        data = b""
    await send({"type": "http.response.body", "body": data})


def _pieces(body: FileAnswer | Outflow, disk: Pool) -> Callable[[], Awaitable[bytes]]:
    """What gives the next piece, and b"" at the end."""
    if isinstance(body, Outflow):
        return body.read
    return lambda: disk.run(lambda: body.read(_PIECE))


async def _send_all(
    next_piece: Callable[[], Awaitable[bytes]], send: Send, patience_s: float
) -> None:
    while piece := await next_piece():
        for at in range(0, len(piece), _PIECE):
            if not await _send_piece(piece[at : at + _PIECE], send, patience_s):
                return
    await send({"type": "http.response.body", "body": b""})


async def _send_piece(piece: bytes, send: Send, patience_s: float) -> bool:
    """Whether the client took it, or what it was waiting for, in time."""
    try:
        async with asyncio.timeout(patience_s):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    except TimeoutError:
        return False
    return True


async def _while_somebody_reads(sending: Any, receive: Receive) -> None:
    """Send until it is done or the client has gone away."""
    task = asyncio.ensure_future(sending)
    gone = asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
    finally:
        for each in (task, gone):
            each.cancel()
        await asyncio.gather(task, gone, return_exceptions=True)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
