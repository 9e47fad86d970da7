"""What waits in a workspace, account by account: the frame of every page asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Connection, ConnectionStatus, Workspace
from publishing.choices.statuses import HoldReason, PinStatus
from publishing.models import Pin
from publishing.pins.policy.lateness import LATE_AFTER
from publishing.pins.policy.prospects import PLANNED
from publishing.pins.selectors.prospects import is_stopped


@dataclass(frozen=True, slots=True)
class Waiting:
    """Pins that wait: late ones that go out by themselves, those on hold by reason, and others."""

    late: int = 0
    held_for_account: int = 0
    held_late: int = 0
    held_else: int = 0
    # Will not go out as things are, or waits for an answer: what a person has to see to.
    stopped: int = 0
    # Planned for an account that is not connected.
    stranded: int = 0

    @property
    def held(self) -> int:
        return self.held_for_account + self.held_late + self.held_else


def waiting_by_account(workspace: Workspace, *, now: datetime) -> list[tuple[Connection, Waiting]]:
    """A workspace's accounts, each with its Pins that wait; one query, however many."""
    held = Q(status=PinStatus.HELD)
    told_apart = [HoldReason.ACCOUNT, HoldReason.LATE]
    counted = {
        "late": Q(status=PinStatus.SCHEDULED, scheduled_at__lt=now - LATE_AFTER),
        "held_for_account": held & Q(held_reason=HoldReason.ACCOUNT),
        "held_late": held & Q(held_reason=HoldReason.LATE),
        "held_else": held & ~Q(held_reason__in=told_apart),
        "stopped": is_stopped(),
        "stranded": Q(status__in=PLANNED) & ~Q(connection__status=ConnectionStatus.ACTIVE),
    }
    rows = workspace.connections.order_by("connected_at").annotate(
        **{f"count_{name}": _count(workspace, which) for name, which in counted.items()}
    )
    return [
        (row, Waiting(**{name: getattr(row, f"count_{name}") for name in counted})) for row in rows
    ]


def sum_of(waiting: Iterable[tuple[Connection, Waiting]]) -> Waiting:
    """What waits in all accounts together."""
    each = [one for _, one in waiting]
    return Waiting(
        late=sum(one.late for one in each),
        held_for_account=sum(one.held_for_account for one in each),
        held_late=sum(one.held_late for one in each),
        held_else=sum(one.held_else for one in each),
        stopped=sum(one.stopped for one in each),
        stranded=sum(one.stranded for one in each),
    )


def _count(workspace: Workspace, which: Q) -> Coalesce:
    counted = (
        # The workspace leads the index that finds a few Pins that wait among very many.
        Pin.objects.filter(which, workspace=workspace, connection=OuterRef("pk"))
        .order_by()
        .values("connection")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
