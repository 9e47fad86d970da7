"""Any HTML as a tree, read by the parser that browsers' rules describe (Lexbor)."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from foundation.documents.charsets import (
    codec_of,
    declared_in_xml,
    decode_as,
    guess_codec,
    marked_codec,
)

_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?\s*([^\s"';]{1,60})""", re.I)
_WIDE: Final = frozenset({"utf-16-le", "utf-16-be"})


def parse_html(data: bytes, *, charset: str = "") -> LexborHTMLParser:
    """A page as a tree; `charset` is what the answer's header says, if anything.

    Nothing is no HTML, and bad bytes are replaced. Of a foreign page call it in a bounded process.
    """
    known = marked_codec(data) or codec_of(charset)
    if known:
        return LexborHTMLParser(decode_as(data, known))
    # What a page declares is ASCII, and stands where any encoding that has ASCII shows it.
    rough = LexborHTMLParser(data.decode("latin-1"))
    declared = _declared(rough) or codec_of(declared_in_xml(data))
    codec = declared or guess_codec(data, language=_language(rough))
    return LexborHTMLParser(decode_as(data, codec))


def _declared(page: LexborHTMLParser) -> str:
    for meta in page.css("meta"):
        given = meta.attributes
        label = given.get("charset") or ""
        if not label and (given.get("http-equiv") or "").strip().lower() == "content-type":
            found = _CHARSET.search(given.get("content") or "")
            label = found[1] if found else ""
        if codec := codec_of(label):
            # Whoever could read this as ASCII does not read UTF-16.
            return "utf-8" if codec in _WIDE else codec
    return ""


def _language(page: LexborHTMLParser) -> str:
    root = page.css_first("html")
    return (root.attributes.get("lang") or "") if root is not None else ""
