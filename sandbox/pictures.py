"""Stored pictures: decided by their bytes, served in Pinterest's sizes."""

import hashlib
import io
import struct
import threading
import zlib
from collections import OrderedDict
from pathlib import Path

from PIL import Image, ImageOps

from sandbox import errors
from sandbox.artwork import paint
from sandbox.records import Picture

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 80_000_000
MIN_SIDE_PIXELS = 200
SIZES = ("150x150", "400x300", "600x", "1200x")

_UNDECODABLE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
_RENDITIONS_IN_MEMORY = 400


class PictureStore:
    """Keeps originals (in `folder`, or in memory) and renders sizes when they are asked for."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._originals: dict[str, bytes] = {}
        self._known: dict[str, Picture] = {}
        self._renditions: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._lock = threading.Lock()
        if folder:
            folder.mkdir(parents=True, exist_ok=True)

    def accept(self, content: bytes) -> Picture:
        """Examine and keep an image; raises ApiError 403/233 or 403/235."""
        picture_id = hashlib.sha256(content).hexdigest()[:32]
        if known := self._known.get(picture_id):
            return known
        picture = examine(picture_id, content)
        self._keep(picture_id, content)
        self._known[picture_id] = picture
        return picture

    def rendition(self, picture: Picture, size: str) -> bytes:
        """The picture in one of SIZES or as `originals`; raises KeyError when bytes are gone."""
        key = (picture.id, size)
        with self._lock:
            if key in self._renditions:
                self._renditions.move_to_end(key)
                return self._renditions[key]
        content = self._render(picture, size)
        with self._lock:
            self._renditions[key] = content
            while len(self._renditions) > _RENDITIONS_IN_MEMORY:
                self._renditions.popitem(last=False)
        return content

    def _render(self, picture: Picture, size: str) -> bytes:
        if picture.art:
            return encode(_paint_to_fit(picture, rendered_size(picture, size)), picture)
        original = self._original(picture.id)
        if size == "originals":
            return original
        with Image.open(io.BytesIO(original)) as image:
            upright = ImageOps.exif_transpose(image)
            fitted = ImageOps.fit(upright, rendered_size(picture, size))
        return encode(fitted, picture)

    def _keep(self, picture_id: str, content: bytes) -> None:
        if self._folder is None:
            self._originals[picture_id] = content
            return
        target = self._folder / picture_id
        part = target.with_suffix(f".{threading.get_ident()}.part")
        part.write_bytes(content)
        part.replace(target)

    def _original(self, picture_id: str) -> bytes:
        if self._folder is None:
            return self._originals[picture_id]
        try:
            return (self._folder / picture_id).read_bytes()
        except FileNotFoundError:
            raise KeyError(picture_id) from None


def examine(picture_id: str, content: bytes) -> Picture:
    """Decode an image and describe it; raises ApiError 403/233 (too small) or 403/235 (broken)."""
    if len(content) > MAX_BYTES:
        raise errors.image_broken()
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as image:
            kind = "PNG" if image.format == "PNG" else "JPEG"
            if image.width * image.height > MAX_PIXELS:
                raise errors.image_broken()
            width, height = _upright_size(image)
            color = _dominant_color(image)
    except _UNDECODABLE:
        raise errors.image_broken() from None
    if min(width, height) < MIN_SIDE_PIXELS:
        raise errors.image_too_small()
    return Picture(
        id=picture_id,
        width=width,
        height=height,
        dominant_color=color,
        format="PNG" if kind == "PNG" else "JPEG",
    )


def _upright_size(image: Image.Image) -> tuple[int, int]:
    turned = image.getexif().get(0x0112, 1) in {5, 6, 7, 8}
    return (image.height, image.width) if turned else (image.width, image.height)


def _dominant_color(image: Image.Image) -> str:
    # A draft decodes a JPEG at an eighth of its size, yet still reads every byte of it.
    image.draft("RGB", (64, 64))
    pixel = image.convert("RGB").resize((1, 1), Image.Resampling.BOX).tobytes()
    return f"#{pixel[0]:02x}{pixel[1]:02x}{pixel[2]:02x}"


def rendered_size(picture: Picture, size: str) -> tuple[int, int]:
    """Width and height in pixels of a rendition; wide sizes never enlarge the picture."""
    if size == "originals":
        return picture.width, picture.height
    wanted_width, _, wanted_height = size.partition("x")
    if wanted_height:
        return int(wanted_width), int(wanted_height)
    width = min(int(wanted_width), picture.width)
    return width, max(1, round(picture.height * width / picture.width))


def _paint_to_fit(picture: Picture, size: tuple[int, int]) -> Image.Image:
    scale = max(size[0] / picture.width, size[1] / picture.height)
    width, height = round(picture.width * scale), round(picture.height * scale)
    return ImageOps.fit(paint(picture.art or "", width=width, height=height), size)


def encode(image: Image.Image, picture: Picture) -> bytes:
    """The image's bytes in the picture's own format."""
    target = io.BytesIO()
    if picture.format == "PNG":
        image.save(target, "PNG")
    else:
        image.convert("RGB").save(target, "JPEG", quality=86)
    return target.getvalue()
