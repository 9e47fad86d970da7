"""What a thread writes at its own pace and a client reads at another."""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections import deque
from pathlib import Path
from typing import BinaryIO, Final

from pinapp.edge.limits import GB, MB
from pinapp.edge.pools import Pool

_IN_MEMORY: Final = MB
_PIECE: Final = MB // 4


class ReaderGone(Exception):
    """Nobody reads any more, so nothing needs to be written."""


class BrokenFlow(Exception):
    """The writer failed; what was read so far is not all."""


class Room:
    """Bytes on disk that all outflows of a process have together."""

    def __init__(self, most: int = 2 * GB) -> None:
        self._lock = threading.Lock()
        self._left = most

    def take(self, size: int) -> bool:
        """Take some, unless there is less."""
        with self._lock:
            if size > self._left:
                return False
            self._left -= size
            return True

    def give_back(self, size: int) -> None:
        with self._lock:
            self._left += size


class Outflow:
    """A pipe that never blocks its writer: what isn't read yet waits in memory, then in a file.

    Written by one thread, read by the loop in which it was made.
    """

    def __init__(self, *, folder: Path, disk: Pool, room: Room) -> None:
        self._folder, self._disk, self._room = folder, disk, room
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._something = asyncio.Event()
        self._pieces: deque[bytes] = deque()
        self._held = 0
        self._file: BinaryIO | None = None
        self._written = self._read = 0
        self._is_whole = self._is_broken = self._is_abandoned = False

    def write(self, piece: bytes) -> None:
        """Add a piece. Raises ReaderGone, also where there is no room left for slow readers."""
        with self._lock:
            if self._is_abandoned:
                raise ReaderGone
            if self._file is None and self._held + len(piece) <= _IN_MEMORY:
                self._pieces.append(piece)
                self._held += len(piece)
            else:
                self._put_aside(piece)
        self._wake()

    def _put_aside(self, piece: bytes) -> None:
        if not self._room.take(len(piece)):
            self._is_broken = True
            self._wake()
            raise ReaderGone
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            # Closed by `abandon`, when it is read to its end or not read any more.
            self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115
        self._file.seek(self._written)
        self._file.write(piece)
        self._written += len(piece)

    def finish(self) -> None:
        """All is written."""
        self._is_whole = True
        self._wake()

    def fail(self) -> None:
        """No more can be written, though it is not all."""
        self._is_broken = True
        self._wake()

    def _wake(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._something.set)

    async def read(self) -> bytes:
        """The next piece; b"" at the end. Raises BrokenFlow."""
        while True:
            self._something.clear()
            # Before looking: what was written until then is seen.
            is_whole = self._is_whole
            if piece := await self._next():
                return piece
            if is_whole:
                return b""
            if self._is_broken:
                raise BrokenFlow
            await self._something.wait()

    async def _next(self) -> bytes:
        with self._lock:
            if self._pieces:
                pieces = b"".join(self._pieces)
                self._pieces.clear()
                self._held = 0
                return pieces
            if self._file is None or self._read == self._written:
                return b""
        return await self._disk.run(self._read_file)

    def _read_file(self) -> bytes:
        with self._lock:
            if self._file is None:
                return b""
            self._file.seek(self._read)
            piece = self._file.read(min(_PIECE, self._written - self._read))
            self._read += len(piece)
            return piece

    def abandon(self) -> None:
        """Nobody reads any more; what waits is dropped."""
        with self._lock:
            self._is_abandoned = True
            self._pieces.clear()
            if self._file is not None:
                self._file.close()
                self._file = None
                self._room.give_back(self._written)
