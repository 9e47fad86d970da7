"""What a file holds that may be packed with gzip, once or twice, a piece at a time."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

_GZIP: Final = b"\x1f\x8b"
_FORMAT: Final = 16 + zlib.MAX_WBITS
_PIECE: Final = 64 * 1024
_LAYERS: Final = 2
"""A packed file that a server packs once more on its way, as some do."""


class UnpackingProblem(StrEnum):
    """Why a file can't be unpacked."""

    DAMAGED = "damaged"
    TOO_LARGE = "too_large"


class UnpackingFailed(Exception):
    """The file can't be unpacked; `problem` says why."""

    def __init__(self, problem: UnpackingProblem) -> None:
        super().__init__(problem)
        self.problem = problem


def unpack(data: bytes, *, most_bytes: int) -> Iterator[bytes]:
    """Pieces of at most 64 KB of what `data` holds, or of itself where it is not packed.

    Only one piece of each layer is in memory at a time. Raises UnpackingFailed, also in the middle,
    and where there is more than `most_bytes` of any layer: after that many.
    """
    pieces = _bounded(_pieces_of(data), most_bytes)
    for _ in range(_LAYERS):
        first = next(pieces, b"")
        if not first.startswith(_GZIP):
            yield first
            break
        pieces = _bounded(_unpacked(_with_first(first, pieces)), most_bytes)
    yield from pieces


def unpack_beginning(data: bytes, *, most_bytes: int) -> bytes:
    """As much of what `data` holds as can be unpacked, up to `most_bytes`."""
    found = bytearray()
    try:
        for piece in unpack(data, most_bytes=most_bytes):
            found += piece
    except UnpackingFailed:
        pass  # what came before is the beginning
    return bytes(found[:most_bytes])


def _pieces_of(data: bytes) -> Iterator[bytes]:
    view = memoryview(data)
    return (bytes(view[start : start + _PIECE]) for start in range(0, len(data), _PIECE))


def _with_first(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _bounded(pieces: Iterable[bytes], most_bytes: int) -> Iterator[bytes]:
    room = most_bytes
    for piece in pieces:
        if len(piece) > room:
            yield piece[:room]
            raise UnpackingFailed(UnpackingProblem.TOO_LARGE)
        room -= len(piece)
        yield piece


def _unpacked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """One layer less. Several packed parts one after the other are one; other bytes at the end
    are left out, as gzip itself does.
    """
    unpacker = zlib.decompressobj(_FORMAT)
    for piece in pieces:
        waiting = piece
        while waiting:
            if unpacker.eof:
                if not waiting.startswith(_GZIP):
                    return
                unpacker = zlib.decompressobj(_FORMAT)
            try:
                found = unpacker.decompress(waiting, _PIECE)
            except zlib.error:
                raise UnpackingFailed(UnpackingProblem.DAMAGED) from None
            if found:
                yield found
            waiting = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    if not unpacker.eof:
        raise UnpackingFailed(UnpackingProblem.DAMAGED)
