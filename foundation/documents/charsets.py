"""Which encoding a page is in, decided as browsers decide it, and its text.

In this order: a byte order mark, what the answer's header says, what the page declares, a guess.
Labels mean what WHATWG's Encoding standard says: `iso-8859-1` is windows-1252, `x-sjis` Shift JIS
with Microsoft's additions; `utf-7` is none.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import Final

from foundation.documents.charset_labels import CODECS
from foundation.documents.encodings import encoding_of

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_XML_DECLARATION: Final = re.compile(
    rb"""\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']\s*([\w.:-]{1,60})\s*["']"""
)
# None of these is the second byte of a Chinese or Japanese character.
_BETWEEN_WORDS: Final = re.compile(rb"""[<>"'\n]""")
_SAMPLE: Final = 20_000
_USUAL: Final = "cp1252"
_BAD_SHARE: Final = 0.2
"""Where no more than this share of what is not ASCII is no UTF-8, it is UTF-8 with bad bytes: in
other encodings hardly a letter looks like one of UTF-8."""

# Pages that do not say their encoding mostly say their language.
_OF_LANGUAGE: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("be", "bg", "kk", "mk", "ru", "sr", "uk"), ("cp1251", "koi8-r")),
    **dict.fromkeys(("cs", "hr", "hu", "pl", "ro", "sk", "sl"), ("cp1250", "iso8859-2")),
    **dict.fromkeys(("et", "lt", "lv"), ("cp1257",)),
    **dict.fromkeys(("ar", "fa", "ur"), ("cp1256",)),
    **dict.fromkeys(("ku", "tr"), ("cp1254",)),
    "el": ("cp1253",),
    "he": ("cp1255",),
    "ja": ("cp932", "euc-jp"),
    "ko": ("cp949",),
    "th": ("cp874",),
    "zh": ("gb18030", "big5"),
}


def codec_of(label: str) -> str:
    """Python's codec for a label as pages write it; empty for one that browsers do not know."""
    return CODECS.get(label.strip("\t\n\f\r ").lower(), "")


def marked_codec(data: bytes) -> str:
    """The codec that a byte order mark tells; empty where there is none."""
    return next((codec for mark, codec in _MARKS if data.startswith(mark)), "")


def declared_in_xml(data: bytes) -> str:
    """The label in an XML declaration; empty where there is none. UTF-16 shows in its bytes."""
    if data.startswith(b"<\x00?\x00"):
        return "utf-16le"
    if data.startswith(b"\x00<\x00?"):
        return "utf-16be"
    found = _XML_DECLARATION.match(data[:1024])
    label = found[1].decode("ascii", "replace") if found else ""
    # What could be read as ASCII is not UTF-16, as programs of Windows like to say.
    return "utf-8" if codec_of(label) in ("utf-16-le", "utf-16-be") else label


def decode_as(data: bytes, codec: str) -> str:
    """The text without its byte order mark; bytes that mean nothing become U+FFFD."""
    return data.decode(codec, "replace").removeprefix("\ufeff")


def guess_codec(data: bytes, *, language: str = "") -> str:
    """The likeliest codec of a text that declares none; `language` is a tag such as `pt-BR`."""
    if wide := _wide_codec(data[:2000]):
        return wide
    if data.isascii() or _is_nearly_utf8(data):
        return "utf-8"
    # A guess by all of a page is a guess by its markup: only what is not ASCII tells anything.
    pieces = (piece for piece in _BETWEEN_WORDS.split(data) if not piece.isascii())
    guess = encoding_of(b"\n".join(_first(pieces, most_bytes=_SAMPLE)))
    spoken = _OF_LANGUAGE.get(language.strip().lower().partition("-")[0], ())
    if guess is None or (spoken and guess.name not in spoken):
        return spoken[0] if spoken else _USUAL
    return guess.name


def _first(pieces: Iterable[bytes], *, most_bytes: int) -> Iterator[bytes]:
    """Whole pieces, for a letter cut in two would speak against its encoding."""
    size = 0
    for piece in pieces:
        if size and size + len(piece) > most_bytes:
            return
        size += len(piece)
        yield piece


def _wide_codec(head: bytes) -> str:
    if head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    if head[::2].count(0) > len(head) // 4:
        return "utf-16-be"
    return ""


def _is_nearly_utf8(data: bytes) -> bool:
    """Whether it is UTF-8 but for few bytes; what was cut off at the end does not count."""
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(data)
    bad = text.count("\ufffd")
    return bad <= _BAD_SHARE * sum(1 for char in text if char > "\x7f")
