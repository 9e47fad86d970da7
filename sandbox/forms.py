"""Read `multipart/form-data` as S3 does: every part in its order, the file without a copy."""

import io
import mmap
import re
from dataclasses import dataclass, field
from typing import Any

Content = bytes | mmap.mmap

_BOUNDARY = re.compile(r'boundary="?([0-9A-Za-z\'()+_,./:=? -]{1,70})"?')
_NAME = re.compile(rb'(?i)content-disposition:\s*form-data;.*?\bname="([^"\r\n]*)"')
_HEAD_LIMIT = 8_192
_PARTS_LIMIT = 100


class BadFormError(Exception):
    """The body is not a form of the kind its header announces."""


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a form: its name, and where its value lies in the body."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Form:
    """The parts of a form, in the order they were sent."""

    content: Content = field(repr=False)
    parts: tuple[Part, ...]

    def value(self, part: Part) -> str:
        """A field's value as text."""
        return bytes(self.content[part.start : part.end]).decode("utf-8", "replace")

    def open(self, part: Part) -> "Window":
        """A field's value as a file to read."""
        return Window(self.content, part.start, part.end)


class Window(io.RawIOBase):
    """A file that is a stretch of something larger."""

    def __init__(self, content: Content, start: int, end: int) -> None:
        super().__init__()
        self._content = content
        self._start, self._end = start, end
        self._position = start

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; returns the place counted from the stretch's start."""
        base = {io.SEEK_SET: self._start, io.SEEK_CUR: self._position, io.SEEK_END: self._end}
        self._position = max(self._start, base[whence] + offset)
        return self._position - self._start

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with what comes next."""
        part = self._content[self._position : min(self._end, self._position + len(buffer))]
        buffer[: len(part)] = part
        self._position += len(part)
        return len(part)


def read_form(content_type: str, content: Content) -> Form:
    """Find the parts of a form; raises BadFormError."""
    boundary = _BOUNDARY.search(content_type)
    if not content_type.lower().startswith("multipart/form-data") or boundary is None:
        raise BadFormError
    return Form(content, tuple(_parts(content, b"--" + boundary[1].strip().encode())))


def _parts(content: Content, line: bytes) -> list[Part]:
    if content[: len(line)] != line:
        raise BadFormError
    parts: list[Part] = []
    position = len(line)
    while content[position : position + 2] == b"\r\n" and len(parts) < _PARTS_LIMIT:
        part = _part(content, position + 2, b"\r\n" + line)
        parts.append(part)
        position = part.end + len(line) + 2
    if content[position : position + 2] != b"--":
        raise BadFormError
    return parts


def _part(content: Content, start: int, line: bytes) -> Part:
    head_end = content.find(b"\r\n\r\n", start, start + _HEAD_LIMIT)
    name = _NAME.search(bytes(content[start : max(start, head_end)]))
    end = content.find(line, max(start, head_end) + 4)
    if head_end < 0 or end < 0 or name is None:
        raise BadFormError
    return Part(name[1].decode("utf-8", "replace"), head_end + 4, end)
