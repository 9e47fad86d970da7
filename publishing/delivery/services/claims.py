"""Taking due Pins in hand, and giving back what nobody began on.

A claim is a conditional UPDATE that one worker wins; nothing has been sent while a Pin is claimed.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection as database
from django.db import transaction
from django.db.models import QuerySet

from accounts.limits.counters import free_capacity
from accounts.models import Connection, ConnectionStatus
from accounts.selectors import account_ids
from accounts.wire import pinterest_app
from publishing.choices.events import EventKind
from publishing.choices.statuses import HoldReason, PinStatus
from publishing.delivery.policy import fair_share
from publishing.delivery.selectors.fair_share import due_and_in_hand
from publishing.delivery.selectors.functions import TAKE, TAKE_NEXT
from publishing.delivery.services.send_permit import CATEGORY
from publishing.models import Board, Pin
from publishing.pins.notifications import PIN_HELD
from publishing.pins.services.events import note_all
from publishing.pins.services.telling import tell_of_pins
from publishing.pins.services.time_scale import CLAIM_LEASE, GAP

_HELD_AT_ONCE = 1000
"""Pins put on hold in one transaction; the others are held a second later."""

HELD_TEXT = "The Pinterest account is not connected, so this Pin waits."
HELD_REMEDY = "Reconnect the account, then publish the Pin or give it a new time."


def claim_due(*, now: datetime, limit: int) -> list[str]:
    """Take up to `limit` due Pins in hand; returns their ids in the order to send them.

    One of each board, as many of each account as its rate limits have room for, and shared out
    so that no account waits behind another's many. None while Pinterest refuses this server's app.
    """
    due, in_hand = due_and_in_hand(now=now, app_id=pinterest_app().app_id)
    first = fair_share.first_of_each_board(due, in_hand)
    if not first:
        return []
    accounts = account_ids(pin.connection_id for pin in first)
    free = free_capacity(accounts.values(), CATEGORY)
    # Two workspaces may both see the room of one account: who comes second waits for clearance.
    room = {connection_id: free[account_id] for connection_id, account_id in accounts.items()}
    chosen = fair_share.share_out(first, in_hand=in_hand, free=room, limit=limit)
    won = _take_in_hand([pin.pin_id for pin in chosen], now=now)
    return [pin.pin_id for pin in chosen if pin.pin_id in won]


def claim_next(board: Board, *, now: datetime) -> str | None:
    """Take the next due Pin of a board in hand once the one before is done; returns its id.

    The board's next does not wait for a tick. It does where that would be at others' cost, or what
    a tick does before its claims is still to be done: while many Pins are in hand, after an outage.
    """
    app_id, most = pinterest_app().app_id, fair_share.MOST_FOLLOWING
    with database.cursor() as cursor:
        cursor.execute(TAKE_NEXT, [board.pinterest_id, now, app_id, most, now - GAP])
        row = cursor.fetchone()
    return row[0] if row else None


def _take_in_hand(pin_ids: list[str], *, now: datetime) -> set[str]:
    """Claim those of the Pins that nobody has claimed, stopped or moved since they were read."""
    if not pin_ids:
        return set()
    # One text, which the driver quotes twenty times as fast as a list.
    ids = f"{{{','.join(pin_ids)}}}"
    with database.cursor() as cursor:
        cursor.execute(TAKE, [ids, now])
        return {row[0] for row in cursor.fetchall()}


def hold_due_without_connection(*, now: datetime) -> int:
    """Put due Pins of lost accounts on hold instead of letting them fail; returns how many."""
    lost = Connection.objects.exclude(status=ConnectionStatus.ACTIVE)
    lost_ids = list(lost.values_list("pk", flat=True))
    if not lost_ids:
        return 0
    due = Pin.objects.filter(
        status=PinStatus.SCHEDULED, due_at__lte=now, connection_id__in=lost_ids
    ).order_by("pk")
    with transaction.atomic():
        ids = list(due.select_for_update().values_list("pk", flat=True)[:_HELD_AT_ONCE])
        Pin.objects.filter(pk__in=ids, status=PinStatus.SCHEDULED).update(
            status=PinStatus.HELD,
            held_reason=HoldReason.ACCOUNT,
            due_at=None,
            problem=HELD_TEXT,
            remedy=HELD_REMEDY,
            updated_at=now,
        )
        note_all(pin_ids=ids, kind=EventKind.HELD, by=None, now=now, text=HELD_TEXT)
        tell_of_pins(PIN_HELD, pin_ids=ids, now=now)
    return len(ids)


def give_back_stale_claims(*, now: datetime) -> int:
    """Claims that no worker began on are due again; nothing had been sent. Returns how many."""
    return give_back(Pin.objects.filter(status=PinStatus.CLAIMED, claimed_at__lt=now - CLAIM_LEASE))


def give_back(claimed: QuerySet[Pin]) -> int:
    """Put claimed Pins back in the line, in their old places; returns how many."""
    return claimed.update(status=PinStatus.SCHEDULED, claimed_at=None)
