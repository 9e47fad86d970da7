"""Spaces that look like none, or like others, as spreadsheets and web pages leave them. Pure."""

from __future__ import annotations

from typing import Final

# No-break, narrow, thin, figure and ideographic spaces, Mongolian vowel separator.
_WIDE: Final = (
    "\u00a0\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u202f\u205f\u3000"
)
# Zero width: space, word joiner, byte order mark in the middle, marks of direction.
_UNSEEN: Final = (
    "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_PLAIN: Final = dict.fromkeys(map(ord, _WIDE + _UNSEEN), " ")
_EDGES: Final = f"{_WIDE}{_UNSEEN} \t\r\n\x0b\x0c"


def plain_spaces(text: str) -> str:
    """`text` with every kind of space, seen or not, as an ordinary one."""
    return text.translate(_PLAIN)


def trimmed(text: str) -> str:
    """`text` without spaces of any kind at its ends; those inside are its own."""
    return text.strip(_EDGES)
