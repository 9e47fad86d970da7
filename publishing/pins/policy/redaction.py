"""Taking what gives access out of texts that people see and take away. Pure."""

from __future__ import annotations

import re
from typing import Final

HIDDEN: Final = "[hidden]"

_TOKENS: Final = re.compile(
    r"\bpin[a-z]_[\w.~+/=-]+"  # Pinterest's own: pina_ (access), pinr_ (refresh)
    r"|\b(?:bearer|basic)\s+[\w.~+/=-]+"
    r"|\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?",  # a JSON Web Token
    re.IGNORECASE,
)
# Signed addresses carry their permission behind the question mark.
_QUERIES: Final = re.compile(r"(https?://[^\s?#\"'<>]*)[?#][^\s\"'<>]*", re.IGNORECASE)
_PASSWORDS: Final = re.compile(r"(https?://)[^\s/@\"'<>]+@", re.IGNORECASE)
_NAMED: Final = re.compile(
    r"\b([\w-]*(?:token|secret|password|signature|credential|api[_-]?key|policy)[\"']?)"
    r"\s*[=:]\s*[\"']?[^\s\"'&,;]+",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """`text` without tokens, keys, passwords and the signed part of addresses."""
    text = _PASSWORDS.sub(r"\1", text)
    text = _QUERIES.sub(rf"\1?{HIDDEN}", text)
    text = _TOKENS.sub(HIDDEN, text)
    return _NAMED.sub(rf"\1={HIDDEN}", text)
