"""The image proxy: pictures of other sites, shown from here while a Pin is being composed."""

import hashlib
import io
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from PIL import Image, ImageOps

from sandbox import errors
from sandbox.pictures import examine
from sandbox.wire import Response

if TYPE_CHECKING:
    from sandbox.core import Core

PREFIX = "/proxied/"
_LARGEST = (736, 1800)
_KEPT = 100


class Previews:
    """Small copies of the pictures that were shown last; nothing of them is saved."""

    def __init__(self) -> None:
        self._copies: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, content: bytes) -> str:
        """Keep a small copy of an image; returns its path. Raises ApiError 403/233 or 403/235."""
        key = hashlib.sha256(content).hexdigest()[:32]
        examine(key, content)
        copy = _small_copy(content)
        with self._lock:
            self._copies[key] = copy
            self._copies.move_to_end(key)
            while len(self._copies) > _KEPT:
                self._copies.popitem(last=False)
        return f"{PREFIX}{key}"

    def find(self, path: str) -> bytes | None:
        """The copy at a path, as JPEG."""
        with self._lock:
            return self._copies.get(path.removeprefix(PREFIX))


def answer_preview(sandbox: "Core", path: str) -> Response:
    """`/proxied/{key}`."""
    copy = sandbox.previews.find(path)
    if copy is None:
        return errors.not_found().response()
    headers = {
        "content-type": "image/jpeg",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    return Response(200, headers, copy)


def _small_copy(content: bytes) -> bytes:
    target = io.BytesIO()
    with Image.open(io.BytesIO(content)) as image:
        small = ImageOps.exif_transpose(image)
        small.thumbnail(_LARGEST)
        small.convert("RGB").save(target, "JPEG", quality=86)
    return target.getvalue()
