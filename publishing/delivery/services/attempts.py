"""Writing down what a worker does with a Pin: the claim it holds, the attempt, what came of it.

Each step is a conditional UPDATE on the very claim or attempt that it belongs to, so that a worker
taken for dead changes nothing any more.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection as database
from django.db import transaction
from django.db.models import Count, Min, QuerySet

from accounts.wire import pin_page_url
from pinterest import types as wire
from pinterest.errors import PinterestError, RefusalReason, Refused, Unavailable
from publishing.choices.events import EventKind
from publishing.choices.statuses import HoldReason, PinStatus
from publishing.delivery.selectors.claimed import ClaimedPin
from publishing.delivery.selectors.functions import BEGIN, END
from publishing.delivery.services.spam import hold_same_destination
from publishing.delivery.services.stops import stop_publishing
from publishing.delivery.services.video_upload import forget_upload
from publishing.models import Attempt, Pin
from publishing.pins.notifications import PIN_FAILED, PIN_HELD
from publishing.pins.policy.failures import APP_LEVEL, Verdict, judge_failure
from publishing.pins.services.events import note_all
from publishing.pins.services.telling import tell_of_pins
from publishing.pins.services.time_scale import first_look_at

logger = logging.getLogger(__name__)

LOOKING_REMEDY = "PinApp looks at the board by itself to find out whether the Pin is there."
_TOLD = {PinStatus.HELD: PIN_HELD, PinStatus.FAILED: PIN_FAILED}
_LARGEST_CODE = 2**31 - 1
_SLOW_DOWN = 429


def open_attempt(
    claimed: ClaimedPin, draft: wire.PinDraft, *, worker: str, now: datetime
) -> Attempt | None:
    """Commit the attempt and the state SENDING; None when the claim was no longer ours."""
    pin = claimed.pin
    attempt = Attempt(
        pin=pin,
        # Whoever holds the claim is the only one to count on.
        number=claimed.attempts + 1,
        worker=worker,
        fingerprint=_fingerprint(draft),
        board_id=draft.board_id,
        section_id=draft.board_section_id or "",
        started_at=now,
    )
    return attempt if _begin(attempt, pin) else None


def mark_idle(attempt: Attempt, *, now: datetime) -> None:
    """Write down that no request of this attempt is under way, nor can have made a Pin."""
    attempt.idle_since = now
    Attempt.objects.filter(pk=attempt.pk, outcome=Attempt.Outcome.OPEN).update(idle_since=now)


def mark_request_under_way(attempt: Attempt) -> bool:
    """Commit that a request leaves now; False when recovery took this worker for dead."""
    attempt.idle_since = None
    still_ours = Attempt.objects.filter(pk=attempt.pk, outcome=Attempt.Outcome.OPEN)
    return still_ours.update(idle_since=None) == 1


def _begin(attempt: Attempt, pin: Pin) -> bool:
    """In one round trip, for it is made while a place at Pinterest waits."""
    words: list[Any] = [
        *(attempt.started_at, pin.pk, pin.claimed_at),
        *(attempt.number, attempt.worker, attempt.fingerprint),
        *(attempt.board_id, attempt.section_id),
    ]
    with database.cursor() as cursor:
        cursor.execute(BEGIN, words)
        (attempt.pk,) = cursor.fetchone()
    return attempt.pk is not None


def _fingerprint(draft: wire.PinDraft) -> str:
    return hashlib.sha256(msgspec.json.encode(draft.to_json(), order="sorted")).hexdigest()


def record_published(pin: Pin, attempt: Attempt, created: wire.Pin, *, now: datetime) -> None:
    """Keep Pinterest's id. An answer that came very late still counts: the Pin is there.

    Raises IntegrityError for an id that the records have already.
    """
    with database.cursor() as cursor:
        made = (created.id, pin_page_url(created.id))
        cursor.execute(END, [now, attempt.pk, *made, pin.pk, pin.scheduled_at])
    logger.info("pin_published pin=%s pinterest_id=%s", pin.pk, created.id)


@transaction.atomic
def record_failure(pin: Pin, attempt: Attempt, error: PinterestError, *, now: datetime) -> None:
    close_attempt(
        attempt,
        _outcome_of(error),
        message=error.message,
        now=now,
        http_status=error.status,
        code=_storable(error.code),
        rid=error.rid or "",
    )
    stop_if_app_refused(error, now=now)
    if isinstance(error, Refused) and error.reason is RefusalReason.SPAM:
        hold_same_destination(pin=pin, now=now)
    if isinstance(error, Refused) and error.reason is RefusalReason.MEDIA_GONE:
        forget_upload(pin)
    verdict = judge(pin, error, now=now)
    remedy = LOOKING_REMEDY if verdict.status is PinStatus.UNCERTAIN else error.remedy
    move(send_of(attempt), verdict, error.message, remedy, now=now)
    logger.warning("pin_not_published pin=%s verdict=%s rid=%s", pin.pk, verdict.status, error.rid)


def stop_if_app_refused(error: PinterestError, *, now: datetime) -> None:
    if isinstance(error, Refused) and error.reason in APP_LEVEL:
        stop_publishing(refusal=error, now=now)


def judge(pin: Pin, error: PinterestError, *, now: datetime) -> Verdict:
    """What follows from an error, by how often and since when the Pin was tried in vain.

    Counted since it was last planned: a new plan is a new start. An answer that only asks to slow
    down is no try.
    """
    tried = pin.attempts.filter(started_at__gte=pin.scheduled_at, outcome=_outcome_of(error))
    facts = tried.exclude(http_status=_SLOW_DOWN).aggregate(
        tries=Count("pk"), since=Min("started_at")
    )
    return judge_failure(
        error, tries=max(facts["tries"], 1), tried_since=facts["since"] or now, now=now
    )


def _storable(code: int | None) -> int | None:
    """Pinterest's number, unless it is none that its column holds."""
    return code if code is None or abs(code) <= _LARGEST_CODE else None


