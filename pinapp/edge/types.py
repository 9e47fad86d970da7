"""Content types that everything behind understands in the same way. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_WORD: Final = r"[A-Za-z0-9!#$&^_.+-]+"
_PARAMETER: Final = rf"\s*;\s*({_WORD})=(\"[^\"\\\x00-\x1f\x7f-\uffff]*\"|[!#-:<-~]+)"
_TYPE: Final = re.compile(rf"{_WORD}/{_WORD}(?:{_PARAMETER})*\s*;?\s*", re.ASCII)
_EACH: Final = re.compile(_PARAMETER, re.ASCII)
_LONGEST: Final = 500
_CHARSETS: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


@lru_cache(maxsize=64)
def is_plain_type(text: str) -> bool:
    """Whether a Content-Type is well-formed, and of text in UTF-8 as all of ours is.

    Python knows charsets in which bytes become other than they look (utf-7, base64), and some that
    fail in the middle of a form.
    """
    if not text:
        return True
    if len(text) > _LONGEST or not _TYPE.fullmatch(text):
        return False
    return all(
        value.strip('"').lower() in _CHARSETS
        for name, value in _EACH.findall(text)
        if name.lower() == "charset"
    )
