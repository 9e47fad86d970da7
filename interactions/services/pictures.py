"""The bytes of entities' pictures, kept in memory up to a bound."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from functools import cache
from typing import Final

from django.core.files.storage import default_storage
from PIL import Image

_MOST_BYTES: Final = 64 * 1024 * 1024


class _Pictures:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0

    def read(self, file_name: str) -> bytes:
        """The bytes of a stored picture. Raises OSError. A name never changes its content."""
        with self._lock:
            data = self._kept.get(file_name)
            if data is not None:
                self._kept.move_to_end(file_name)
                return data
        with default_storage.open(file_name) as file:
            data = bytes(file.read())
        with self._lock:
            if file_name not in self._kept:
                self._kept[file_name] = data
                self._size += len(data)
            while self._size > _MOST_BYTES and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                self._size -= len(dropped)
        return data


read_picture = _Pictures().read


@cache
def neutral_picture() -> bytes:
    """A plain grey PNG, for addresses that name no picture of ours."""
    buffer = io.BytesIO()
    Image.new("RGB", (200, 300), "#d9d5cf").save(buffer, "PNG")
    return buffer.getvalue()
