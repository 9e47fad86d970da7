"""Decode a picture of any common sort: upright, sRGB, eight bits. To be run in a bounded process.

Everything that a decoder may stumble over and that pixels don't need is left out before it begins.
"""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pillow_heif
from PIL import AvifImagePlugin, ExifTags, Image, PngImagePlugin

from foundation.mediafiles.colour_spaces import ADOBE_RGB, ColourSpace
from foundation.mediafiles.colours import to_srgb
from foundation.mediafiles.eight_bits import to_eight_bits
from foundation.mediafiles.jpeg_parts import JpegParts, read_jpeg
from foundation.mediafiles.kinds import PictureKind, picture_kind
from foundation.mediafiles.png_parts import PngParts, read_png

_BROKEN: Final = (
    *(OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error),
    *(IndexError, KeyError, TypeError, AttributeError, ZeroDivisionError, OverflowError),
    *(RuntimeError, NotImplementedError, AssertionError),
)
"""What decoders raise over broken data; memory and time are the process's affair."""

_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SCANNED_LIMIT: Final = 16
"""How often a full-sized picture may be gone over; encoders do it about ten times."""
_UNDECODED: Final = b"\x80\x80\x80"
_BLOCK: Final = 8
_MOST_LOST_ROWS: Final = 16
_NCLX: Final = b"colrnclx"
_NCLX_WITHIN: Final = 64 * 1024
_ADOBE_RGB_MARK: Final = "R03"
_SMALLER_VERSION, _RAW_VERSION = 0xFE, 0xC612

Image.MAX_IMAGE_PIXELS = None  # the limit is given to `open_picture`
PngImagePlugin.MAX_TEXT_CHUNK = 32 * 1024 * 1024  # there are no texts left; profiles may be large
AvifImagePlugin.DEFAULT_MAX_THREADS = 2
pillow_heif.register_heif_opener(thumbnails=False)


class Trouble(StrEnum):
    """Why a picture can't be decoded."""

    UNKNOWN = "unknown"  # no sort of picture that is known
    CUT = "cut"  # damaged, or it ends too early
    UNREADABLE = "unreadable"  # a variety that can't be read
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"
    TOO_SLOW = "too_slow"  # it would take far longer than its size asks for
    RAW = "raw"  # a camera's raw data, of which only a small preview could be read


class PictureTrouble(Exception):
    """The picture can't be decoded; `width` and `height` are 0 where they are not known."""

    def __init__(self, reason: Trouble, width: int = 0, height: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.width = width
        self.height = height


@dataclass(slots=True)
class Picture:
    """A decoded picture: upright, of sRGB colours, of one of the modes 1, L, LA, P, RGB, RGBA.

    `pictures` is how many its file holds, of which this is the first (or the one meant to be seen).
    `untouched` is the decoder's own image where nothing at all was changed in it.
    """

    image: Image.Image
    kind: PictureKind
    pictures: int
    untouched: Image.Image | None


def open_picture(data: bytes, *, pixel_limit: int, smallest_side: int) -> Picture:
    """Decode what is a picture by its first bytes. Raises PictureTrouble.

    A JPEG that lost no more than its last row of blocks is one without that.
    """
    kind = picture_kind(data)
    if kind is None:
        raise PictureTrouble(Trouble.UNKNOWN)
    png = read_png(data) if kind is PictureKind.PNG else None
    jpeg = read_jpeg(data) if kind is PictureKind.JPEG else None
    needed = png.data if png else jpeg.data if jpeg else data
    source = _open(needed, kind)
    _check_size(source, pixel_limit=pixel_limit, smallest_side=smallest_side)
    if jpeg and jpeg.scans * source.width * source.height > _SCANNED_LIMIT * pixel_limit:
        raise PictureTrouble(Trouble.TOO_SLOW)
    pictures = png.pictures if png else _count(source)
    _load(source, kind)
    whole = _without_lost_rows(source, jpeg)
    image = to_srgb(
        to_eight_bits(_turn_upright(whole)),
        profile=_profile_of(source, png),
        space=_space_of(source, data, png),
    )
    return Picture(image, kind, pictures, source if image is source else None)


def _open(data: bytes, kind: PictureKind) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=(kind,))
    except _BROKEN:
        raise PictureTrouble(_trouble_of(kind)) from None


