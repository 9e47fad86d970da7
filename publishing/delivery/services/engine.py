"""Sending claimed Pins and writing down what came of it.

Rows are the truth. An attempt is committed when its request has a place to leave from, and before
it leaves; what a dead worker leaves behind is found by the age of its row (see `recovering`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import IntegrityError

from accounts.limits.counters import Granted, Wait
from accounts.models import RowId
from accounts.services.tokens import (
    ConnectionLost,
    TokensUnreadable,
    call_pinterest,
    token_of,
)
from accounts.wire import pinterest_app
from pinterest import types as wire
from pinterest.client import PinterestClient
from pinterest.errors import PinterestError, RefusalReason, Refused
from publishing.choices.statuses import PinStatus
from publishing.delivery.selectors.claimed import claimed_pin
from publishing.delivery.services.attempts import (
    LOOKING_REMEDY,
    claim_of,
    close_attempt,
    judge,
    mark_idle,
    mark_request_under_way,
    move,
    open_attempt,
    record_failure,
    record_published,
    send_of,
    stop_if_app_refused,
)
from publishing.delivery.services.claims import HELD_REMEDY, HELD_TEXT, give_back
from publishing.delivery.services.payload import VideoNotReady, make_draft
from publishing.delivery.services.send_permit import clearance
from publishing.delivery.services.video_upload import PREPARING_REMEDY, PREPARING_TEXT
from publishing.media.policy.uploads import WAIT_FOR_VIDEO
from publishing.models import Attempt, Board, Pin
from publishing.pins.policy.failures import Verdict
from publishing.pins.services.time_scale import CLAIM_LEASE, SENDING_LEASE

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]

TWIN_TEXT = "Pinterest named a Pin that PinApp has on record for another Pin just like this one."
MISSING_TEXT = "The picture of this Pin can't be read from PinApp's storage."
MISSING_REMEDY = "Add the picture again, then schedule the Pin."


# Beside them some threads prepare the next Pins, to be sent when a place is free, and write down
# the last ones.
PLACES = threading.BoundedSemaphore(settings.SENDS_AT_ONCE)
_FRESH = SENDING_LEASE / 30


@dataclass(frozen=True, slots=True)
class _Ready:
    """What is to be sent, and a token to send it with."""

    draft: wire.PinDraft
    token: str


class _Place:
    """One of the places for requests under way. Taken anew for each request of a send."""

    def __init__(self) -> None:
        self._is_taken = False

    def take(self, *, patience: timedelta | None = None) -> bool:
        """Wait for a place, unless this one is taken already; False when none got free in time."""
        if not self._is_taken:
            seconds = None if patience is None else patience.total_seconds()
            self._is_taken = PLACES.acquire(timeout=seconds)
        return self._is_taken

    def leave(self) -> None:
        """Make room for another; what follows an answer needs no place."""
        if self._is_taken:
            self._is_taken = False
            PLACES.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.leave()


class _SendOver(Exception):
    """Recovery took this worker for dead; what it has not sent yet must not go out any more."""


@dataclass(slots=True)
class _Request:
    """The request of an attempt, which is made again with a new token where the first was dead."""

    attempt: Attempt
    draft: wire.PinDraft
    place: _Place
    clock: Clock

    def make(self, client: PinterestClient) -> wire.Pin:
        """Ask Pinterest for the Pin, from a place. Raises _SendOver and what the client raises."""
        self.place.take()
        # A worker that stood still, or waited for a token, may have been taken for dead meanwhile.
        stood_still = self.clock() - self.attempt.started_at > _FRESH
        if stood_still or self.attempt.idle_since is not None:
            self._begin_again()
        try:
            return client.create_pin(self.draft)
        except Refused as error:
            # That refusal proves that there is no Pin; the new token may take its time.
            if error.reason is RefusalReason.TOKEN_DEAD:
                mark_idle(self.attempt, now=self.clock())
            raise
        finally:
            self.place.leave()

    def _begin_again(self) -> None:
        if not mark_request_under_way(self.attempt):
            raise _SendOver


_Answer = wire.Pin | PinterestError | ConnectionLost | _SendOver


def publish(*, pin_id: str, worker: str, clock: Clock) -> Board | None:
    """Send one claimed Pin and record what came of it. Does nothing if it is not claimed.

    Returns the board where the next Pin's turn is now; None where this one keeps its own.
    """
    claimed = claimed_pin(pin_id, app_id=pinterest_app().app_id)
    if claimed is None:
        return None
    pin = claimed.pin
    if claimed.is_stopped:
        give_back(claim_of(pin))
        return None
    ready = _prepare(pin, clock=clock)
    if ready is None or pin.board is None:
        return pin.board
    with _Place() as place:
        # A claim lives no longer than this: who waits on would hold up its successor.
        if not place.take(patience=CLAIM_LEASE):
            give_back(claim_of(pin))
            return None
        with clearance(pin.board) as granted:
            if isinstance(granted, Wait):
                # Its turn in the line is kept: those behind it on its board wait with it.
                give_back(claim_of(pin))
                return None
            # Nothing but the request comes after this: what waits for a place has no attempt yet.
            attempt = open_attempt(claimed, ready.draft, worker=worker, now=clock())
            if attempt is None:
                return pin.board  # somebody stopped or changed it meanwhile
            request = _Request(attempt, ready.draft, place, clock)
            answer = _send(pin, ready, request, granted, clock=clock)
    _write_down(pin, attempt, answer, now=clock())
    return pin.board


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


def _send(pin: Pin, ready: _Ready, request: _Request, granted: Granted, *, clock: Clock) -> _Answer:
    try:
        return call_pinterest(
            connection_id=_connection_id(pin),
            now=clock(),
            call=request.make,
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


def _words_of(error: ConnectionLost) -> tuple[str, str]:
    """What a Pin on hold says of its account, and what to do."""
    if isinstance(error, TokensUnreadable):
        return error.message, error.remedy
    return HELD_TEXT, HELD_REMEDY


def _connection_id(pin: Pin) -> RowId:
    if pin.connection_id is None:
        raise TypeError("the database keeps Pins without an account out of the queue")
    return pin.connection_id
