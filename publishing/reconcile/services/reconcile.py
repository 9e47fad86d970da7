"""Finding out what became of Pins whose attempt ended without an answer.

The board is listed and compared with what was sent; nothing is sent from here. What the looks
prove is written down look by look, and acted on by the policy in `looks` and `matching`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import RowId
from accounts.services.tokens import ConnectionLost, call_pinterest
from accounts.wire import pin_page_url
from pinterest import types as wire
from pinterest.client import PinterestClient
from pinterest.errors import PinterestError, Trouble, Unavailable
from publishing.choices.board_checks import LookResult
from publishing.choices.statuses import PinStatus
from publishing.delivery.services.payload import shape_of
from publishing.models import Attempt, Look, Pin
from publishing.pins.notifications import PIN_ASKS
from publishing.pins.services.telling import tell_of_pins
from publishing.pins.services.time_scale import LOOK_LEASE, PACE
from publishing.reconcile.policy import board_checks, matching
from publishing.reconcile.policy.board_checks import AskPerson, LookAt, NextStep
from publishing.reconcile.policy.matching import Found, Match, Sent, Several

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]

FIRST_WAIT_S = 30.0
"""After a rate limit that names no time."""

FAULT_STATUS = 400
"""What Pinterest answers with "Something went wrong on our end": any other 400 is a refusal."""

WHOLE_BOARD = ""
"""The section id of an attempt at no section, and the place where all of a board is listed."""

ASKING_TEXT = "PinApp could not find out by itself whether this Pin is on Pinterest."
ASKING_REMEDY = "Look at the board, then answer the question on this page."
RESEND_TEXT = "PinApp looked at the board several times: the Pin is not there."
RESEND_REMEDY = "It is sent again by itself."


@dataclass(frozen=True, slots=True)
class BoardToSettle:
    """A board that must be looked at: whose, and Pinterest's id of it."""

    connection_id: str
    board_id: str


@dataclass(frozen=True, slots=True)
class _Listing:
    """What a look at a board brought; `problem` says why it brought nothing."""

    found: tuple[Found, ...] = ()
    end_reached: bool = False
    problem: str = ""
    held_back_s: float = 0.0


def boards_to_settle(*, now: datetime) -> list[BoardToSettle]:
    """Boards with Pins whose next look is due."""
    rows = _due(now=now).values_list("connection_id", "board__pinterest_id").distinct()
    return [BoardToSettle(str(connection_id), board_id) for connection_id, board_id in rows]


def _due(*, now: datetime) -> QuerySet[Pin]:
    """Pins whose next look is due; one with neither time nor question was never looked for."""
    never_looked_for = Q(due_at=None, question="")
    return Pin.objects.filter(Q(due_at__lte=now) | never_looked_for, status=PinStatus.UNCERTAIN)


def settle_board(*, connection_id: RowId, board_id: str, clock: Clock) -> None:
    """Look at one board for all of its Pins that are due, and act on what it shows."""
    began_at = clock()
    turn = _take_turn(connection_id, board_id, now=began_at)
    attempts = _attempts_in_doubt(board_id)
    looking_for = [
        attempt
        for attempt in attempts
        if attempt.pin_id in turn and not _is_out_of_looks(attempt, now=began_at)
    ]
    if not looking_for:
        return
    begun = {attempt.pk: _begin_look(attempt, now=began_at) for attempt in looking_for}
    # The board besides its sections: somebody may have moved the Pin out of one.
    listings = {
        section: _list_pins(connection_id, board_id, section, looking_for, now=clock())
        for section in {WHOLE_BOARD, *(attempt.section_id for attempt in looking_for)}
    }
    with transaction.atomic():
        # The list's head was read at the start: what has come up since it may not show.
        _act_on_look(begun, board_id, listings, now=began_at)


def _take_turn(connection_id: RowId, board_id: str, *, now: datetime) -> set[UUID]:
    """The Pins whose look is due, put off meanwhile: one worker looks, a dead one's turn ends."""
    with transaction.atomic():
        due = (
            _due(now=now)
            .select_for_update(of=("self",))
            .filter(connection_id=connection_id, board__pinterest_id=board_id)
        )
        turn = set(due.values_list("pk", flat=True))
        Pin.objects.filter(pk__in=turn).update(due_at=now + LOOK_LEASE)
    return turn


def _attempts_in_doubt(board_id: str) -> list[Attempt]:
    """The last attempts of all Pins on the board that may have made one, whoever sent them."""
    doubtful = Pin.objects.filter(
        status__in=[PinStatus.SENDING, PinStatus.UNCERTAIN], board__pinterest_id=board_id
    )
    attempts = Attempt.objects.filter(pin__in=doubtful).select_related(
        "pin", "pin__media", "pin__video"
    )
    last: dict[RowId, Attempt] = {}
    for attempt in attempts.order_by("number"):
        last[attempt.pin_id] = attempt
    return list(last.values())


