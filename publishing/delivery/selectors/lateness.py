"""Pins that are late, and those that are missed: late though nothing is in their way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from accounts.limits.counters import free_capacity
from accounts.models import ConnectionStatus
from accounts.selectors import account_ids
from health.sources import Missed
from publishing.choices.statuses import PinStatus
from publishing.models import Attempt, Pin

_CREATING = "org_write"
"""The category of Pinterest's rate limits that creating Pins counts in."""


def missed_pins(*, now: datetime, after: timedelta, limits_known: bool = True) -> list[Missed]:
    """Accounts with Pins that have been due for longer than `after`, and why not is unknown.

    Not those of an account that is getting on with its backlog, nor of one that has to wait for a
    rate limit. Without a cache (`limits_known`) nobody can tell which those are.
    """
    overdue = _overdue(now - after)
    found = [
        Missed(**row)
        for row in overdue.order_by()
        .values("workspace_id", "connection_id")
        .annotate(oldest=Min("due_at"), count=Count("pk"))
    ]
    getting_on = _with_attempts_since(now - after, {each.connection_id for each in found})
    still = [each for each in found if each.connection_id not in getting_on]
    if not (still and limits_known):
        return still
    accounts = account_ids(each.connection_id for each in still)
    free = free_capacity(accounts.values(), _CREATING)
    return [each for each in still if free.get(accounts.get(str(each.connection_id), ""))]


def workspaces_with_pins_due(*, before: datetime) -> set[UUID]:
    """Workspaces from which something should go out before an instant."""
    due = Pin.objects.filter(
        status=PinStatus.SCHEDULED,
        due_at__lt=before,
        connection__status=ConnectionStatus.ACTIVE,
    )
    return set(due.order_by().values_list("workspace_id", flat=True).distinct())


def oldest_overdue(*, now: datetime) -> datetime | None:
    """When the longest overdue Pin of a connected account was due; None if none is."""
    oldest: datetime | None = _overdue(now).aggregate(oldest=Min("due_at"))["oldest"]
    return oldest


def count_overdue(*, now: datetime) -> int:
    """How many Pins of connected accounts are due and have not been begun on."""
    return _overdue(now).count()


def _overdue(before: datetime) -> QuerySet[Pin]:
    """Pins that were due before an instant, and that nobody has begun to send."""
    here = Q(status=PinStatus.SCHEDULED) | Q(status=PinStatus.CLAIMED)
    return Pin.objects.filter(here, due_at__lt=before, connection__status=ConnectionStatus.ACTIVE)


def _with_attempts_since(since: datetime, connection_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the accounts for which something was tried lately."""
    ids = list(connection_ids)
    if not ids:
        return set()
    tried = Attempt.objects.filter(started_at__gte=since, pin__connection_id__in=ids)
    found = tried.order_by().values_list("pin__connection_id", flat=True).distinct()
    return {each for each in found if each is not None}
