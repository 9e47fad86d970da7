"""Values as cells of a table that programs open. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def plain_cell(value: object) -> str:
    """A value as text that no spreadsheet takes for a formula; nothing for what is missing."""
    if value is None:
        return ""
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
