"""Pins on hold, by reason and account, in the order they were planned in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from accounts.models import Connection, Workspace
from publishing.choices.statuses import HoldReason, PinStatus
from publishing.models import Pin
from publishing.pins.selectors.pins import pins_of

AS_PLANNED = (F("scheduled_at").asc(nulls_last=True), "created_at", "pk")
"""The order in which Pins were to go out; those that never had a time come last."""

BY_GROUP = ("held_reason", F("connection__username").asc(nulls_last=True), "connection_id")
"""What belongs to one group stands together."""


@dataclass(frozen=True, slots=True)
class HeldGroup:
    """Pins of one account that are on hold for one reason."""

    reason: HoldReason
    connection: Connection | None
    count: int


@dataclass(frozen=True, slots=True)
class HeldChoice:
    """Which Pins on hold are meant: single ones, whole groups, all that a page is about."""

    pin_ids: frozenset[UUID] = frozenset()
    groups: frozenset[tuple[HoldReason, UUID | None]] = frozenset()
    everything: bool = False


def held_pins(
    workspace: Workspace, *, reason: HoldReason | None = None, account: UUID | None = None
) -> QuerySet[Pin]:
    """A workspace's Pins on hold, narrowed to a reason and an account where given."""
    pins = pins_of(workspace).filter(status=PinStatus.HELD)
    if reason is not None:
        pins = pins.filter(held_reason=reason)
    if account is not None:
        pins = pins.filter(connection_id=account)
    return pins.order_by(*BY_GROUP, *AS_PLANNED)


def held_groups(workspace: Workspace) -> list[HeldGroup]:
    """How many Pins wait for what, in the order of `BY_GROUP`."""
    counted = (
        workspace.pins.filter(status=PinStatus.HELD)
        .order_by()
        .values_list("held_reason", "connection_id")
        .annotate(count=Count("pk"))
    )
    connections = {each.pk: each for each in workspace.connections.all()}
    groups = [
        HeldGroup(HoldReason(reason), connections.get(connection_id), count)
        for reason, connection_id, count in counted
    ]
    return sorted(groups, key=_place)


def _place(group: HeldGroup) -> tuple[str, bool, str, str]:
    account = group.connection
    name, key = (account.username, str(account.pk)) if account else ("", "")
    return (group.reason, account is None, name, key)


def chosen_pin_ids(pins: QuerySet[Pin], choice: HeldChoice) -> list[UUID]:
    """The ids of what was chosen among `pins`, in their order."""
    if choice.everything:
        return list(pins.values_list("pk", flat=True))
    meant = Q(pk__in=choice.pin_ids)
    for reason, connection_id in choice.groups:
        meant |= Q(held_reason=reason, connection_id=connection_id)
    return list(pins.filter(meant).values_list("pk", flat=True))


def held_among(workspace: Workspace, pin_ids: Iterable[UUID]) -> list[Pin]:
    """Those of some Pins that are on hold, in the order they were planned in."""
    return list(held_pins(workspace).filter(pk__in=list(pin_ids)).order_by(*AS_PLANNED))


def waiting_for_account(connection: Connection) -> int:
    """How many Pins are on hold because this account was not connected."""
    return _waiting().filter(connection=connection).count()


def _waiting() -> QuerySet[Pin]:
    return Pin.objects.filter(status=PinStatus.HELD, held_reason=HoldReason.ACCOUNT)
