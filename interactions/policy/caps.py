"""How much of one thing is believed: bounds against floods and tokens that mint clicks. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

SUSPECT_AFTER: Final = 30
"""Clicks with one page token in a day after which further ones are marked: nobody pins one page so
often."""

REFUSED_AFTER: Final = 300
"""Clicks with one page token in a day after which further ones are refused."""

PER_MINUTE: Final = 120
"""Clicks of one address in a minute; an office behind one address is not that busy."""


class Cap(StrEnum):
    """What was too much."""

    SITE = "site_full"
    TOKEN = "token_used_up"  # noqa: S105 - a code, not a secret
    ADDRESS = "too_fast"


def cap_reached(*, of_site: int, daily_limit: int, of_token: int, of_address: int) -> Cap | None:
    """Which bound one more click would break, given how many there were; None when none."""
    if of_address >= PER_MINUTE:
        return Cap.ADDRESS
    if of_token >= REFUSED_AFTER:
        return Cap.TOKEN
    if of_site >= daily_limit:
        return Cap.SITE
    return None


def is_suspect(of_token: int) -> bool:
    """Whether a click with a token that was used so often already is unusual."""
    return of_token >= SUSPECT_AFTER