def _list_pins(
    connection_id: RowId,
    board_id: str,
    section_id: str,
    attempts: Sequence[Attempt],
    *,
    now: datetime,
) -> _Listing:
    sent = [
        _sent(attempt) for attempt in attempts if section_id in {WHOLE_BOARD, attempt.section_id}
    ]
    try:
        return call_pinterest(
            connection_id=connection_id,
            now=now,
            call=partial(_read_back, board_id=board_id, section_id=section_id, sent=sent),
        )
    except Unavailable as error:
        held_back = error.reason is Trouble.RATE_LIMITED
        wait = (error.retry_after or FIRST_WAIT_S) if held_back else 0.0
        return _Listing(problem=str(error), held_back_s=wait)
    except (PinterestError, ConnectionLost) as error:
        return _Listing(problem=str(error))


def _read_back(
    client: PinterestClient, *, board_id: str, section_id: str, sent: Iterable[Sent]
) -> _Listing:
    """Read the newest Pins until every attempt's own would have been among them."""
    found: list[Found] = []
    for pin in client.iter_board_pins(board_id, section_id or None):
        found.append(_found(pin))
        if all(matching.listing_is_conclusive(found, end_reached=False, sent=s) for s in sent):
            return _Listing(found=tuple(found))
    return _Listing(found=tuple(found), end_reached=True)


def _act_on_look(
    begun: dict[int, Look], board_id: str, listings: dict[str, _Listing], *, now: datetime
) -> None:
    """Compare and act. The ledger is read after the listing: what is listed is in it by then."""
    list(
        Pin.objects.select_for_update()
        .filter(status__in=[PinStatus.SENDING, PinStatus.UNCERTAIN], board__pinterest_id=board_id)
        .order_by("pk")
        .values_list("pk")
    )
    attempts = _attempts_in_doubt(board_id)
    found = {pin.pinterest_id: pin for each in listings.values() for pin in each.found}
    owned = set(
        Pin.objects.filter(pinterest_id__in=list(found)).values_list("pinterest_id", flat=True)
    )
    findings = matching.match_all([_sent(a) for a in attempts], found.values(), owned)
    for attempt in attempts:
        if attempt.pk in begun and attempt.pin.is_in_doubt:
            places = [listings[place] for place in {WHOLE_BOARD, attempt.section_id}]
            _write_down(begun[attempt.pk], attempt, findings[attempt.pk], places, now=now)


def _write_down(
    look: Look,
    attempt: Attempt,
    finding: matching.Finding,
    places: list[_Listing],
    *,
    now: datetime,
) -> None:
    if isinstance(finding, Match):
        _finish_look(look, "match", [finding.pinterest_id])
        adopt(pin=attempt.pin, pinterest_id=finding.pinterest_id, now=now)
        return
    held_back = max((place.held_back_s for place in places), default=0.0)
    if held_back:
        # Our own limits let no call out: that was no look.
        look.delete()
        _take_step(attempt, LookAt(now + timedelta(seconds=held_back)), now=now)
        return
    _finish_look(
        look,
        _result_of(attempt, finding, places),
        list(finding.pinterest_ids) if isinstance(finding, Several) else [],
        note=" ".join(sorted({place.problem for place in places if place.problem})),
    )
    _take_step(attempt, _next_step(attempt, now=now), now=now)


def _result_of(attempt: Attempt, finding: matching.Finding, places: list[_Listing]) -> LookResult:
    if any(place.problem for place in places):
        return LookResult.INCONCLUSIVE
    if isinstance(finding, Several):
        return LookResult.SEVERAL
    sent = _sent(attempt)
    conclusive = all(
        matching.listing_is_conclusive(place.found, end_reached=place.end_reached, sent=sent)
        for place in places
    )
    return LookResult.NOTHING if conclusive else LookResult.INCONCLUSIVE


def _is_out_of_looks(attempt: Attempt, *, now: datetime) -> bool:
    """Ask where looking has had its chances, those that its worker did not survive included."""
    step = _next_step(attempt, now=now)
    if not isinstance(step, AskPerson):
        return False
    _take_step(attempt, step, now=now)
    return True


def _begin_look(attempt: Attempt, *, now: datetime) -> Look:
    """Written down before it is made: a look that kills its worker counts too."""
    return Look.objects.create(
        attempt=attempt,
        looked_at=now,
        result=LookResult.INCONCLUSIVE,
        note="This look was not finished.",
    )


def _finish_look(look: Look, result: str, candidates: list[str], *, note: str = "") -> None:
    look.result, look.candidates, look.note = result, candidates, note[:1000]
    look.save(update_fields=["result", "candidates", "note"])


