"""Whether another account can write to a board that Pins were planned for. Pure."""

from __future__ import annotations

from enum import StrEnum

from pinterest.errors import PinterestError, RefusalReason, Refused
from publishing.policy.statuses import PinStatus

MOVABLE = (PinStatus.DRAFT, PinStatus.SCHEDULED, PinStatus.HELD)
"""Pins that may change hands. One on its way, in doubt, failed or published stays where it was
tried: what became of it can only be found out with its own account."""


class ReachResult(StrEnum):
    """What asking Pinterest showed."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"  # Pinterest gave no answer that settles it


_SHUT = frozenset(
    {
        RefusalReason.BOARD_GONE,
        RefusalReason.SECTION_GONE,
        RefusalReason.NOT_FOUND,
        RefusalReason.BOARD_NOT_PERMITTED,
        RefusalReason.NOT_PERMITTED,
        RefusalReason.MISSING_SCOPE,
    }
)


def judge_reach(error: PinterestError) -> ReachResult:
    """What a failed reading says: only a refusal of this very board is a no."""
    if isinstance(error, Refused) and error.reason in _SHUT:
        return ReachResult.NO
    return ReachResult.UNKNOWN
