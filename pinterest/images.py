"""Check a picture by its content and make it fit to publish. Pure: bytes in, bytes out."""

import hashlib
import io
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from PIL import Image

from pinterest.drafts import IMAGE_BYTES_LIMIT, ContentType
from pinterest.fingerprints import find_likeness
from pinterest.pixels import (
    bring_to_srgb,
    find_dominant_colour,
    flatten,
    has_transparency,
    turn_upright,
)

SMALLEST_SIDE: Final = 200
# 64 million pixels hold what full-frame cameras (61) and phones (50) take, and decode to 256 MB
# at most. A 20,000 by 20,000 picture would decode to 1.6 GB.
PIXEL_LIMIT: Final = 64_000_000

# Two pictures at a time, so that a burst of uploads cannot eat the machine's memory.
_DECODING: Final = threading.BoundedSemaphore(2)
_BROKEN: Final = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, IndexError)
_QUALITIES: Final = (92, 85, 75)
_OTHER_KINDS: Final = (
    (0, b"GIF8", "GIF"),
    (0, b"BM", "BMP"),
    (0, b"II*\x00", "TIFF"),
    (0, b"MM\x00*", "TIFF"),
    (0, b"%PDF", "PDF"),
    (0, b"<svg", "SVG"),
    (0, b"8BPS", "Photoshop"),
    (4, b"ftypavif", "AVIF"),
    (4, b"ftyphe", "HEIC"),
    (4, b"ftypmif1", "HEIC"),
    (4, b"ftyp", "video"),
)


