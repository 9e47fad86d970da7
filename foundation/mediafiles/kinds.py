"""Tell by its first bytes what a file is; names and endings say nothing."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

HEAD_BYTES: Final = 64
"""So many bytes from a file's beginning are enough for everything here."""


class PictureKind(StrEnum):
    """A sort of picture that can be decoded, by Pillow's name for it."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    AVIF = "AVIF"
    HEIC = "HEIF"
    GIF = "GIF"
    BMP = "BMP"
    TIFF = "TIFF"


_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_HEIC_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
)
_STARTS: Final = (
    (0, b"\xff\xd8\xff", PictureKind.JPEG),
    (0, b"\x89PNG\r\n\x1a\n", PictureKind.PNG),
    (8, b"WEBP", PictureKind.WEBP),
    (0, b"GIF87a", PictureKind.GIF),
    (0, b"GIF89a", PictureKind.GIF),
    (0, b"BM", PictureKind.BMP),
    (0, b"II*\x00", PictureKind.TIFF),
    (0, b"MM\x00*", PictureKind.TIFF),
    (0, b"II+\x00", PictureKind.TIFF),
    (0, b"MM\x00+", PictureKind.TIFF),
)
_OTHERS: Final = (
    (8, b"CR\x02\x00", "raw photo"),
    (0, b"FUJIFILMCCD-RAW", "raw photo"),
    (4, b"ftypcrx ", "raw photo"),
    (0, b"%PDF", "PDF"),
    (0, b"%!PS", "PostScript"),
    (0, b"<svg", "SVG"),
    (0, b"8BPS", "Photoshop"),
    (0, b"gimp xcf", "GIMP"),
    (0, b"\xff\x0a", "JPEG XL"),
    (4, b"JXL \r\n", "JPEG XL"),
    (4, b"jP  \r\n", "JPEG 2000"),
    (0, b"\xff\x4f\xff\x51", "JPEG 2000"),
    (0, b"\x00\x00\x01\x00", "icon"),
    (0, b"PK\x03\x04", "ZIP"),
    (4, b"ftyp", "video"),
    (0, b"\x1aE\xdf\xa3", "video"),
    (8, b"AVI ", "video"),
)


def picture_kind(data: bytes) -> PictureKind | None:
    """The sort of picture that a file begins like; None for anything else."""
    if data[4:8] == b"ftyp":
        return _kind_of_brands(data)
    if other_kind(data) == "raw photo":
        return None
    for offset, magic, kind in _STARTS:
        if data[offset : offset + len(magic)] == magic:
            return kind
    return None


def other_kind(data: bytes) -> str:
    """The name of what a file begins like, of sorts that are no pictures we read; or empty."""
    for offset, magic, name in _OTHERS:
        if data[offset : offset + len(magic)] == magic:
            return name
    return ""


def _kind_of_brands(data: bytes) -> PictureKind | None:
    """Of an ISO file: its own brand and those it says it is compatible with."""
    end = min(int.from_bytes(data[:4]), HEAD_BYTES)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, end, 4))}
    if data[8:12] not in _AVIF_BRANDS | _HEIC_BRANDS:
        return None
    return PictureKind.AVIF if brands & _AVIF_BRANDS else PictureKind.HEIC
