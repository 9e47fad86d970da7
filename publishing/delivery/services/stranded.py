"""Pins that are planned for an account which somebody has disconnected: they are put on hold.

One that is lost is another matter: reconnected in time, its Pins go out as planned.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Connection, ConnectionStatus, User
from publishing.choices.events import EventKind
from publishing.choices.statuses import HoldReason, PinStatus
from publishing.delivery.services.claims import HELD_REMEDY, HELD_TEXT
from publishing.models import Pin
from publishing.pins.notifications import PIN_HELD
from publishing.pins.policy.prospects import PLANNED
from publishing.pins.services.events import note_all
from publishing.pins.services.telling import tell_of_pins

_AT_ONCE = 1000


def hold_planned_of(*, connection: Connection, by: User | None, now: datetime) -> int:
    """Put all planned Pins of an account on hold; returns how many.

    They keep their times, so that they can go out as planned when the account is back. One that is
    being sent is past holding.
    """
    return _hold(Pin.objects.filter(connection=connection), by=by, now=now)


def hold_planned_of_disconnected(*, now: datetime) -> int:
    """The same for all accounts that are disconnected: a Pin may have been planned meanwhile."""
    gone = Connection.objects.filter(status=ConnectionStatus.DISCONNECTED)
    ids = list(gone.values_list("pk", flat=True))
    return _hold(Pin.objects.filter(connection__in=ids), by=None, now=now) if ids else 0


def _hold(pins: QuerySet[Pin], *, by: User | None, now: datetime) -> int:
    held = 0
    with transaction.atomic():
        rows = pins.filter(status__in=PLANNED).order_by("pk").select_for_update(of=("self",))
        ids = list(rows.values_list("pk", flat=True))
        for first in range(0, len(ids), _AT_ONCE):
            some = ids[first : first + _AT_ONCE]
            held += Pin.objects.filter(pk__in=some, status__in=PLANNED).update(
                status=PinStatus.HELD,
                held_reason=HoldReason.ACCOUNT,
                due_at=None,
                claimed_at=None,
                problem=HELD_TEXT,
                remedy=HELD_REMEDY,
                updated_at=now,
            )
            text = "The Pinterest account was disconnected."
            note_all(pin_ids=some, kind=EventKind.HELD, by=by, now=now, text=text)
            tell_of_pins(PIN_HELD, pin_ids=some, by=by, now=now)
    return held
