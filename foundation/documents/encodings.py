"""In which encoding a file of text is: told for sure by its bytes, or guessed. Pure."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import chardet

ENCODINGS: Final = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16, little end first",
    "utf-16-be": "UTF-16, big end first",
    "cp1252": "Western European (Windows)",
    "mac-roman": "Western European (Mac)",
    "cp850": "Western European (DOS)",
    "cp1250": "Central European (Windows)",
    "iso8859-2": "Central European (ISO 8859-2)",
    "mac-latin2": "Central European (Mac)",
    "cp852": "Central European (DOS)",
    "cp1251": "Cyrillic (Windows)",
    "koi8-r": "Cyrillic (KOI8-R)",
    "koi8-u": "Cyrillic (KOI8-U)",
    "mac-cyrillic": "Cyrillic (Mac)",
    "iso8859-5": "Cyrillic (ISO 8859-5)",
    "cp866": "Cyrillic (DOS)",
    "cp1253": "Greek (Windows)",
    "cp1254": "Turkish (Windows)",
    "cp1257": "Baltic (Windows)",
    "cp1255": "Hebrew (Windows)",
    "cp1256": "Arabic (Windows)",
    "cp874": "Thai (Windows)",
    "gb18030": "Chinese, simplified (GBK)",
    "big5": "Chinese, traditional (Big5)",
    "cp932": "Japanese (Shift JIS)",
    "euc-jp": "Japanese (EUC)",
    "cp949": "Korean (Windows)",
}
"""What a person may choose from: Python's name of each encoding, and the words for it."""

_SURE: Final = ("utf-8", "utf-16", "utf-16-le", "utf-16-be")
_GUESSED: Final = tuple(name for name in ENCODINGS if name not in _SURE)
_USUAL: Final = "cp1252"

# Where a detector is as good as undecided, what spreadsheets write more often is likelier.
_LIKELIER: Final = dict.fromkeys(("cp1251", "cp1250", "gb18030", "cp932"), 0.01) | {
    "cp1252": 0.02,
    "mac-roman": 0.0,
}
_RARE: Final = -0.02
_ODD_COST: Final = 0.05
_CAPITALS: Final = "À-ÖØ-ÞĄĆČĎĐĘĚĞĽŁŃŇŐŒŘŚŞŠŤŮŰŸŹŻŽ"
_ODD: Final = re.compile(
    # Signs in the middle of a word (vowels of Thai are none), or what no text has, or a capital
    # letter between a small one or another one and a small one.
    r"(?<=[^\W\d_])[^\w\s'’.,:!?&/()\"+*\u0e30-\u0e4e-]+(?=[^\W\d_])"
    r"|[\x80-\x9f\ue000-\uf8ff]"
    r"|(?<![^\W\d_])[¤£¥¢³¹²¬¨¯¸ªº¦≥≤±∂∑∏∫√≈∆◊](?=[^\W\d_])"
    rf"|[a-zà-öø-ÿ](?=[A-Z{_CAPITALS}])|(?<=[A-Z])[{_CAPITALS}](?=[a-z])|[а-яё](?=[А-ЯЁ])"
    # What letters of Turkish are elsewhere: no other language has both of these in one word.
    r"|[çü](?=[^\W\d_]{0,20}[ðþý])|[ðþý](?=[^\W\d_]{0,20}[çü])"
    # What a Mac's dashes and its euro are elsewhere.
    r"|(?<= )[ÐÑ](?= )|(?<=\d )Û|Û(?=\d)"
    # Two scripts in one word, and the half-width signs of Japanese.
    r"|[A-Za-zÀ-ɏ](?=[Ѐ-ӿͰ-Ͽ֐-׿฀-๿㐀-鿿가-힣])|[Ѐ-ӿͰ-Ͽ֐-׿](?=[A-Za-zÀ-ɏ])"
    r"|[㐀-鿿가-힣](?=[a-z])|[ｦ-ﾟ]|(?<=[A-Za-z] )[Ѐ-ӿ](?= )"
)
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")
_LOOKED_AT: Final = 100_000
"""Bytes with signs beyond ASCII after which a guess gets no better."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding by Python's name; `is_sure` where the bytes leave no doubt."""

    name: str
    is_sure: bool


def encoding_of(data: bytes) -> Encoding | None:
    """The encoding of a text; None where the bytes are no text in any.

    A mark at the beginning and valid UTF-8 are proof. Anything else is the guess of a detector,
    which is asked about the whole and about the cells and words with signs beyond ASCII: the names
    of columns, which are ASCII in all encodings, would otherwise drown a short file's only title.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _if_text(data, "utf-16", is_sure=True)
    head = data[:2000]
    if head[1::2].count(0) > len(head) // 4:
        return _if_text(data, "utf-16-le", is_sure=True)
    if head[::2].count(0) > len(head) // 4:
        return _if_text(data, "utf-16-be", is_sure=True)
    if found := _if_text(data, "utf-8", is_sure=True):
        return found
    return next(
        (
            found
            for name in [*_guesses(data), _USUAL, *_GUESSED]
            if (found := _if_text(data, name, is_sure=False))
        ),
        None,
    )


def text_in(data: bytes, encoding: str) -> str | None:
    """The text of bytes in an encoding, without its mark; None where it is none."""
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
    return None if _UNPRINTABLE.search(text) else text.removeprefix("\ufeff")


def _if_text(data: bytes, name: str, *, is_sure: bool) -> Encoding | None:
    return None if text_in(data, name) is None else Encoding(name, is_sure)


def _guesses(data: bytes) -> list[str]:
    """Encodings that are no proof, the likeliest first."""
    lines = b"\n".join(_beyond_ascii(data.splitlines()))[:_LOOKED_AT]
    cells = b"\n".join(_beyond_ascii(re.split(rb"[,;\t|\n]", lines)))
    words = b" ".join(_beyond_ascii(cells.split()))
    scores = dict.fromkeys(_GUESSED, 0.0)
    for part in filter(None, (data[: _LOOKED_AT // 10] + b"\n" + lines, cells, words)):
        for found in _detected(part):
            name = _our_name(found["encoding"])
            if name in scores:
                scores[name] += found["confidence"]
    likely = {name: score for name, score in scores.items() if score}
    return sorted(likely, key=lambda name: -(likely[name] + _bonus(name, cells)))


def _detected(part: bytes) -> list[chardet.DetectionDict]:
    return chardet.detect_all(
        part,
        ignore_threshold=True,
        include_encodings=_GUESSED,
        no_match_encoding=_USUAL,
        empty_input_encoding=_USUAL,
    )


def _beyond_ascii(parts: list[bytes]) -> Iterator[bytes]:
    return (part for part in parts if not part.isascii())


def _bonus(name: str, cells: bytes) -> float:
    """What usage and the look of the words say for an encoding, or against it."""
    text = cells[:5000].decode(name, errors="replace")
    odd = len(_ODD.findall(text)) + text.count("\ufffd")
    return _LIKELIER.get(name, _RARE) - _ODD_COST * odd


def _our_name(name: str | None) -> str:
    """The name under which we know one of the detector's encodings."""
    if name is None:
        return ""
    try:
        return codecs.lookup(name).name.replace("_", "-")
    except LookupError:
        return ""
