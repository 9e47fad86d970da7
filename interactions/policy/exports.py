"""Values as cells of a table that programs open. Pure."""

from __future__ import annotations

from datetime import datetime

from accounts.sheets import inert


def plain_cell(value: object) -> str:
    """A value as text that no spreadsheet takes for a formula; nothing for what is missing."""
    if value is None:
        return ""
    return inert(value.isoformat() if isinstance(value, datetime) else str(value))