def _next_step(attempt: Attempt, *, now: datetime) -> NextStep:
    """Ask the policy, whose minutes are this installation's minutes times its pace."""
    known = history_of(attempt)
    step = board_checks.next_look(
        known.looks,
        first_uncertain_at=known.since,
        now=known.unhurried(now),
        resends=known.resends,
        was_fault=known.was_fault,
    )
    if isinstance(step, LookAt):
        return LookAt(known.hurried(step.when))
    return step


@dataclass(frozen=True, slots=True)
class History:
    """What the policy of looks decides by: an attempt in doubt, and the looks for it so far.

    `looks` are at the policy's pace, in which minutes are minutes.
    """

    looks: list[board_checks.Look]
    since: datetime
    resends: int
    was_fault: bool

    def unhurried(self, moment: datetime) -> datetime:
        """A moment of this installation at the policy's pace."""
        return self.since + (moment - self.since) / PACE

    def hurried(self, moment: datetime) -> datetime:
        """The other way round."""
        return self.since + (moment - self.since) * PACE


def history_of(attempt: Attempt) -> History:
    """What is known of an attempt in doubt; two queries."""
    since = attempt.finished_at or attempt.started_at
    earlier = Attempt.objects.filter(
        pin_id=attempt.pin_id,
        outcome=Attempt.Outcome.UNCERTAIN,
        number__lt=attempt.number,
        started_at__gte=attempt.pin.scheduled_at,
    )
    known = History(
        looks=[],
        since=since,
        resends=earlier.count(),
        was_fault=attempt.http_status == FAULT_STATUS,
    )
    known.looks.extend(
        board_checks.Look(known.unhurried(look.looked_at), LookResult(look.result))
        for look in attempt.looks.order_by("looked_at", "pk")
    )
    return known


@transaction.atomic
def _take_step(attempt: Attempt, step: NextStep, *, now: datetime) -> None:
    # Where another worker has asked meanwhile, only an answer or a match goes on.
    row = Pin.objects.filter(pk=attempt.pin_id, status=PinStatus.UNCERTAIN, question="")
    if isinstance(step, LookAt):
        row.update(due_at=step.when)
    elif isinstance(step, AskPerson):
        asked = row.update(
            due_at=None,
            question=step.reason,
            problem=ASKING_TEXT,
            remedy=ASKING_REMEDY,
            updated_at=now,
        )
        if asked:
            tell_of_pins(PIN_ASKS, pin_ids=[attempt.pin_id], now=now)
    else:
        row.update(
            status=PinStatus.SCHEDULED,
            due_at=now,
            problem=RESEND_TEXT,
            remedy=RESEND_REMEDY,
            updated_at=now,
        )
        logger.info("pin_sent_once_more pin=%s", attempt.pin_id)


def adopt(*, pin: Pin, pinterest_id: str, now: datetime) -> bool:
    """Take a Pin at Pinterest for ours; False when the Pin was settled otherwise meanwhile."""
    adopted = Pin.objects.filter(pk=pin.pk, status=PinStatus.UNCERTAIN).update(
        status=PinStatus.PUBLISHED,
        published_at=now,
        pinterest_id=pinterest_id,
        pinterest_url=pin_page_url(pinterest_id),
        due_at=None,
        question="",
        problem="",
        remedy="",
        updated_at=now,
    )
    logger.info("pin_adopted pin=%s pinterest_id=%s", pin.pk, pinterest_id)
    return adopted == 1


def _sent(attempt: Attempt) -> Sent:
    """What an attempt sent: its Pin can't have changed since."""
    pin = attempt.pin
    width, height = shape_of(pin) or (None, None)
    first = pin.attempts.filter(started_at__gte=pin.scheduled_at).order_by("number").first()
    return Sent(
        attempt_id=attempt.pk,
        board_id=attempt.board_id,
        section_id=attempt.section_id or None,
        title=pin.title,
        description=pin.description,
        link=pin.link,
        alt_text=pin.alt_text,
        width=width,
        height=height,
        dominant_color=pin.media.dominant_color if pin.media else None,
        started_at=(first or attempt).started_at,
        finished_at=attempt.finished_at,
        fingerprint=attempt.fingerprint,
    )


def _found(pin: wire.Pin) -> Found:
    return Found(
        pinterest_id=pin.id,
        board_id=pin.board_id,
        section_id=pin.board_section_id,
        title=pin.title,
        description=pin.description,
        link=pin.link,
        alt_text=pin.alt_text,
        sizes=tuple((image.width, image.height) for image in pin.images),
        dominant_color=pin.dominant_color,
        created_at=pin.created_at,
    )
