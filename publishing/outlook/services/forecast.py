"""When it will be known what becomes of a Pin that waits by design."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.limits.counters import room_at
from accounts.selectors import account_id_of
from publishing.choices.statuses import PinStatus
from publishing.delivery.services.send_permit import CATEGORY
from publishing.models import Pin
from publishing.pins.policy.prospects import PLANNED
from publishing.reconcile.policy.board_checks import ResendAllowed, foresee
from publishing.reconcile.services.reconcile import history_of


@dataclass(frozen=True, slots=True)
class Foreseen:
    """When it is known at the latest; `sent_again` says that the Pin is sent once more then."""

    at: datetime
    sent_again: bool


def foresee_end(pin: Pin, *, now: datetime) -> Foreseen | None:
    """How the looking for a Pin in doubt ends if it is not found; None where nobody looks."""
    if pin.status != PinStatus.UNCERTAIN or pin.question:
        return None
    attempt = pin.attempts.order_by("-number").first()
    if attempt is None or pin.scheduled_at is None:
        return None
    attempt.pin = pin
    known = history_of(attempt)
    at, step = foresee(
        known.looks,
        first_uncertain_at=known.since,
        now=known.unhurried(now),
        resends=known.resends,
        was_fault=known.was_fault,
    )
    return Foreseen(at=known.hurried(at), sent_again=isinstance(step, ResendAllowed))


def room_for(pin: Pin, *, now: datetime) -> datetime | None:
    """When Pinterest's limits have room for a Pin that is due; None where they do not hold it."""
    is_due = pin.status in PLANNED and pin.due_at is not None and pin.due_at <= now
    if not is_due or pin.connection_id is None:
        return None
    return room_at(account_id=account_id_of(pin.connection_id), category=CATEGORY, now=now)
