"""A file of this process between a fetch and the database.

Pinterest gets its picture at once, and the fetch is in the file before the answer leaves, also
while the database is away. A thread carries the file over; what a dead process left is carried
over by whoever comes next. The file is left to the system to bring to disk: a power failure may
cost the last moment's fetches (a click is in the database before its answer), waiting for the
disk would cost every picture more than all else it takes.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec
from django.conf import settings
from django.db import DatabaseError, close_old_connections

from interactions.services.fetches import Fetch, keep_fetches

logger = logging.getLogger(__name__)

EVERY_S: Final = 0.3
_LONGEST_PAUSE_S: Final = 30.0
_LARGEST_BYTES: Final = 64 * 1024 * 1024
_BATCH: Final = 100
_REST: Final = 12
"""Times the work of carrying over that is rested after it."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Fetch).decode


@dataclass(slots=True)
class _Segment:
    """A file being written, locked for as long as its process lives."""

    path: Path
    handle: int
    size: int = 0


class Spool:
    """The spool of one process. Fork-safe only before its first line."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._segment: _Segment | None = None
        self._closed: list[_Segment] = []
        self._drained = threading.Lock()

    def add(self, fetch: Fetch) -> bool:
        """Put a fetch down; False when it could not be, which only costs evidence."""
        line = _encode(fetch) + b"\n"
        try:
            with self._lock:
                segment = self._segment or self._open()
                has_room = segment.size + len(line) <= _LARGEST_BYTES
                if has_room:
                    os.write(segment.handle, line)
                    segment.size += len(line)
        except OSError as error:
            logger.warning("fetch_not_kept error=%s", type(error).__name__)
            return False
        if not has_room:
            logger.warning("fetch_not_kept error=the spool is full")
        return has_room

    def _open(self) -> _Segment:
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"fetches-{os.getpid()}-{secrets.token_hex(8)}.jsonl"
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        self._segment = _Segment(path, handle)
        return self._segment

    def drain(self, *, rest: Callable[[float], object] | None = None) -> int:
        """Carry everything over to the database; returns how many fetches.

        `rest` is given the seconds that a batch took, to let others compute. Raises DatabaseError
        while the database is away; nothing is lost then.
        """
        with self._drained:
            with self._lock:
                if self._segment is not None:
                    self._closed.append(self._segment)
                    self._segment = None
            count = 0
            while self._closed:
                count += _carry_over(self._closed[0].path, rest)
                done = self._closed.pop(0)
                done.path.unlink(missing_ok=True)
                os.close(done.handle)
            return count + sum(_adopt(path, rest) for path in _others())


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "spool"


def _others() -> Iterator[Path]:
    yield from sorted(_folder().glob("fetches-*.jsonl"))


def _adopt(path: Path, rest: Callable[[float], object] | None) -> int:
    """Carry over a file whose process is dead; 0 for one that somebody holds."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return 0
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        count = _carry_over(path, rest)
        path.unlink(missing_ok=True)
    except (BlockingIOError, FileNotFoundError):
        return 0
    else:
        return count
    finally:
        os.close(handle)


def _carry_over(path: Path, rest: Callable[[float], object] | None) -> int:
    count = 0
    with path.open("rb") as file:
        while lines := list(islice(file, _BATCH)):
            began = time.monotonic()
            fetches = [fetch for line in lines if (fetch := _read(line))]
            keep_fetches(fetches)
            count += len(fetches)
            if rest is not None:
                rest(time.monotonic() - began)
    return count


def _read(line: bytes) -> Fetch | None:
    try:
        return _decode(line)
    except msgspec.DecodeError:
        # The last line of a process that died while it wrote.
        logger.warning("spool_line_unreadable bytes=%s", len(line))
        return None


spool = Spool()


def start_draining() -> None:
    """Carry the spool over again and again, in a thread of this process."""
    threading.Thread(target=_drain_for_ever, name="spool", daemon=True).start()


def _drain_for_ever() -> None:
    pause = EVERY_S
    wake = threading.Event()

    def rest(seconds: float) -> None:
        """Pictures come first: under a flood, carrying over takes a small part of the time."""
        wake.wait(_REST * seconds)

    while not wake.wait(pause):
        try:
            spool.drain(rest=rest)
            pause = EVERY_S
        except (DatabaseError, OSError) as error:
            pause = min(2 * pause, _LONGEST_PAUSE_S)
            logger.warning("spool_waits error=%s seconds=%.1f", type(error).__name__, pause)
        finally:
            close_old_connections()
