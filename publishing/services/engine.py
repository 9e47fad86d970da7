"""Sending claimed Pins and writing down what came of it.

Rows are the truth. An attempt is committed before the request leaves; what a dead worker leaves
behind is found by the age of its row.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from accounts.models import RowId
from accounts.services.tokens import (
    ConnectionLost,
    TokensUnreadable,
    call_pinterest,
    usable_access_token,
)
from accounts.wire import pin_page_url
from pinterest import types as wire
from pinterest.client import PinterestClient
from pinterest.errors import PinterestError, Refused, Unavailable
from publishing.models import Attempt, Pin
from publishing.policy.failures import APP_LEVEL, Verdict, judge_failure
from publishing.policy.statuses import HoldReason, PinStatus
from publishing.services.claims import HELD_REMEDY, HELD_TEXT
from publishing.services.drafting import make_draft
from publishing.services.lease import SENDING_LEASE, first_look_at
from publishing.services.stops import current_stop, stop_publishing

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]

LOOKING_REMEDY = "PinApp looks at the board by itself to find out whether the Pin is there."
MISSING_TEXT = "The picture of this Pin can't be read from PinApp's storage."
MISSING_REMEDY = "Add the picture again, then schedule the Pin."
_LARGEST_CODE = 2**31 - 1


def mark_abandoned_sends(*, now: datetime) -> int:
    """Sends whose worker died may have created a Pin: uncertain. Returns how many."""
    stale = Pin.objects.filter(status=PinStatus.SENDING, sending_since__lt=now - SENDING_LEASE)
    return sum(_abandon(pin_id, now=now) for pin_id in stale.values_list("pk", flat=True))


def publish(*, pin_id: str, worker: str, clock: Clock) -> None:
    """Send one claimed Pin and record what came of it. Does nothing if it is not claimed."""
    if current_stop() is not None:
        Pin.objects.filter(pk=pin_id, status=PinStatus.CLAIMED).update(
            status=PinStatus.SCHEDULED, claimed_at=None
        )
        return
    pin = (
        Pin.objects.select_related("connection", "board", "section", "media")
        .filter(pk=pin_id, status=PinStatus.CLAIMED)
        .first()
    )
    if pin is None:
        return
    draft = _prepare(pin, clock=clock)
    attempt = draft and _open_attempt(pin, draft, worker=worker, now=clock())
    if draft and attempt:
        _send(pin, draft, attempt, clock=clock)


def _prepare(pin: Pin, *, clock: Clock) -> wire.PinDraft | None:
    """What is to be sent, with a token at hand; None when the Pin had to be settled instead.

    Ahead of the attempt: a token that can't be renewed is no attempt at publishing.
    """
    settle = partial(_move, _claim_of(pin))
    try:
        usable_access_token(connection_id=_connection_id(pin), now=clock())
        return make_draft(pin)
    except ConnectionLost as error:
        settle(Verdict(PinStatus.HELD), *_words_of(error), now=clock())
    except PinterestError as error:
        now = clock()
        _stop_if_app_refused(error, now=now)
        settle(_judge(pin, error, tries=1, now=now), error.message, error.remedy, now=now)
    except OSError:
        settle(Verdict(PinStatus.FAILED), MISSING_TEXT, MISSING_REMEDY, now=clock())
    return None


def _send(pin: Pin, draft: wire.PinDraft, attempt: Attempt, *, clock: Clock) -> None:
    try:
        created = call_pinterest(
            connection_id=_connection_id(pin),
            now=clock(),
            call=partial(_create_if_ours, attempt=attempt, draft=draft),
        )
    except _SendOver:
        logger.warning("send_over attempt=%s", attempt.pk)
    except ConnectionLost as error:
        _close_attempt(attempt, Attempt.Outcome.REFUSED, message=str(error), now=clock())
        _move(_send_of(attempt), Verdict(PinStatus.HELD), *_words_of(error), now=clock())
    except PinterestError as error:
        _record_failure(pin, attempt, error, now=clock())
    else:
        _record_published(pin, attempt, created, now=clock())


class _SendOver(Exception):
    """Recovery took this worker for dead; what it has not sent yet must not go out any more."""


def _create_if_ours(client: PinterestClient, *, attempt: Attempt, draft: wire.PinDraft) -> wire.Pin:
    if not _send_of(attempt).exists():
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


def _open_attempt(pin: Pin, draft: wire.PinDraft, *, worker: str, now: datetime) -> Attempt | None:
    """Commit the attempt and the state SENDING; None when the claim was no longer ours."""
    with transaction.atomic():
        won = _claim_of(pin).update(status=PinStatus.SENDING, sending_since=now, claimed_at=None)
        if won != 1:
            return None
        last = pin.attempts.aggregate(last=Max("number"))["last"] or 0
        return Attempt.objects.create(
            pin=pin,
            number=last + 1,
            worker=worker,
            fingerprint=_fingerprint(draft),
            board_id=draft.board_id,
            section_id=draft.board_section_id or "",
            started_at=now,
        )


def _fingerprint(draft: wire.PinDraft) -> str:
    body = json.dumps(draft.to_json(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(body.encode()).hexdigest()


@transaction.atomic
def _record_published(pin: Pin, attempt: Attempt, created: wire.Pin, *, now: datetime) -> None:
    _close_attempt(attempt, Attempt.Outcome.PUBLISHED, message="", now=now)
    Pin.objects.filter(pk=pin.pk, status__in=[PinStatus.SENDING, PinStatus.UNCERTAIN]).update(
        status=PinStatus.PUBLISHED,
        published_at=now,
        pinterest_id=created.id,
        pinterest_url=pin_page_url(created.id),
        due_at=None,
        sending_since=None,
        question="",
        problem="",
        remedy="",
        updated_at=now,
    )
    logger.info("pin_published pin=%s pinterest_id=%s", pin.pk, created.id)


@transaction.atomic
def _record_failure(pin: Pin, attempt: Attempt, error: PinterestError, *, now: datetime) -> None:
    _close_attempt(
        attempt,
        _outcome_of(error),
        message=error.message,
        now=now,
        http_status=error.status,
        code=_storable(error.code),
        rid=error.rid or "",
    )
    _stop_if_app_refused(error, now=now)
    verdict = _judge(pin, error, tries=_tries(pin), now=now)
    remedy = LOOKING_REMEDY if verdict.status is PinStatus.UNCERTAIN else error.remedy
    _move(_send_of(attempt), verdict, error.message, remedy, now=now)
    logger.warning("pin_not_published pin=%s verdict=%s rid=%s", pin.pk, verdict.status, error.rid)


def _stop_if_app_refused(error: PinterestError, *, now: datetime) -> None:
    if isinstance(error, Refused) and error.reason in APP_LEVEL:
        stop_publishing(refusal=error, now=now)


def _judge(pin: Pin, error: PinterestError, *, tries: int, now: datetime) -> Verdict:
    scheduled_at = pin.scheduled_at or now
    return judge_failure(error, tries=tries, scheduled_at=scheduled_at, now=now)


def _tries(pin: Pin) -> int:
    """How often the Pin was tried since it was last planned: a new plan is a new start."""
    planned = pin.attempts.filter(started_at__gte=pin.scheduled_at)
    held_back = Q(outcome=Attempt.Outcome.UNAVAILABLE, http_status=None, code=None)
    return max(planned.exclude(held_back).count(), 1)


def _storable(code: int | None) -> int | None:
    """Pinterest's number, unless it is none that its column holds."""
    return code if code is None or abs(code) <= _LARGEST_CODE else None


