"""What comes before due Pins are claimed: noticing an outage, and who must be asked first."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from publishing.delivery.services.lateness import hold_too_late, may_be_too_late, take_up_late
from publishing.models import HandOut
from publishing.pins.policy import lateness
from publishing.pins.selectors.stops import current_stop
from publishing.pins.services.time_scale import GAP, PACE

_REMEMBER_EVERY = timedelta(seconds=5) * PACE
"""The row is written this often; each second would be a write for nothing."""


def treat_late_pins(*, now: datetime) -> None:
    """Before each claim: spread what an outage made late, hold what is too late to go out unasked.

    While all publishing is stopped Pins keep their place; what they missed is treated when it
    goes on.
    """
    last = HandOut.objects.filter(pk=HandOut.ONLY).values_list("last_at", flat=True).first()
    # A clock that was put back makes the difference negative: then it is remembered anew.
    if last is None or not timedelta(0) <= now - last < _REMEMBER_EVERY:
        _remember(now=now)
    if may_be_too_late(now=now) and current_stop() is None:
        hold_too_late(now=now)


@transaction.atomic
def _remember(*, now: datetime) -> None:
    """Write down that Pins are handed out now, and treat an outage before; once for all workers."""
    row, is_new = HandOut.objects.select_for_update().get_or_create(
        pk=HandOut.ONLY, defaults={"last_at": now}
    )
    if is_new:
        return
    since, row.last_at = row.last_at, now
    row.save(update_fields=["last_at"])
    if lateness.was_silent(last=since, now=now, gap=GAP) and current_stop() is None:
        take_up_late(since=since, now=now)
