"""What people call themselves and their things: one line of plain text that is no address."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_UNPRINTABLE: Final = {"Cc", "Cs", "Zl", "Zp"}
# Turn the direction of what follows: a name could hide what stands behind it.
_TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_ADDRESS: Final = re.compile(
    r"\w+:[/\\]{2}|\b(?:mailto|javascript|data|tel):\S|\bwww[.。．｡]\w|[^\s@]@[^\s@]+[.。．｡]\w"
    r"|\w[.。．｡]\w{2,}[/\\]\w",
    re.IGNORECASE,
)
# Where programs that show mail see a link: between these and the letters around them.
_JOINTS: Final = re.compile(r"(?<=\S)([.。．｡](?=\w{2})|:(?=[/\\]{2}))")
_AT: Final = re.compile(r"(?<=\S)@(?=\S)")
_WORD_JOINER: Final = "\u2060"


def has_control_characters(text: str) -> bool:
    """Whether it holds what is not to be seen: line breaks, control characters, turned writing."""
    return any(unicodedata.category(char) in _UNPRINTABLE or char in _TURNS for char in text)


def has_address(text: str) -> bool:
    """Whether it holds an address of a page or a mailbox; the bare name of a site is a name."""
    return _ADDRESS.search(text) is not None


def in_one_line(text: str) -> str:
    """The text without line breaks and control characters, as a header of a mail may hold it."""
    shown = (" " if char.isspace() or has_control_characters(char) else char for char in text)
    return " ".join("".join(shown).split())


def in_a_mail(name: str) -> str:
    """A name as a mail shows it: in one line, and without a part that becomes a link.

    Mail programs make links of what looks like an address. An invisible character that joins words
    keeps them from it and changes nothing that a person sees; only an @ within a word is written
    out.
    """
    joined = _JOINTS.sub(rf"{_WORD_JOINER}\1{_WORD_JOINER}", in_one_line(name))
    return _AT.sub("(at)", joined)