class ImageProblem(StrEnum):
    """Why a picture cannot be used."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_AN_IMAGE = "not_an_image"
    UNSUPPORTED_TYPE = "unsupported_type"
    TRUNCATED = "truncated"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"


class ImageRejected(ValueError):  # reads as the event it is, like Refused
    """The picture cannot be used; `message` says why and what to do, `code` is an ImageProblem."""

    def __init__(self, code: ImageProblem, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class CheckedImage:
    """A picture fit to publish: upright, sRGB, nothing in it but pixels.

    Width and height in pixels; `sha256` of `data` in hexadecimal; `dominant_color` as `#rrggbb`;
    `likeness` as `find_likeness` makes it, which may be empty.
    """

    data: bytes = field(repr=False)
    content_type: ContentType
    width: int
    height: int
    sha256: str
    dominant_color: str
    likeness: str


def check_image(data: bytes) -> CheckedImage:
    """Check a JPEG, PNG or WebP by its content and rewrite it without its metadata.

    JPEG and PNG stay what they are; WebP becomes PNG where it is transparent and JPEG where
    not. Raises ImageRejected.
    """
    _check_bytes(data)
    with _open(data) as source:
        image = bring_to_srgb(turn_upright(source), source.info.get("icc_profile"))
        colour, likeness = find_dominant_colour(image), find_likeness(image)
        clean, content_type = _encode(image, source)
        digest = hashlib.sha256(clean).hexdigest()
        size = (image.width, image.height)
        return CheckedImage(clean, content_type, *size, digest, colour, likeness)


def thumbnail(data: bytes, width: int) -> bytes:
    """Make a JPEG at most `width` pixels wide for showing, proportions kept.

    Raises ImageRejected.
    """
    _check_bytes(data)
    with _open(data, draft_width=width) as source:
        image = flatten(turn_upright(source))
        height = max(1, round(image.height * width / image.width))
        if image.width > width:
            image = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
        return _save_jpeg(image, quality=82)


def warnings_for(width: int, height: int) -> list[str]:
    """Say what will look less than good on Pinterest; an empty list when all is well."""
    found = []
    if width < 600 or height < 900:
        found.append(f"At {width} × {height} pixels this may look blurry. 1000 × 1500 works best.")
    if height > 2.1 * width:
        found.append(
            "This is taller than 1:2.1, so Pinterest cuts off the bottom in feeds."
            " Crop it to 2:3 to show all of it."
        )
    elif abs(width * 3 - height * 2) > 0.05 * height * 2:
        found.append("Pins stand out most at a ratio of 2:3, such as 1000 × 1500 pixels.")
    return found


def _check_bytes(data: bytes) -> None:
    """Refuse by length and first bytes, before any decoder sees the file."""
    if not data:
        raise ImageRejected(ImageProblem.EMPTY, "The file is empty. Choose an image.")
    if len(data) > IMAGE_BYTES_LIMIT:
        raise _too_large(len(data))
    if _looks_usable(data):
        return
    for offset, magic, name in _OTHER_KINDS:
        if data[offset:].startswith(magic):
            raise ImageRejected(
                ImageProblem.UNSUPPORTED_TYPE,
                f"This is a {name} file. Save it as JPEG, PNG or WebP and upload that.",
            )
    raise _not_an_image()


def _looks_usable(data: bytes) -> bool:
    return data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (
        data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    )


@contextmanager
def _open(data: bytes, *, draft_width: int | None = None) -> Iterator[Image.Image]:
    """Decode for as long as the block lasts, when it is our turn."""
    with _DECODING, _decode(data, draft_width) as image:
        yield image


def _decode(data: bytes, draft_width: int | None) -> Image.Image:
    """Check the size the header gives, then decode the pixels.

    Everything a decoder raises on broken data comes out as ImageRejected.
    """
    try:
        image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
        _check_size(image.width, image.height)
        if draft_width is not None:
            # JPEG can be decoded at a fraction of its size, in a fraction of the time.
            image.draft("RGB", (draft_width * 2, draft_width * 2))
        image.load()
    except ImageRejected:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except _BROKEN:
        raise ImageRejected(
            ImageProblem.TRUNCATED,
            "The image is damaged or was cut off. Export or download it again.",
        ) from None
    return image


def _check_size(width: int, height: int) -> None:
    if width * height > PIXEL_LIMIT:
        raise _too_many_pixels()
    if min(width, height) < SMALLEST_SIDE:
        raise ImageRejected(
            ImageProblem.TOO_SMALL,
            f"The image is {width} × {height} pixels. Each side needs at least"
            f" {SMALLEST_SIDE} pixels; 1000 × 1500 works best.",
        )


def _encode(image: Image.Image, source: Image.Image) -> tuple[bytes, ContentType]:
    """Write the pixels and nothing else, in the source's own type where that is possible."""
    if source.format == "PNG" or (source.format == "WEBP" and has_transparency(image)):
        written = _save_png(image)
        if len(written) <= IMAGE_BYTES_LIMIT:
            return written, "image/png"
    elif image is source and source.format == "JPEG" and source.mode in ("RGB", "L"):
        # The pixels are as decoded: the same tables give them back all but unchanged.
        written = _save_jpeg(image, quality="keep")
        if len(written) <= IMAGE_BYTES_LIMIT:
            return written, "image/jpeg"
    return _squeeze_jpeg(image), "image/jpeg"


def _save_png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    transparency = image.info.get("transparency")
    image.info = {} if transparency is None else {"transparency": transparency}
    image.save(out, "PNG", icc_profile=None)
    return out.getvalue()


def _save_jpeg(image: Image.Image, *, quality: int | str) -> bytes:
    out = io.BytesIO()
    image.info = {}
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _squeeze_jpeg(image: Image.Image) -> bytes:
    """Write JPEG at the best quality that Pinterest takes by size."""
    flat = flatten(image)
    for quality in _QUALITIES:
        written = _save_jpeg(flat, quality=quality)
        if len(written) <= IMAGE_BYTES_LIMIT:
            return written
    raise _too_large(len(written))


def _too_large(size: int) -> ImageRejected:
    return ImageRejected(
        ImageProblem.TOO_LARGE,
        f"The image has {size / 1024 / 1024:.1f} MB; Pinterest takes up to 20 MB."
        " Save it at a lower quality or size.",
    )


def _too_many_pixels() -> ImageRejected:
    return ImageRejected(
        ImageProblem.TOO_MANY_PIXELS,
        "The image has too many pixels. Scale it down; 1000 × 1500 works best.",
    )


def _not_an_image() -> ImageRejected:
    return ImageRejected(
        ImageProblem.NOT_AN_IMAGE, "This file is not an image. Choose a JPEG, PNG or WebP."
    )