def _load(image: Image.Image, kind: PictureKind) -> None:
    try:
        image.load()
    except _BROKEN:
        raise PictureTrouble(_trouble_of(kind)) from None


def _trouble_of(kind: PictureKind) -> Trouble:
    """Of sorts with many varieties it can't be told whether a file is broken or unusual."""
    unusual = kind in (PictureKind.TIFF, PictureKind.BMP, PictureKind.AVIF, PictureKind.HEIC)
    return Trouble.UNREADABLE if unusual else Trouble.CUT


def _check_size(image: Image.Image, *, pixel_limit: int, smallest_side: int) -> None:
    width, height = image.size
    if image.format == "TIFF" and _is_raw_photo(image):
        raise PictureTrouble(Trouble.RAW)
    if width * height > pixel_limit:
        raise PictureTrouble(Trouble.TOO_MANY_PIXELS, width, height)
    if min(width, height) < smallest_side:
        raise PictureTrouble(Trouble.TOO_SMALL, width, height)


def _is_raw_photo(image: Image.Image) -> bool:
    """Raw photos begin with a small version of themselves."""
    tags = getattr(image, "tag_v2", {})
    smaller = tags.get(_SMALLER_VERSION, 0)
    return _RAW_VERSION in tags or (isinstance(smaller, int) and bool(smaller & 1))


def _count(image: Image.Image) -> int:
    """How many pictures there are; 2 stands for several, so that not all need be visited."""
    try:
        return 2 if getattr(image, "is_animated", False) else 1
    except _BROKEN:
        return 1


def _without_lost_rows(image: Image.Image, jpeg: JpegParts | None) -> Image.Image:
    """Cut off what a decoder fills up at the end of a broken-off JPEG: plain grey, to the right."""
    if jpeg is None or not jpeg.is_cut:
        return image
    lost = _count_lost_rows(image)
    if lost > max(_MOST_LOST_ROWS, image.height // 100):
        raise PictureTrouble(Trouble.CUT)
    if not lost:
        return image
    cropped = image.crop((0, 0, image.width, image.height - lost))
    cropped.info = dict(image.info)
    return cropped


def _count_lost_rows(image: Image.Image) -> int:
    """Rows from the bottom whose last block was not there to be decoded."""
    width, height = image.size
    edge = image.crop((width - _BLOCK, 0, width, height)).convert("RGB").tobytes()
    row = len(_UNDECODED) * _BLOCK
    lost = 0
    while lost < height and edge[(height - lost - 1) * row :][:row] == _UNDECODED * _BLOCK:
        lost += 1
    return lost


def _turn_upright(image: Image.Image) -> Image.Image:
    """Apply the orientation a camera wrote into Exif; a broken Exif block says nothing."""
    orientation = None
    with contextlib.suppress(*_BROKEN):
        orientation = image.getexif().get(ExifTags.Base.Orientation)
    turn = _TURNS.get(orientation) if isinstance(orientation, int) else None
    return image if turn is None else image.transpose(turn)


def _profile_of(image: Image.Image, png: PngParts | None) -> bytes | None:
    profile = png.profile if png else image.info.get("icc_profile")
    return profile if isinstance(profile, bytes) else None


def _space_of(image: Image.Image, data: bytes, png: PngParts | None) -> ColourSpace | None:
    """What is said of the colours besides a profile."""
    if png is not None:
        return png.space
    if image.info.get("icc_profile"):
        return None
    if image.format in (PictureKind.AVIF, PictureKind.HEIC):
        return _coded_space(data)
    with contextlib.suppress(*_BROKEN):
        interop = image.getexif().get_ifd(ExifTags.IFD.Interop)
        if interop.get(1) == _ADOBE_RGB_MARK:
            return ColourSpace.of_gamma(563 / 256, ADOBE_RGB)
    return None


def _coded_space(data: bytes) -> ColourSpace | None:
    """The code points that AVIF and HEIC have in a `colr` box near their beginning."""
    at = data.find(_NCLX, 0, _NCLX_WITHIN) + len(_NCLX)
    codes = data[at : at + 4]
    if at < len(_NCLX) or len(codes) < 4:
        return None
    return ColourSpace.of_codes(
        primaries=int.from_bytes(codes[:2]), transfer=int.from_bytes(codes[2:])
    )
