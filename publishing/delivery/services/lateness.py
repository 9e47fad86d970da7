"""What becomes of Pins that missed their time: they are spread from now on, or held for approval.

The rows are locked while they are moved, so each is moved once however many schedulers there are.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.db.models import (
    Case,
    DurationField,
    ExpressionWrapper,
    F,
    IntegerField,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast

from accounts.models import ConnectionStatus, Workspace
from accounts.moments import moment_words
from publishing.choices import bounds
from publishing.choices.events import EventKind
from publishing.choices.statuses import HoldReason, PinStatus
from publishing.models import LateWay, Pin, PublishingPreferences
from publishing.pins.notifications import PIN_LATE
from publishing.pins.policy import lateness
from publishing.pins.policy.lateness import Waiting
from publishing.pins.selectors.preferences import preferences_of
from publishing.pins.services.events import note_all
from publishing.pins.services.telling import tell_of_pins
from publishing.pins.services.time_scale import PACE

logger = logging.getLogger(__name__)

_HOUR = timedelta(hours=1) * PACE
_BATCH = 1000
_HOLD_HOURS = "workspace__publishing_preferences__late_hold_hours"


def may_be_too_late(*, now: datetime) -> bool:
    """Whether some Pin is later than any workspace could ask for: one look at a small index."""
    return Pin.objects.filter(
        status=PinStatus.SCHEDULED, scheduled_at__lt=now - lateness.SHORTEST_HOLD * PACE
    ).exists()


def hold_too_late(*, now: datetime) -> int:
    """Hold due Pins that are later than their workspace lets go out unasked; returns how many.

    What another round has in hand at the same moment is left to that round.
    """
    held = 0
    while some := _hold_some(now=now):
        held += some
    if held:
        logger.warning("late_pins_held count=%s", held)
    return held


def take_up_late(*, since: datetime, now: datetime) -> int:
    """Do with due Pins what their workspaces want after an interruption; returns how many moved.

    `since` is when the interruption began. Call it inside the transaction that makes sure that
    nobody else does the same.
    """
    hold_too_late(now=now)
    due = Pin.objects.filter(status=PinStatus.SCHEDULED, due_at__lte=now)
    with_due = due.order_by().values("workspace").distinct()
    moved = sum(
        _spread(workspace, since=since, now=now)
        for workspace in Workspace.objects.filter(pk__in=with_due).order_by("pk")
    )
    logger.warning("late_pins_spread count=%s silent_s=%d", moved, (now - since).total_seconds())
    return moved


def _too_late(now: datetime) -> QuerySet[Pin]:
    """Due Pins beyond what their workspace allows; those of one that never asks are not among them.

    The plain bound on `scheduled_at` repeats part of the exact one: it is what the index can use.
    """
    hold_after = Case(
        When(workspace__publishing_preferences=None, then=Value(bounds.HOLD_HOURS * _HOUR)),
        default=ExpressionWrapper(
            Cast(F(_HOLD_HOURS), IntegerField()) * Value(_HOUR), output_field=DurationField()
        ),
        output_field=DurationField(),
    )
    return Pin.objects.alias(hold_after=hold_after).filter(
        status=PinStatus.SCHEDULED,
        due_at__lte=now,
        scheduled_at__lt=now - lateness.SHORTEST_HOLD * PACE,
        # Compared by way of an alias, which keeps the workspaces without a row of preferences.
        hold_after__lt=Value(now) - F("scheduled_at"),
    )


@transaction.atomic
def _hold_some(*, now: datetime) -> int:
    rows = _too_late(now).select_for_update(skip_locked=True, of=("self",)).order_by(_HOLD_HOURS)
    found = list(rows.values_list("pk", _HOLD_HOURS)[:_BATCH])
    for hours, group in groupby(found, key=lambda row: row[1]):
        _hold([pk for pk, _ in group], hours=bounds.HOLD_HOURS if hours is None else hours, now=now)
    return len(found)


def _hold(ids: list[UUID], *, hours: int, now: datetime) -> None:
    """Hold Pins whose rows are locked."""
    text = lateness.held_text(timedelta(hours=hours))
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        Pin.objects.filter(pk__in=some).update(
            status=PinStatus.HELD,
            held_reason=HoldReason.LATE,
            due_at=None,
            problem=text,
            remedy=lateness.HELD_REMEDY,
            updated_at=now,
        )
        note_all(pin_ids=some, kind=EventKind.HELD, by=None, now=now, text=text)
        tell_of_pins(PIN_LATE, pin_ids=some, now=now)


def _spread(workspace: Workspace, *, since: datetime, now: datetime) -> int:
    """Re-space a workspace's late Pins, if that is what it wants; returns how many moved."""
    wishes = preferences_of(workspace)
    if wishes.late_way != LateWay.SPREAD:
        return 0
    late = (
        Pin.objects.filter(
            workspace=workspace,
            status=PinStatus.SCHEDULED,
            scheduled_at__lte=now,
            connection__status=ConnectionStatus.ACTIVE,
        )
        .select_for_update(of=("self",))
        .order_by("connection", "due_at", "pk")
    )
    moved = 0
    for _, pins in groupby(late, key=lambda pin: pin.connection_id):
        moved += _spread_account(list(pins), wishes, since=since, now=now)
    return moved


def _spread_account(
    pins: list[Pin], wishes: PublishingPreferences, *, since: datetime, now: datetime
) -> int:
    """Re-space the late Pins of one account, whose rows are locked."""
    hours = wishes.late_hold_hours
    by_id = {pin.pk: pin for pin in pins}
    plan = lateness.spread(
        [Waiting(p.pk, p.scheduled_at, p.due_at) for p in pins if p.scheduled_at and p.due_at],
        now=now,
        spacing=timedelta(minutes=wishes.late_spacing_minutes) * PACE,
        hold_after=None if hours is None else hours * _HOUR,
    )
    if hours is not None:
        _hold(plan.too_late, hours=hours, now=now)
    changed = []
    for pin_id, at in plan.moved.items():
        pin = by_id[pin_id]
        pin.due_at, pin.updated_at = at, now
        pin.problem, pin.remedy = lateness.SPACED_TEXT, lateness.SPACED_REMEDY
        changed.append(pin)
    columns = ["due_at", "problem", "remedy", "updated_at"]
    Pin.objects.bulk_update(changed, columns, batch_size=500)
    text = _interruption(wishes, since=since, now=now)
    note_all(pin_ids=plan.moved, kind=EventKind.SPACED, by=None, now=now, text=text)
    return len(changed)


def _interruption(wishes: PublishingPreferences, *, since: datetime, now: datetime) -> str:
    """What a Pin's history says of its being moved, in the workspace's time zone."""
    name = wishes.workspace.time_zone
    begin, end = (moment_words(each, "j M Y, H:i", zone=name) for each in (since, now))
    minutes = wishes.late_spacing_minutes
    return (
        f"Nothing could go out from {begin} to {end} ({name}), "
        f"so late Pins go out {minutes} minute{'' if minutes == 1 else 's'} apart."
    )
