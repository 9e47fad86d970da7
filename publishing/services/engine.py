"""Sending claimed Pins and writing down what came of it.

Rows are the truth. An attempt is committed before the request leaves; what a dead worker leaves
behind is found by the age of its row.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.limits import Granted, Wait
from accounts.models import RowId
from accounts.services.tokens import (
    ConnectionLost,
    TokensUnreadable,
    call_pinterest,
    token_of,
)
from pinterest import types as wire
from pinterest.client import PinterestClient
from pinterest.errors import PinterestError
from publishing.models import Attempt, Pin
from publishing.policy.failures import Verdict
from publishing.policy.statuses import PinStatus
from publishing.policy.uploads import WAIT_FOR_VIDEO
from publishing.services.claims import HELD_REMEDY, HELD_TEXT, give_back
from publishing.services.clearance import clearance
from publishing.services.drafting import VideoNotReady, make_draft
from publishing.services.lease import SENDING_LEASE, first_look_at
from publishing.services.ledger import (
    LOOKING_REMEDY,
    claim_of,
    claimed_pin,
    close_attempt,
    judge,
    move,
    open_attempt,
    record_failure,
    record_published,
    send_of,
    stop_if_app_refused,
)
from publishing.services.preparing import PREPARING_REMEDY, PREPARING_TEXT

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]

TWIN_TEXT = "Pinterest named a Pin that PinApp has on record for another Pin just like this one."
MISSING_TEXT = "The picture of this Pin can't be read from PinApp's storage."
MISSING_REMEDY = "Add the picture again, then schedule the Pin."


# Beside them some threads prepare the next Pins, with all but the request itself behind them, and
# write down the last ones.
_SENDS = threading.BoundedSemaphore(settings.SENDS_AT_ONCE)
_FRESH = SENDING_LEASE / 30


@dataclass(frozen=True, slots=True)
class _Ready:
    """What is to be sent, and a token to send it with."""

    draft: wire.PinDraft
    token: str


class _SendOver(Exception):
    """Recovery took this worker for dead; what it has not sent yet must not go out any more."""


_Answer = wire.Pin | PinterestError | ConnectionLost | _SendOver


def mark_abandoned_sends(*, now: datetime) -> int:
    """Sends whose worker died may have created a Pin: uncertain. Returns how many."""
    stale = Pin.objects.filter(status=PinStatus.SENDING, sending_since__lt=now - SENDING_LEASE)
    return sum(_abandon(pin_id, now=now) for pin_id in stale.values_list("pk", flat=True))


def publish(*, pin_id: str, worker: str, clock: Clock) -> None:
    """Send one claimed Pin and record what came of it. Does nothing if it is not claimed."""
    claimed = claimed_pin(pin_id)
    if claimed is None:
        return
    pin = claimed.pin
    if claimed.is_stopped:
        give_back(claim_of(pin))
        return
    ready = _prepare(pin, clock=clock)
    if ready is None or pin.board is None:
        return
    with clearance(pin.board) as granted:
        if isinstance(granted, Wait):
            # Its place in the line is kept: those behind it on its board wait with it.
            give_back(claim_of(pin))
            return
        attempt = open_attempt(claimed, ready.draft, worker=worker, now=clock())
        if attempt is None:
            return
        answer = _send(pin, ready, attempt, granted, clock=clock)
    _write_down(pin, attempt, answer, now=clock())


def _prepare(pin: Pin, *, clock: Clock) -> _Ready | None:
    """What is to be sent, with a token at hand; None when the Pin had to be settled instead.

    Ahead of the attempt: a token that can't be renewed is no attempt at publishing.
    """
    settle = partial(move, claim_of(pin))
    try:
        if pin.connection is None:
            raise TypeError("the database keeps Pins without an account out of the queue")
        token = token_of(pin.connection, now=clock())
        return _Ready(make_draft(pin), token)
    except ConnectionLost as error:
        settle(Verdict(PinStatus.HELD), *_words_of(error), now=clock())
    except PinterestError as error:
        now = clock()
        stop_if_app_refused(error, now=now)
        settle(judge(pin, error, now=now), error.message, error.remedy, now=now)
    except VideoNotReady:
        verdict = Verdict(PinStatus.SCHEDULED, due_at=clock() + WAIT_FOR_VIDEO)
        settle(verdict, PREPARING_TEXT, PREPARING_REMEDY, now=clock())
    except OSError:
        settle(Verdict(PinStatus.FAILED), MISSING_TEXT, MISSING_REMEDY, now=clock())
    return None


def _send(pin: Pin, ready: _Ready, attempt: Attempt, granted: Granted, *, clock: Clock) -> _Answer:
    try:
        return call_pinterest(
            connection_id=_connection_id(pin),
            now=clock(),
            call=partial(_create_if_ours, attempt=attempt, draft=ready.draft, clock=clock),
            granted=granted,
            token=ready.token,
        )
    except (_SendOver, ConnectionLost, PinterestError) as error:
        return error


def _write_down(pin: Pin, attempt: Attempt, answer: _Answer, *, now: datetime) -> None:
    if isinstance(answer, _SendOver):
        logger.warning("send_over attempt=%s", attempt.pk)
    elif isinstance(answer, ConnectionLost):
        close_attempt(attempt, Attempt.Outcome.REFUSED, message=str(answer), now=now)
        move(send_of(attempt), Verdict(PinStatus.HELD), *_words_of(answer), now=now)
    elif isinstance(answer, PinterestError):
        record_failure(pin, attempt, answer, now=now)
    else:
        _record_created(pin, attempt, answer, now=now)


def _record_created(pin: Pin, attempt: Attempt, created: wire.Pin, *, now: datetime) -> None:
    try:
        record_published(pin, attempt, created, now=now)
    except IntegrityError:
        # A twin whose answer was lost has been given this Pin; its own is on the board too.
        logger.warning("pin_given_to_its_twin attempt=%s pinterest_id=%s", attempt.pk, created.id)
        close_attempt(attempt, Attempt.Outcome.UNCERTAIN, message=TWIN_TEXT, now=now)
        move(send_of(attempt), Verdict(PinStatus.UNCERTAIN), TWIN_TEXT, LOOKING_REMEDY, now=now)


def _create_if_ours(
    client: PinterestClient, *, attempt: Attempt, draft: wire.PinDraft, clock: Clock
) -> wire.Pin:
    with _SENDS:
        # Only a send that waited long, for a new token perhaps, can have been taken for dead.
        if clock() - attempt.started_at > _FRESH and not send_of(attempt).exists():
            raise _SendOver
        return client.create_pin(draft)


def _words_of(error: ConnectionLost) -> tuple[str, str]:
    """What a Pin on hold says of its account, and what to do."""
    if isinstance(error, TokensUnreadable):
        return error.message, error.remedy
    return HELD_TEXT, HELD_REMEDY


def _connection_id(pin: Pin) -> RowId:
    if pin.connection_id is None:
        raise TypeError("the database keeps Pins without an account out of the queue")
    return pin.connection_id


@transaction.atomic
def _abandon(pin_id: RowId, *, now: datetime) -> int:
    moved = Pin.objects.filter(
        pk=pin_id, status=PinStatus.SENDING, sending_since__lt=now - SENDING_LEASE
    ).update(
        status=PinStatus.UNCERTAIN,
        due_at=first_look_at(now),
        sending_since=None,
        problem="PinApp was interrupted while it was talking to Pinterest.",
        remedy=LOOKING_REMEDY,
        updated_at=now,
    )
    if moved != 1:
        return 0  # its worker answered after all, and the open attempt may be a later one
    Attempt.objects.filter(pin_id=pin_id, outcome=Attempt.Outcome.OPEN).update(
        outcome=Attempt.Outcome.UNCERTAIN,
        finished_at=now,
        message="The worker stopped before Pinterest's answer was recorded.",
    )
    return moved
