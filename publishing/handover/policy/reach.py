"""Whether another account can write to a board that Pins were planned for. Pure."""

from __future__ import annotations

from pinterest.errors import PinterestError, RefusalReason, Refused
from publishing.choices.reach import ReachResult
from publishing.choices.statuses import PinStatus

MOVABLE = (PinStatus.DRAFT, PinStatus.SCHEDULED, PinStatus.HELD)
"""Pins that may change hands. One on its way, in doubt, failed or published stays where it was
tried: what became of it can only be found out with its own account."""


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
