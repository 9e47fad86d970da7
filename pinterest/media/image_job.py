"""What a bounded process does with a picture: decode, measure, encode anew."""

import hashlib
import io
from typing import Final

import msgspec
from PIL import Image, ImageFile

from foundation.mediafiles.image_hash import find_likeness
from foundation.mediafiles.kinds import PictureKind
from foundation.mediafiles.pictures import Picture, PictureTrouble, Trouble, open_picture
from foundation.mediafiles.pixels import find_dominant_colour, flatten, has_transparency
from pinterest.drafts import IMAGE_BYTES_LIMIT, ContentType
from pinterest.media.images import (
    CheckAnswer,
    CheckedImage,
    CheckOrder,
    ImageProblem,
    ImageRejected,
    too_large,
    too_many_pixels,
)

SMALLEST_SIDE: Final = 200
# 64 million pixels hold what full-frame cameras (61) and phones (50) take, and decode to 256 MB
# at most. A 20,000 by 20,000 picture would decode to 1.6 GB.
PIXEL_LIMIT: Final = 64_000_000
JPEG_LONGEST_SIDE: Final = 65_500
"""Pixels; libjpeg writes no longer ones."""

_QUALITIES: Final = (92, 85, 75, 60, 45)
_PREVIEW_TALLEST: Final = 4
"""A preview is at most so many times as tall as it may be wide."""
_LOSSLESS: Final = frozenset({PictureKind.PNG, PictureKind.GIF})
_READ_BY_PINTEREST: Final = frozenset({PictureKind.JPEG, PictureKind.PNG})
_FEW_COLOURS: Final = frozenset({"1", "P"})


def check(request: bytes) -> bytes:
    """A CheckOrder in, a CheckAnswer out."""
    order = msgspec.msgpack.decode(request, type=CheckOrder)
    try:
        answer = CheckAnswer(check_here(order.data, preview_width=order.preview_width))
    except ImageRejected as rejected:
        answer = CheckAnswer(problem=rejected.code, message=rejected.message)
    return msgspec.msgpack.encode(answer)


def check_here(data: bytes, *, preview_width: int = 0) -> CheckedImage:
    """Check a picture within this process, unbounded. Raises ImageRejected."""
    try:
        picture = open_picture(data, pixel_limit=PIXEL_LIMIT, smallest_side=SMALLEST_SIDE)
    except PictureTrouble as trouble:
        raise _rejected_by(trouble) from None
    image = picture.image
    colour, likeness = find_dominant_colour(image), find_likeness(image)
    preview = _preview(image, preview_width) if preview_width else b""
    clean, content_type = _encode(picture)
    return CheckedImage(
        data=clean,
        content_type=content_type,
        width=image.width,
        height=image.height,
        sha256=hashlib.sha256(clean).hexdigest(),
        dominant_color=colour,
        likeness=likeness,
        is_first_of_several=picture.pictures > 1,
        is_read_by_pinterest=picture.kind in _READ_BY_PINTEREST and picture.pictures == 1,
        preview=preview,
    )


def _rejected_by(trouble: PictureTrouble) -> ImageRejected:
    if trouble.reason is Trouble.TOO_MANY_PIXELS:
        return too_many_pixels()
    if trouble.reason is Trouble.TOO_SMALL:
        return ImageRejected(
            ImageProblem.TOO_SMALL,
            f"The image is {trouble.width} × {trouble.height} pixels. Each side needs at least"
            f" {SMALLEST_SIDE} pixels; 1000 × 1500 works best.",
        )
    return ImageRejected(*_SENTENCES[trouble.reason])


_SENTENCES: Final = {
    Trouble.CUT: (
        ImageProblem.TRUNCATED,
        "The image is damaged or was cut off. Export or download it again.",
    ),
    Trouble.TOO_SLOW: (
        ImageProblem.TOO_SLOW,
        (
            "The image is stored in far more passes than its pixels need. Open it in an image"
            " editor, save it as JPEG and add that."
        ),
    ),
    Trouble.RAW: (
        ImageProblem.UNSUPPORTED_TYPE,
        "This is a raw photo. Develop it, save it as JPEG and add that.",
    ),
    Trouble.UNREADABLE: (
        ImageProblem.UNREADABLE,
        (
            "The image is damaged, or of a variety that PinApp can't read. Open it in an image"
            " editor, save it as JPEG or PNG and add that."
        ),
    ),
    Trouble.UNKNOWN: (
        ImageProblem.NOT_AN_IMAGE,
        "This file is not an image. Choose a JPEG, PNG, WebP, HEIC, AVIF or GIF.",
    ),
}


def _encode(picture: Picture) -> tuple[bytes, ContentType]:
    """Write the pixels and nothing else, in the source's own type where that is possible."""
    image = picture.image
    if _should_be_png(picture) or max(image.size) > JPEG_LONGEST_SIDE:
        written = _save_png(image)
        if len(written) <= IMAGE_BYTES_LIMIT:
            return written, "image/png"
        if max(image.size) > JPEG_LONGEST_SIDE:
            raise _too_long(image)
    elif picture.untouched is image and picture.kind is PictureKind.JPEG:
        # The pixels are as decoded: the same tables give them back all but unchanged.
        written = _save_jpeg(image, quality="keep" if image.mode in ("RGB", "L") else 92)
        if len(written) <= IMAGE_BYTES_LIMIT:
            return written, "image/jpeg"
    return _squeeze_jpeg(image), "image/jpeg"


def _should_be_png(picture: Picture) -> bool:
    """What was stored without loss, unless it is a photo in some rare wrapping."""
    if picture.kind in _LOSSLESS or picture.image.mode in _FEW_COLOURS:
        return True
    return picture.kind is not PictureKind.JPEG and has_transparency(picture.image)


def _save_png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    transparency = image.info.get("transparency")
    image.info = {} if transparency is None else {"transparency": transparency}
    image.save(out, "PNG", icc_profile=None)
    return out.getvalue()


def _save_jpeg(image: Image.Image, *, quality: int | str) -> bytes:
    """Write a JPEG with tables of its own, for which the encoder needs all of it in one buffer."""
    out = io.BytesIO()
    image.info = {}
    # Grainy pictures of the finest tables take more than a byte for each value.
    ImageFile.MAXBLOCK = image.width * image.height * 6 + 65536
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _squeeze_jpeg(image: Image.Image) -> bytes:
    """Write JPEG at the best quality that Pinterest takes by size."""
    flat = flatten(image)
    for quality in _QUALITIES:
        written = _save_jpeg(flat, quality=quality)
        if len(written) <= IMAGE_BYTES_LIMIT:
            return written
    raise too_large(len(written))


def _preview(image: Image.Image, width: int) -> bytes:
    """A small JPEG in proportion; one of a very tall picture is narrower than `width`."""
    share = min(1.0, width / image.width, _PREVIEW_TALLEST * width / image.height)
    size = (max(1, round(image.width * share)), max(1, round(image.height * share)))
    # Dithered colours only mean something together: flatten before scaling those.
    ground = flatten(image) if image.mode in _FEW_COLOURS or share == 1.0 else image
    if share < 1.0:
        ground = ground.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _save_jpeg(flatten(ground).copy(), quality=82)


def _too_long(image: Image.Image) -> ImageRejected:
    return ImageRejected(
        ImageProblem.TOO_MANY_PIXELS,
        f"The image is {image.width} × {image.height} pixels: too long for a JPEG, and as a PNG"
        " it would have more than 20 MB. Crop it; 1000 × 1500 works best.",
    )
