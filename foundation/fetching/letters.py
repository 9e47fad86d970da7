"""Whether a host's name can be read for another's in its own letters. Pure.

After the rules by which browsers choose between a name's letters and its `xn--` form: the letters
of a label are of one script, or of those that one language mixes, and a name in Cyrillic or Greek
does not consist of letters alone that look like Latin ones.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_MIXED: Final = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
)
_LIKE_LATIN: Final = frozenset("аысԁеԍһіюјӏорԗԛѕԝхуъьҽпгѵѡ") | frozenset("αικνρυωηοτ")
_JOINS: Final = "-_"


def is_unmistakable(host: str) -> bool:
    """Whether each label of a host in Unicode looks like no other name of everyday letters."""
    labels = host.split(".")
    ends_in_ascii = labels[-1].isascii()
    return all(
        label.isascii()
        or (
            _is_of_one_hand(label)
            and not (ends_in_ascii and _LIKE_LATIN.issuperset(_letters(label)))
        )
        for label in labels
    )


def _letters(label: str) -> set[str]:
    return {char for char in label if unicodedata.category(char).startswith("L")}


def _is_of_one_hand(label: str) -> bool:
    """Letters, their marks and digits only, of scripts that belong together."""
    scripts = set()
    for char in label:
        if char in _JOINS or (char.isascii() and char.isdigit()):
            continue
        if unicodedata.category(char)[0] not in "LMN":
            return False
        scripts.add(unicodedata.name(char, "?").split()[0].split("-")[0])
    scripts.discard("COMBINING")
    return len(scripts) <= 1 or any(scripts <= each for each in _MIXED)
