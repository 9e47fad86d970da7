"""HTML's codes for signs, as exports of shops and blogs leave them in cells. Pure."""

from __future__ import annotations

import html
import re
from typing import Final

_CODE: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
# In an address `&copy=1` is a parameter and `&lang;` may be two: only these are sure.
_CODE_IN_ADDRESS: Final = re.compile(r"&(?:amp|#0*38|#[xX]0*26|#0*39|#[xX]0*27|quot|#0*34);")
_LONGEST: Final = 20_000
"""Characters of a text that is worth decoding: longer than any that a Pin can have."""
_TWICE: Final = 2
"""How often is decoded: some exports encode what is encoded already."""


def decoded(text: str, *, is_address: bool = False) -> str:
    """`text` with the signs that its codes stand for; codes without a semicolon are none."""
    if len(text) > _LONGEST:
        return text
    codes = _CODE_IN_ADDRESS if is_address else _CODE
    for _ in range(_TWICE):
        found = codes.sub(lambda code: _sign(code[0]), text)
        if found == text:
            break
        text = found
    return text


def _sign(code: str) -> str:
    sign = html.unescape(code)
    return sign if sign and (sign.isprintable() or sign.isspace()) else code