def _outcome_of(error: PinterestError) -> Attempt.Outcome:
    if isinstance(error, Refused):
        return Attempt.Outcome.REFUSED
    if isinstance(error, Unavailable):
        return Attempt.Outcome.UNAVAILABLE
    return Attempt.Outcome.UNCERTAIN


def _close_attempt(
    attempt: Attempt, outcome: Attempt.Outcome, *, message: str, now: datetime, **answer: object
) -> None:
    """Write a result once; a result that is there stays."""
    Attempt.objects.filter(pk=attempt.pk, outcome=Attempt.Outcome.OPEN).update(
        outcome=outcome, finished_at=now, message=message[:1000], **answer
    )


def _claim_of(pin: Pin) -> QuerySet[Pin]:
    """The Pin's row for as long as it is in the very claim it was read in.

    The time counts too: a claim that was given back may have been taken anew, with other words.
    """
    return Pin.objects.filter(pk=pin.pk, status=PinStatus.CLAIMED, claimed_at=pin.claimed_at)


def _send_of(attempt: Attempt) -> QuerySet[Pin]:
    """The row of the attempt's Pin for as long as this attempt is what it is sending."""
    return Pin.objects.filter(
        pk=attempt.pin_id, status=PinStatus.SENDING, sending_since=attempt.started_at
    )


def _move(
    row: QuerySet[Pin], verdict: Verdict, problem: str, remedy: str, *, now: datetime
) -> None:
    """Move a Pin on from what `row` finds it in, if it still is."""
    row.update(
        status=verdict.status,
        held_reason=HoldReason.ACCOUNT if verdict.status is PinStatus.HELD else "",
        due_at=first_look_at(now) if verdict.status is PinStatus.UNCERTAIN else verdict.due_at,
        claimed_at=None,
        sending_since=None,
        problem=problem[:1000],
        remedy=remedy[:1000],
        updated_at=now,
    )


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
