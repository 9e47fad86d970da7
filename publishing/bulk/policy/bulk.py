"""Which of many Pins can take a change, and at which times they would go out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from publishing.choices.statuses import HoldReason, PinStatus
from publishing.schedule.policy.moves import stays_held
from publishing.schedule.policy.times import (
    MissingHour,
    is_past,
    is_too_far_ahead,
    resolve_local_time,
    second_of,
)

BULK_LIMIT: Final = 5000
"""Pins in one change: more than that are narrowed down first."""


class BulkAction(StrEnum):
    """What can be done to many Pins at once."""

    SHIFT = "shift"
    SPREAD = "spread"
    HOLD = "hold"
    RELEASE = "release"
    CANCEL = "cancel"
    DELETE = "delete"
    BOARD = "board"


class Refusal(StrEnum):
    """Why a Pin is left alone."""

    SENDING = "sending"
    UNCERTAIN = "uncertain"
    PUBLISHED = "published"
    NO_TIME = "no_time"
    PAST = "past"
    TOO_FAR = "too_far"
    NOT_ON_HOLD = "not_on_hold"
    HELD_OTHERWISE = "held_otherwise"
    NOT_SCHEDULED = "not_scheduled"
    IS_DRAFT = "is_draft"
    NO_DRAFT = "no_draft"
    INCOMPLETE = "incomplete"
    NOT_CONNECTED = "not_connected"
    OTHER_ACCOUNT = "other_account"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class BulkRow:
    """What decides about one Pin."""

    pin_id: UUID
    status: str
    held_reason: str
    scheduled_at: datetime | None
    connection_id: UUID | None
    account_works: bool
    is_complete: bool

    @property
    def keeps_hold(self) -> bool:
        """Whether it stays on hold when it gets another time."""
        return stays_held(
            status=self.status, held_reason=self.held_reason, account_works=self.account_works
        )


@dataclass(frozen=True, slots=True)
class BulkOrder:
    """A change of many Pins.

    SHIFT moves by `days` on the calendar and `hours` of real time; SPREAD gives times from `start`
    on, `step` apart; BOARD needs the account `connection_id` that the new board belongs to.
    """

    action: BulkAction
    days: int = 0
    hours: int = 0
    start: datetime | None = None
    step: timedelta = timedelta()
    connection_id: UUID | None = None


@dataclass(slots=True)
class Verdict:
    """Who takes a change, with the new times where there are any, and who is left alone and why."""

    taken: list[BulkRow] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    left: list[tuple[UUID, Refusal]] = field(default_factory=list)


_OUT_OF_OUR_HANDS = {
    PinStatus.SENDING: Refusal.SENDING,
    PinStatus.UNCERTAIN: Refusal.UNCERTAIN,
    PinStatus.PUBLISHED: Refusal.PUBLISHED,
}
_WAITING = {PinStatus.SCHEDULED, PinStatus.CLAIMED}


def judge(rows: Sequence[BulkRow], order: BulkOrder, *, now: datetime, zone: str) -> Verdict:
    """Decide about each of `rows`, in the order in which they would go out."""
    verdict = Verdict()
    for row in rows:
        reason = refusal_of(row, order, now=now)
        at = None
        if reason is None and order.action in {BulkAction.SHIFT, BulkAction.SPREAD}:
            at = _new_time(row, order, place=len(verdict.taken), zone=zone)
            reason = _refusal_of_time(at, now=now)
        if reason is not None:
            verdict.left.append((row.pin_id, reason))
            continue
        verdict.taken.append(row)
        if at is not None:
            verdict.times.append(at)
    return verdict


def refusal_of(row: BulkRow, order: BulkOrder, *, now: datetime) -> Refusal | None:
    """Why a Pin can't take a change, whatever time it would get; None when it can."""
    status = PinStatus(row.status)
    if status in _OUT_OF_OUR_HANDS:
        return _OUT_OF_OUR_HANDS[status]
    if order.action is BulkAction.RELEASE:
        return _refusal_of_release(row, now=now)
    if order.action is BulkAction.SPREAD:
        # What is on its way already may move while its account is lost: it waits in its turn.
        stays = status in _WAITING or row.keeps_hold
        return None if stays else _lacks_something(row)
    refused = {
        BulkAction.SHIFT: (row.scheduled_at is None or status is PinStatus.FAILED, Refusal.NO_TIME),
        BulkAction.HOLD: (status not in _WAITING, Refusal.NOT_SCHEDULED),
        BulkAction.CANCEL: (status is PinStatus.DRAFT, Refusal.IS_DRAFT),
        BulkAction.DELETE: (status is not PinStatus.DRAFT, Refusal.NO_DRAFT),
        BulkAction.BOARD: (
            order.connection_id is not None and row.connection_id != order.connection_id,
            Refusal.OTHER_ACCOUNT,
        ),
    }
    is_refused, reason = refused[order.action]
    return reason if is_refused else None


def _refusal_of_release(row: BulkRow, *, now: datetime) -> Refusal | None:
    if row.status != PinStatus.HELD:
        return Refusal.NOT_ON_HOLD
    if row.held_reason != HoldReason.PERSON:
        return Refusal.HELD_OTHERWISE
    if row.scheduled_at is None or is_past(row.scheduled_at, now=now):
        return Refusal.PAST
    return _lacks_something(row)


def _lacks_something(row: BulkRow) -> Refusal | None:
    if not row.is_complete:
        return Refusal.INCOMPLETE
    return None if row.account_works else Refusal.NOT_CONNECTED


def _refusal_of_time(at: datetime, *, now: datetime) -> Refusal | None:
    if is_past(at, now=now):
        return Refusal.PAST
    return Refusal.TOO_FAR if is_too_far_ahead(at, now=now) else None


def _new_time(row: BulkRow, order: BulkOrder, *, place: int, zone: str) -> datetime:
    if order.action is BulkAction.SPREAD:
        assert order.start is not None  # noqa: S101 - narrows for the type checker
        return order.start + order.step * place
    assert row.scheduled_at is not None  # noqa: S101 - refusal_of has seen to it
    return shifted(row.scheduled_at, days=order.days, hours=order.hours, zone=zone)


def shifted(at: datetime, *, days: int, hours: int, zone: str) -> datetime:
    """An instant some days on by the calendar, then some hours on by a stopwatch.

    A day keeps the time on the clock; where that does not exist on the new day, the next one that
    does is taken.
    """
    local = at.astimezone(ZoneInfo(zone))
    wall = local.replace(tzinfo=None, fold=0) + timedelta(days=days)
    if days == 0:
        return at + timedelta(hours=hours)
    try:
        resolved = resolve_local_time(wall, zone=zone)
    except MissingHour as missing:
        resolved = resolve_local_time(missing.next_valid, zone=zone)
    instant = resolved.instant
    if local.fold and resolved.doubled:
        instant = second_of(wall, zone=zone)
    return instant + timedelta(hours=hours)
