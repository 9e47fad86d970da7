"""Where a Pin is on its way, and where it may go from there."""

from __future__ import annotations

from enum import StrEnum


class PinStatus(StrEnum):
    """Where a Pin is on its way."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    CLAIMED = "claimed"
    SENDING = "sending"
    PUBLISHED = "published"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    HELD = "held"


class HoldReason(StrEnum):
    """Why a Pin is on hold."""

    ACCOUNT = "account"  # its Pinterest account is not connected
    LATE = "late"  # it missed its time by more than the workspace lets go out unasked
    SPAM = "spam"  # Pinterest took a Pin with the same destination for spam
    PERSON = "person"  # somebody said so


class PinKind(StrEnum):
    """What a Pin shows."""

    IMAGE = "image"
    CAROUSEL = "carousel"
    VIDEO = "video"


TRANSITIONS: dict[PinStatus, frozenset[PinStatus]] = {
    PinStatus.DRAFT: frozenset({PinStatus.SCHEDULED}),
    # An answer that comes after the Pin was planned once more: it is there. Failed before its
    # turn: Pinterest could not take its video.
    PinStatus.SCHEDULED: frozenset(
        {
            PinStatus.DRAFT,
            PinStatus.CLAIMED,
            PinStatus.HELD,
            PinStatus.PUBLISHED,
            PinStatus.FAILED,
        }
    ),
    PinStatus.CLAIMED: frozenset(
        {
            PinStatus.DRAFT,
            PinStatus.SCHEDULED,
            PinStatus.SENDING,
            PinStatus.HELD,
            PinStatus.FAILED,
            PinStatus.PUBLISHED,
        }
    ),
    PinStatus.SENDING: frozenset(
        {
            PinStatus.PUBLISHED,
            PinStatus.FAILED,
            PinStatus.UNCERTAIN,
            PinStatus.SCHEDULED,
            PinStatus.HELD,
        }
    ),
    PinStatus.UNCERTAIN: frozenset({PinStatus.PUBLISHED, PinStatus.SCHEDULED, PinStatus.DRAFT}),
    PinStatus.FAILED: frozenset({PinStatus.DRAFT, PinStatus.SCHEDULED}),
    PinStatus.HELD: frozenset({PinStatus.DRAFT, PinStatus.SCHEDULED}),
    PinStatus.PUBLISHED: frozenset(),
}
"""Where a Pin may go from each status. The database refuses every other change (see guards)."""

EDITABLE = frozenset(
    {PinStatus.DRAFT, PinStatus.SCHEDULED, PinStatus.CLAIMED, PinStatus.FAILED, PinStatus.HELD}
)
"""What people may change: all that has not been sent. A worker begins only on the very claim it was
given, so whoever changes a claimed Pin has ended that claim."""

MOVING = frozenset({PinStatus.CLAIMED, PinStatus.SENDING})
