"""Walk the boxes of an MP4 or QuickTime file, within bounds, reading little."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

# A fragmented film of 15 minutes has some 2,000 boxes at its top; a film in one piece a few dozen.
_BOXES_LIMIT: Final = 20_000
_READ_LIMIT: Final = 4096
_FILE: Final = b"file"
_HEAD_BYTES: Final = 8
_LONG_HEAD_BYTES: Final = 16


class BrokenBoxError(Exception):
    """The boxes do not fit together; `cut_off` when the file ends before one of them does."""

    def __init__(self, *, cut_off: bool = False) -> None:
        super().__init__("cut off" if cut_off else "broken")
        self.cut_off = cut_off


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its four letters, and where its content begins and ends in the file."""

    kind: bytes
    start: int
    end: int


class Boxes:
    """The boxes of one file. All reading goes through here, with a budget for the whole file."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self.size = size
        self._file = file
        self._budget = _BOXES_LIMIT

    def read(self, start: int, length: int) -> bytes:
        """Read so many bytes; raises BrokenBoxError when they are not there, or too many."""
        if length < 0 or length > _READ_LIMIT:
            raise BrokenBoxError
        self._file.seek(start)
        found = self._file.read(length)
        if len(found) < length:
            raise BrokenBoxError(cut_off=True)
        return found

    def content(self, box: Box, length: int, *, skip: int = 0) -> bytes:
        """Read so many bytes of a box's content; raises BrokenBoxError when it has fewer."""
        if box.start + skip + length > box.end:
            raise BrokenBoxError
        return self.read(box.start + skip, length)

    def top(self) -> Iterator[Box]:
        """Go through the boxes of the file itself."""
        return self._walk(Box(_FILE, 0, self.size))

    def inside(self, box: Box) -> Iterator[Box]:
        """Go through the boxes in a box."""
        return self._walk(box)

    def first(self, box: Box, *path: bytes) -> Box | None:
        """Find the first box under a path of kinds; None when there is none."""
        for kind in path:
            found = next((each for each in self.inside(box) if each.kind == kind), None)
            if found is None:
                return None
            box = found
        return box

    def _walk(self, holder: Box) -> Iterator[Box]:
        position = holder.start
        # Fewer bytes than a head are padding: QuickTime ends some lists with four zeros.
        while holder.end - position >= _HEAD_BYTES:
            self._budget -= 1
            if self._budget < 0:
                raise BrokenBoxError
            box = self._head(position, holder)
            yield box
            position = box.end

    def _head(self, position: int, holder: Box) -> Box:
        head = self.read(position, _HEAD_BYTES)
        length, kind, start = int.from_bytes(head[:4]), head[4:], position + _HEAD_BYTES
        if length == 0:  # to the end of what holds it
            return Box(kind, start, holder.end)
        if length == 1:
            length = int.from_bytes(self.read(start, _HEAD_BYTES))
            start = position + _LONG_HEAD_BYTES
        if position + length < start:
            raise BrokenBoxError
        if position + length > holder.end:
            raise BrokenBoxError(cut_off=holder.kind == _FILE)
        return Box(kind, start, position + length)
