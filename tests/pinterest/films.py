"""Make small video files, box by box: all of the description, none of the pictures."""

import struct

UPRIGHT = (1, 0, 0, 1)
TURNED = (0, 1, -1, 0)


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I", 8 + len(body)) + kind + body


def long_box(kind: bytes, *content: bytes) -> bytes:
    """A box with a length of 64 bits."""
    body = b"".join(content)
    return struct.pack(">I4sQ", 1, kind, 16 + len(body)) + body


def times(version: int, *values: int) -> bytes:
    return b"".join(value.to_bytes(8 if version else 4) for value in values)


def mvhd(seconds: float, *, version: int = 0, timescale: int = 600) -> bytes:
    units = round(seconds * timescale)
    return box(
        b"mvhd",
        bytes([version, 0, 0, 0]),
        times(version, 0, 0),
        timescale.to_bytes(4),
        times(version, units),
        bytes(80),
    )


def tkhd(
    width: int,
    height: int,
    *,
    version: int = 0,
    turn: tuple[int, int, int, int] = UPRIGHT,
    enabled: bool = True,
) -> bytes:
    a, b, c, d = (value << 16 for value in turn)
    return box(
        b"tkhd",
        bytes([version, 0, 0, 3 if enabled else 2]),
        times(version, 0, 0),
        bytes(8),
        times(version, 0),
        bytes(16),
        struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30),
        struct.pack(">II", width << 16, height << 16),
    )


def trak(header: bytes, handler: bytes, codec: bytes, width: int = 0, height: int = 0) -> bytes:
    entry = box(codec, bytes(24), struct.pack(">HH", width, height), bytes(50))
    table = box(b"stbl", box(b"stsd", bytes(7), b"\x01", entry))
    hdlr = box(b"hdlr", bytes(8), handler, bytes(12), b"\x00")
    return box(b"trak", header, box(b"mdia", hdlr, box(b"minf", table)))


SOUND = trak(tkhd(0, 0), b"soun", b"mp4a")
FTYP = box(b"ftyp", b"isom", bytes(4), b"isommp42")


def film(
    seconds: float = 12,
    width: int = 1080,
    height: int = 1920,
    *,
    codec: bytes = b"avc1",
    filling: int = 2_000,
    **more: object,
) -> bytes:
    """An MP4 with sound and pictures, its description last as cameras write it."""
    pictures = trak(tkhd(width, height, **more), b"vide", codec, width, height)
    return FTYP + box(b"mdat", b"\xa5" * filling) + box(b"moov", mvhd(seconds), SOUND, pictures)
