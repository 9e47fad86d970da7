"""What Pinterest says of a day's figures. Pure.

The list is open: a word we do not know is neither settled nor without data.
"""

from __future__ import annotations

from typing import Final

READY: Final = "READY"
"""The only status that is settled."""

NOT_READ: Final = "NOT_READ"
TO_BE_READ: Final = "TO_BE_READ"
LEFT_OUT: Final = "LEFT_OUT"
FORGOTTEN: Final = "FORGOTTEN"
"""Our own words: for a day nobody read, one that is yet to be read, one that was asked for and is
not in Pinterest's answer, and one that Pinterest had no more before it was settled."""

_OURS: Final = frozenset({NOT_READ, TO_BE_READ, LEFT_OUT, FORGOTTEN})

_REASONS: Final = {
    READY: "Pinterest left this figure out.",
    "PROCESSING": "Pinterest is still counting this day.",
    "ESTIMATE": "Pinterest is still counting this day: the figures grow.",
    "BEFORE_BUSINESS_CREATED": "The account was no business account yet.",
    "BEFORE_ACCOUNT_CLAIMED": "The site was not claimed yet.",
    "BEFORE_DATA_RETENTION_PERIOD": "Pinterest had forgotten this day before it was read.",
    "BEFORE_PIN_DATA_RETENTION_PERIOD": "Pinterest had forgotten this day before it was read.",
    "IN_BAD_TAG_DATE": "Pinterest says that its figures of this day are wrong.",
    FORGOTTEN: "Pinterest forgot this day before it was settled.",
    TO_BE_READ: "This day has not been read yet.",
    LEFT_OUT: "Pinterest left this day out of its answer.",
    NOT_READ: (
        "This day was not read: its figures were not kept yet, or access to the account was lost."
    ),
}


def is_settled(status: str) -> bool:
    """Whether the day's figures stay what they are."""
    return status == READY


def may_grow(status: str) -> bool:
    """Whether the day's figures are expected to change, or to come."""
    return not (is_settled(status) or has_no_data(status) or status in _OURS)


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