def _outcome_of(error: PinterestError) -> Attempt.Outcome:
    if isinstance(error, Refused):
        return Attempt.Outcome.REFUSED
    if isinstance(error, Unavailable):
        return Attempt.Outcome.UNAVAILABLE
    return Attempt.Outcome.UNCERTAIN


def close_attempt(
    attempt: Attempt, outcome: Attempt.Outcome, *, message: str, now: datetime, **answer: object
) -> None:
    """Write a result once; a result that is there stays."""
    Attempt.objects.filter(pk=attempt.pk, outcome=Attempt.Outcome.OPEN).update(
        outcome=outcome, finished_at=now, message=message[:1000], **answer
    )


def claim_of(pin: Pin) -> QuerySet[Pin]:
    """The Pin's row for as long as it is in the very claim it was read in.

    The time counts too: a claim that was given back may have been taken anew, with other words.
    """
    return Pin.objects.filter(pk=pin.pk, status=PinStatus.CLAIMED, claimed_at=pin.claimed_at)


def send_of(attempt: Attempt) -> QuerySet[Pin]:
    """The row of the attempt's Pin for as long as this attempt is what it is sending."""
    return Pin.objects.filter(
        pk=attempt.pin_id, status=PinStatus.SENDING, sending_since=attempt.started_at
    )


@transaction.atomic
def move(row: QuerySet[Pin], verdict: Verdict, problem: str, remedy: str, *, now: datetime) -> None:
    """Move a Pin on from what `row` finds it in, if it still is; a hold goes into its history.

    People are told where it is theirs to go on.
    """
    kind = _TOLD.get(verdict.status)
    pin_ids = list(row.values_list("pk", flat=True)) if kind else []
    moved = row.update(
        status=verdict.status,
        held_reason=HoldReason.ACCOUNT if verdict.status is PinStatus.HELD else "",
        due_at=first_look_at(now) if verdict.status is PinStatus.UNCERTAIN else verdict.due_at,
        claimed_at=None,
        sending_since=None,
        problem=problem[:1000],
        remedy=remedy[:1000],
        updated_at=now,
    )
    if not (kind and moved):
        return
    if verdict.status is PinStatus.HELD:
        note_all(pin_ids=pin_ids, kind=EventKind.HELD, by=None, now=now, text=problem)
    tell_of_pins(kind, pin_ids=pin_ids, now=now)
