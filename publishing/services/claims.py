"""Taking due Pins in hand, and giving back what nobody began on.

A claim is a conditional UPDATE that one worker wins; nothing has been sent while a Pin is claimed.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection as database
from django.db import transaction

from accounts.models import ConnectionStatus
from publishing.models import Pin
from publishing.policy.statuses import HoldReason, PinStatus
from publishing.services.lease import CLAIM_LEASE
from publishing.services.stops import current_stop

HELD_TEXT = "The Pinterest account is not connected, so this Pin waits."
HELD_REMEDY = "Reconnect the account, then publish the Pin or give it a new time."


def claim_due(*, now: datetime, limit: int) -> list[str]:
    """Take up to `limit` due Pins in hand, longest due first; returns their ids.

    None while Pinterest refuses this server's app.
    """
    if current_stop() is not None:
        return []
    with transaction.atomic():
        due = Pin.objects.filter(
            status=PinStatus.SCHEDULED,
            due_at__lte=now,
            connection__status=ConnectionStatus.ACTIVE,
        ).order_by("due_at", "id")
        if database.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        ids = list(due.values_list("pk", flat=True)[:limit])
        # Conditional all the same: SQLite has no row locks, and two schedulers may be running.
        Pin.objects.filter(pk__in=ids, status=PinStatus.SCHEDULED).update(
            status=PinStatus.CLAIMED, claimed_at=now
        )
    return [str(pk) for pk in ids]


def hold_due_without_connection(*, now: datetime) -> int:
    """Put due Pins of lost accounts on hold instead of letting them fail; returns how many."""
    return (
        Pin.objects.filter(status=PinStatus.SCHEDULED, due_at__lte=now)
        .exclude(connection__status=ConnectionStatus.ACTIVE)
        .update(
            status=PinStatus.HELD,
            held_reason=HoldReason.ACCOUNT,
            due_at=None,
            problem=HELD_TEXT,
            remedy=HELD_REMEDY,
            updated_at=now,
        )
    )


def give_back_stale_claims(*, now: datetime) -> int:
    """Claims that no worker began on are due again; nothing had been sent. Returns how many."""
    return Pin.objects.filter(status=PinStatus.CLAIMED, claimed_at__lt=now - CLAIM_LEASE).update(
        status=PinStatus.SCHEDULED, claimed_at=None
    )
