"""Finding the sends that a dead worker left behind, by the age of their rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import RowId
from publishing.choices.statuses import PinStatus
from publishing.delivery.services.attempts import LOOKING_REMEDY
from publishing.models import Attempt, Pin
from publishing.pins.services.time_scale import SENDING_LEASE, first_look_at

INTERRUPTED_TEXT = "PinApp was interrupted while it was talking to Pinterest."
_UNKNOWN = "The worker stopped before Pinterest's answer was recorded."
_NOT_SENT = "The worker stopped while no request was under way."


@dataclass(frozen=True, slots=True)
class Recovered:
    """How many Pins are uncertain now, and how many are due again."""

    uncertain: int
    due_again: int


def recover_abandoned_sends(*, now: datetime) -> Recovered:
    """Take the Pins whose worker died while it was sending them out of its hands.

    One whose request was under way may be at Pinterest: it is uncertain. One that provably waited
    between two requests goes back to its place in the line.
    """
    stale = list(_stale(now=now).values_list("pk", flat=True))
    found = Counter(_recover(pin_id, now=now) for pin_id in stale)
    return Recovered(found[PinStatus.UNCERTAIN], found[PinStatus.SCHEDULED])


def _stale(*, now: datetime) -> QuerySet[Pin]:
    return Pin.objects.filter(status=PinStatus.SENDING, sending_since__lt=now - SENDING_LEASE)


@transaction.atomic
def _recover(pin_id: RowId, *, now: datetime) -> PinStatus | None:
    """What became of the Pin; None where its worker answered after all."""
    row = _stale(now=now).filter(pk=pin_id)
    if not row.select_for_update().values_list("pk", flat=True):
        return None  # and the open attempt may be a later one
    open_attempts = Attempt.objects.filter(pin_id=pin_id, outcome=Attempt.Outcome.OPEN)
    # Whoever would send another request asks the very row that this writes.
    idle = open_attempts.filter(idle_since__isnull=False)
    if idle.update(outcome=Attempt.Outcome.UNAVAILABLE, finished_at=now, message=_NOT_SENT):
        row.update(status=PinStatus.SCHEDULED, sending_since=None, updated_at=now)
        return PinStatus.SCHEDULED
    row.update(
        status=PinStatus.UNCERTAIN,
        due_at=first_look_at(now),
        sending_since=None,
        problem=INTERRUPTED_TEXT,
        remedy=LOOKING_REMEDY,
        updated_at=now,
    )
    open_attempts.update(outcome=Attempt.Outcome.UNCERTAIN, finished_at=now, message=_UNKNOWN)
    return PinStatus.UNCERTAIN
