"""The words about changes of many Pins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from publishing.bulk.policy.bulk import BulkAction, BulkOrder, Refusal
from publishing.bulk.services.bulk import shift_words

# Heading of the question, and what the button says.
ASKING: dict[BulkAction, tuple[str, str]] = {
    BulkAction.SHIFT: ("Move {}", "Move {}"),
    BulkAction.SPREAD: ("Give {} new times", "Give new times to {}"),
    BulkAction.HOLD: ("Put {} on hold?", "Put {} on hold"),
    BulkAction.RELEASE: ("Take {} off hold?", "Take {} off hold"),
    BulkAction.CANCEL: ("Make {} drafts again?", "Make {} drafts"),
    BulkAction.DELETE: ("Delete {}?", "Delete {}"),
    BulkAction.BOARD: ("Another board for {}", "Change the board of {}"),
}
EXPLAINING: dict[BulkAction, str] = {
    BulkAction.SHIFT: "Days keep the time on the clock. Pins on hold move too, and stay on hold.",
    BulkAction.SPREAD: (
        "They go out one after the other, in the order they are planned in now; drafts come last "
        "and are scheduled."
    ),
    BulkAction.HOLD: "They do not go out until somebody takes them off hold, and keep their time.",
    BulkAction.RELEASE: "They go out at the time they are planned for.",
    BulkAction.CANCEL: "They lose their time and wait among the drafts.",
    BulkAction.DELETE: "They are removed for everybody in this workspace. This can't be undone.",
    BulkAction.BOARD: "The rest of each Pin stays as it is, its time too.",
}
_DONE: dict[BulkAction, str] = {
    BulkAction.SPREAD: "{} got new times.",
    BulkAction.HOLD: "{} put on hold.",
    BulkAction.RELEASE: "{} taken off hold.",
    BulkAction.CANCEL: "{} made drafts.",
    BulkAction.DELETE: "{} deleted.",
}
REASONS: dict[Refusal, str] = {
    Refusal.SENDING: "being published right now",
    Refusal.UNCERTAIN: "being looked for at Pinterest",
    Refusal.PUBLISHED: "already on Pinterest",
    Refusal.NO_TIME: "without a time that could be moved",
    Refusal.PAST: "at a time that has passed or would have",
    Refusal.TOO_FAR: "too far ahead with the new time",
    Refusal.NOT_ON_HOLD: "not on hold",
    Refusal.HELD_OTHERWISE: "on hold for another reason; answer it on the page of Pins on hold",
    Refusal.NOT_SCHEDULED: "not scheduled",
    Refusal.IS_DRAFT: "already a draft",
    Refusal.NO_DRAFT: "not a draft",
    Refusal.INCOMPLETE: "without an account, a board or a picture",
    Refusal.NOT_CONNECTED: "of an account that is not connected",
    Refusal.OTHER_ACCOUNT: "of another account",
    Refusal.GONE: "deleted meanwhile",
}


def count_words(count: int) -> str:
    """`1 Pin`, `1,200 Pins`."""
    return "1 Pin" if count == 1 else f"{count:,} Pins"


def done_words(order: BulkOrder, count: int, *, board: str = "") -> str:
    """What a change did."""
    if order.action is BulkAction.SHIFT:
        return f"{count_words(count)} moved {shift_words(days=order.days, hours=order.hours)}."
    if order.action is BulkAction.BOARD:
        goes = "goes" if count == 1 else "go"
        return f"{count_words(count)} {goes} to {board} now."
    return _DONE[order.action].format(count_words(count))


def left_words(left: Iterable[tuple[UUID, Refusal]]) -> str:
    """How many were left alone, by reason; empty for none."""
    counts = Counter(reason for _, reason in left)
    if not counts:
        return ""
    total = sum(counts.values())
    reasons = "; ".join(f"{count} {REASONS[reason]}" for reason, count in counts.most_common())
    return f"{count_words(total)} {'was' if total == 1 else 'were'} left alone: {reasons}."
