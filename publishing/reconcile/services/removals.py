"""Pins that are no longer at Pinterest: deleted from here, or taken down there.

The row stays either way: its id must stay known, so that settling never takes the Pin for another.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice

from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import ConnectionStatus, RowId, User
from accounts.services.tokens import ConnectionLost, call_pinterest
from pinterest.client import PinterestClient
from pinterest.errors import PinterestError, RefusalReason, Refused, Trouble, Unavailable
from publishing.choices.events import EventKind
from publishing.choices.statuses import PinStatus
from publishing.models import Pin
from publishing.pins.notifications import PIN_GONE
from publishing.pins.services.events import note
from publishing.pins.services.telling import tell_of_pins
from publishing.reconcile.policy.removals import (
    ASKED_AT_MOST,
    BOARDS_AT_ONCE,
    LISTED_AT_MOST,
    LOOK_EVERY,
    PINS_AT_ONCE,
)

logger = logging.getLogger(__name__)

NOT_THERE = "This Pin is not on Pinterest, so there is nothing to delete there."
UNKNOWN = (
    "Pinterest did not say whether the Pin was deleted. Delete it once more: if it is gone "
    "already, that does no harm."
)
_NO_ANSWER = {Trouble.TIMED_OUT, Trouble.DROPPED, Trouble.SERVER_ERROR, Trouble.BAD_ANSWER}
_NO_BOARD = {RefusalReason.BOARD_GONE, RefusalReason.BOARD_NOT_PERMITTED, RefusalReason.NOT_FOUND}


class DeletionFailed(Exception):
    """The Pin is still at Pinterest, or may be; the text says what happened and what to do."""


@dataclass(frozen=True, slots=True)
class BoardToLookAt:
    """A board with published Pins that should be looked for."""

    connection_id: str
    board_pk: str


def delete_at_pinterest(*, pin: Pin, by: User, now: datetime) -> bool:
    """Delete a published Pin at Pinterest; False when it was gone already. Raises DeletionFailed.

    Asking twice ends where asking once does, so an unknown outcome may simply be asked again.
    """
    if pin.status != PinStatus.PUBLISHED or pin.removed_at or pin.connection_id is None:
        raise DeletionFailed(NOT_THERE)
    try:
        call_pinterest(
            connection_id=pin.connection_id,
            now=now,
            call=partial(PinterestClient.delete_pin, pin_id=pin.pinterest_id),
        )
    except Refused as refused:
        if refused.reason is not RefusalReason.PIN_GONE:
            raise DeletionFailed(f"The Pin was not deleted. {refused}") from refused
        _mark_removed(pin, EventKind.GONE_AT_PINTEREST, by=None, now=now)
        return False
    except Unavailable as unavailable:
        text = UNKNOWN if unavailable.reason in _NO_ANSWER else f"Not deleted. {unavailable}"
        raise DeletionFailed(text) from unavailable
    except PinterestError as error:
        raise DeletionFailed(UNKNOWN) from error
    except ConnectionLost as lost:
        raise DeletionFailed(f"The Pin was not deleted. {lost}") from lost
    _mark_removed(pin, EventKind.DELETED_AT_PINTEREST, by=by, now=now)
    return True


@transaction.atomic
def _mark_removed(pin: Pin, kind: EventKind, *, by: User | None, now: datetime) -> None:
    """Once: the first to learn of it writes it down."""
    row = Pin.objects.filter(pk=pin.pk, status=PinStatus.PUBLISHED, removed_at=None)
    if row.update(removed_at=now, seen_at=now, updated_at=now):
        note(pin_id=pin.pk, kind=kind, by=by, now=now)
        if kind is EventKind.GONE_AT_PINTEREST:
            tell_of_pins(PIN_GONE, pin_ids=[pin.pk], by=by, now=now)
        logger.info("pin_removed pin=%s kind=%s", pin.pk, kind)


def boards_to_look_at(*, now: datetime) -> list[BoardToLookAt]:
    """Boards whose Pins were not looked for the longest, one of each account."""
    rows = (
        _due(now=now)
        .filter(connection__status=ConnectionStatus.ACTIVE, board__isnull=False)
        .values("connection_id", "board_id")
        .annotate(oldest=Min(Coalesce("seen_at", "published_at")))
        .order_by("oldest")
    )
    chosen: dict[str, BoardToLookAt] = {}
    for row in rows[: BOARDS_AT_ONCE * 10]:
        account = str(row["connection_id"])
        chosen.setdefault(account, BoardToLookAt(account, str(row["board_id"])))
    return list(chosen.values())[:BOARDS_AT_ONCE]


def look_for_removed(*, connection_id: RowId, board_pk: str | int, now: datetime) -> None:
    """Look whether a board's published Pins are still there, in as few calls as that takes.

    Only Pinterest's word that it knows a Pin no more counts: a list without it, or one that
    fails, is no evidence. The turn counts as a look whatever comes of it, so that a board that
    can't be read does not keep others from theirs.
    """
    turn = _take_turn(connection_id, board_pk, now=now)
    if not turn:
        return
    wanted = {pin.pinterest_id: pin for pin in turn}
    try:
        listed = _list_board(connection_id, turn[0], set(wanted), now=now)
        missing = [pin for pinterest_id, pin in wanted.items() if pinterest_id not in listed]
        for pin in missing[:ASKED_AT_MOST]:
            if _is_gone(connection_id, pin, now=now):
                _mark_removed(pin, EventKind.GONE_AT_PINTEREST, by=None, now=now)
    except (PinterestError, ConnectionLost) as error:
        logger.info("removed_not_looked_for board=%s %s", board_pk, error)
        return
    for pin in missing[ASKED_AT_MOST:]:
        Pin.objects.filter(pk=pin.pk, removed_at=None).update(seen_at=pin.seen_at)


def _due(*, now: datetime) -> QuerySet[Pin]:
    """Published Pins that were last looked for longer ago than fits their age."""
    due, younger = Q(pk__in=[]), now
    for age, every in LOOK_EVERY:
        since_long = Q(seen_at__lte=now - every) | Q(seen_at=None, published_at__lte=now - every)
        due |= Q(published_at__gt=now - age, published_at__lte=younger) & since_long
        younger = now - age
    return Pin.objects.filter(
        due,
        status=PinStatus.PUBLISHED,
        removed_at=None,
        published_at__gt=now - LOOK_EVERY[-1][0],
    )


def _take_turn(connection_id: RowId, board_pk: str | int, *, now: datetime) -> list[Pin]:
    """The Pins to look for, marked as looked for: one worker looks."""
    with transaction.atomic():
        due = (
            _due(now=now)
            .select_for_update(of=("self",))
            .filter(connection_id=connection_id, board_id=board_pk)
            .order_by(Coalesce("seen_at", "published_at"), "pk")
        )
        turn = list(due[:PINS_AT_ONCE])
        Pin.objects.filter(pk__in=[pin.pk for pin in turn]).update(seen_at=now)
    boards = Pin.objects.select_related("board").in_bulk([pin.pk for pin in turn[:1]])
    for pin in turn[:1]:
        pin.board = boards[pin.pk].board
    return turn


def _list_board(
    connection_id: RowId, one: Pin, wanted: Collection[str], *, now: datetime
) -> set[str]:
    """Ids of the wanted Pins that the board's list shows; none for a board that is gone."""
    if one.board is None:
        return set()
    try:
        return call_pinterest(
            connection_id=connection_id,
            now=now,
            call=partial(_read_list, board_id=one.board.pinterest_id, wanted=wanted),
        )
    except Refused as refused:
        if refused.reason in _NO_BOARD:
            return set()
        raise


def _read_list(client: PinterestClient, *, board_id: str, wanted: Collection[str]) -> set[str]:
    left = set(wanted)
    for listed in islice(client.iter_board_pins(board_id, page_size=250), LISTED_AT_MOST):
        left.discard(listed.id)
        if not left:
            break
    return set(wanted) - left


def _is_gone(connection_id: RowId, pin: Pin, *, now: datetime) -> bool:
    """Whether Pinterest says that it knows the Pin no more. Raises what proves nothing."""
    try:
        call_pinterest(
            connection_id=connection_id,
            now=now,
            call=partial(PinterestClient.get_pin, pin_id=pin.pinterest_id),
        )
    except Refused as refused:
        return refused.reason is RefusalReason.PIN_GONE
    return False
