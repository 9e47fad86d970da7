"""Takes in the body of a request, bounded in bytes, time, place and number."""

from __future__ import annotations

import asyncio
import contextlib
import io
import shutil
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from pinapp.edge.limits import MB, Limits
from pinapp.edge.pools import Pool

Receive = Callable[[], Awaitable[Any]]


class BodyRefused(Exception):
    """A body that is not taken. `status` and `code` are HTTP's and ours; the text is a sentence."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Body:
    """A body that is here. `is_large` where it lies on disk."""

    file: BinaryIO
    size: int
    is_large: bool = False


@dataclass(slots=True)
class Bodies:
    """Takes bodies in; what exceeds `limits.open` goes to files without a name in `folder`."""

    limits: Limits
    folder: Path
    disk: Pool
    _sending: Counter[str] = field(default_factory=Counter)

    async def take(
        self,
        receive: Receive,
        *,
        path: str,
        announced: int | None,
        sender: Callable[[], Awaitable[str | None]],
    ) -> Body:
        """The whole body. `sender` finds out which member sends it, if one does; it is asked only
        about bodies that are more than everybody may send, before any of it is kept.

        Raises BodyRefused.
        """
        chunks = _arriving(receive, self.limits)
        if announced is None or announced <= self.limits.open:
            start = await _small(chunks, self.limits.open)
            if len(start) <= self.limits.open:
                if announced is not None and len(start) != announced:
                    raise _broken_off()
                return Body(io.BytesIO(start), len(start))
        else:
            start = b""
        member = await sender()
        most = self.limits.of_member(path) if member else self.limits.open
        if member is None or (announced or 0) > most:
            raise BodyRefused(413, "too_large", _too_large(most, is_member=member is not None))
        return await self._keep(chunks, start, member, most=most, announced=announced)

    async def _keep(
        self,
        chunks: AsyncIterator[bytes],
        start: bytes,
        member: str,
        *,
        most: int,
        announced: int | None,
    ) -> Body:
        if self._sending[member] >= self.limits.at_once:
            raise BodyRefused(
                429, "too_many_uploads", "Several files of yours are on their way. Wait for them."
            )
        with self._one_more(member), contextlib.ExitStack() as until_whole:
            file = await self.disk.run(lambda: self._open(announced or 0))
            until_whole.callback(file.close)
            size = await self._fill(file, chunks, start, most=most)
            if announced is not None and size != announced:
                raise _broken_off()
            until_whole.pop_all()
            return Body(file, size, is_large=True)

    @contextlib.contextmanager
    def _one_more(self, member: str) -> Iterator[None]:
        self._sending[member] += 1
        try:
            yield
        finally:
            self._sending[member] -= 1
            if not self._sending[member]:
                del self._sending[member]

    def _open(self, announced: int) -> BinaryIO:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._make_sure_of_room(announced)
        return tempfile.TemporaryFile(dir=self.folder)

    def _make_sure_of_room(self, size: int) -> None:
        if shutil.disk_usage(self.folder).free < size + self.limits.room:
            raise BodyRefused(
                507,
                "no_room",
                "This server has no room left for the file. Tell whoever runs it, then try again.",
            )

    async def _fill(
        self, file: BinaryIO, chunks: AsyncIterator[bytes], start: bytes, *, most: int
    ) -> int:
        held, size = bytearray(start), 0
        async for chunk in chunks:
            held += chunk
            if size + len(held) > most:
                raise BodyRefused(413, "too_large", _too_large(most, is_member=True))
            if len(held) >= MB:
                size += await self._write(file, held)
                held = bytearray()
        size += await self._write(file, held)
        file.seek(0)
        return size

    async def _write(self, file: BinaryIO, data: bytearray) -> int:
        def write() -> int:
            self._make_sure_of_room(len(data))
            return file.write(data)

        return await self.disk.run(write)


async def _small(chunks: AsyncIterator[bytes], most: int) -> bytes:
    """The body as long as it is small: all of it, or a beginning of more than `most` bytes."""
    start = b""
    async for chunk in chunks:
        start = start + chunk if start else chunk
        if len(start) > most:
            break
    return start


async def _arriving(receive: Receive, limits: Limits) -> AsyncIterator[bytes]:
    """The pieces as they come, at no slower a pace than is allowed. Raises as `Bodies.take`."""
    loop = asyncio.get_running_loop()
    began, received = loop.time(), 0
    while True:
        try:
            async with asyncio.timeout_at(began + limits.seconds_for(received)):
                message = await receive()
        except TimeoutError:
            raise BodyRefused(
                408, "too_slow", "The request came in too slowly. Try again on a better connection."
            ) from None
        if message["type"] != "http.request":
            raise _broken_off()
        chunk = message.get("body", b"")
        received += len(chunk)
        if chunk:
            yield chunk
        if not message.get("more_body"):
            return


async def let_go(receive: Receive, *, seconds: float) -> None:
    """Throw away what is still coming, for a while: who sends it reads the answer afterwards."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while (message := await receive())["type"] == "http.request":
                if not message.get("more_body"):
                    return


def _broken_off() -> BodyRefused:
    """Of a body that can't be read to its end: the client is gone, or its pieces have no size.

    The server doesn't tell which, so it is answered: who is gone reads nothing.
    """
    return BodyRefused(400, "broken_off", "The request broke off before its end. Send it again.")


def _too_large(most: int, *, is_member: bool) -> str:
    amount = f"{most // MB:,} MB" if most >= MB else f"{most // 1024} KB"
    who = "" if is_member else " without being signed in"
    return f"This is more than PinApp takes here{who}: {amount} at most."
