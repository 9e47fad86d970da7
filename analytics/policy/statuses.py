"""What Pinterest says of a day's figures. Pure.

The list is open: a word we do not know is neither settled nor without data.
"""

from __future__ import annotations

from typing import Final

READY: Final = "READY"
"""The only status that is settled."""

MOVING: Final = frozenset({"ESTIMATE", "PROCESSING"})
"""Figures that still grow, or are not there yet."""

NOT_READ: Final = "NOT_READ"
"""Our own word for a day nobody read."""

_REASONS: Final = {
    READY: "Pinterest left this figure out.",
    "PROCESSING": "Pinterest is still counting this day.",
    "ESTIMATE": "Pinterest is still counting this day: the figures grow.",
    "BEFORE_BUSINESS_CREATED": "The account was no business account yet.",
    "BEFORE_ACCOUNT_CLAIMED": "The site was not claimed yet.",
    "BEFORE_DATA_RETENTION_PERIOD": "Pinterest had forgotten this day before it was read.",
    "BEFORE_PIN_DATA_RETENTION_PERIOD": "Pinterest had forgotten this day before it was read.",
    "IN_BAD_TAG_DATE": "Pinterest says that its figures of this day are wrong.",
    NOT_READ: "This day was not read: the account was not connected, or its access was lost.",
}


def is_settled(status: str) -> bool:
    """Whether the day's figures stay what they are."""
    return status == READY


def has_no_data(status: str) -> bool:
    """Whether Pinterest says that there is nothing to come."""
    return status.startswith(("BEFORE_", "IN_BAD_")) or status.endswith("SMALLER_THAN_THRESHOLD")


def reason_of(status: str) -> str:
    """Why a day has no figures, or none that stay."""
    if known := _REASONS.get(status):
        return known
    if has_no_data(status):
        return "Pinterest has no figures for this day."
    return f"Pinterest says “{status.lower().replace('_', ' ')}” of this day."
