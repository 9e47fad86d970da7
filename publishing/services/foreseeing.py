"""When it will be known what became of a Pin whose fate is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from publishing.models import Pin
from publishing.policy.looks import ResendAllowed, foresee
from publishing.policy.statuses import PinStatus
from publishing.services.settling import history_of


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
