"""How busy an account's days are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Min, Q

from accounts.models import Connection, RowId
from publishing.choices.statuses import PinStatus
from publishing.models import Pin
from publishing.schedule.policy.daily_advice import WARM_UP, crowded_days

_COMING = [PinStatus.SCHEDULED, PinStatus.CLAIMED, PinStatus.SENDING, PinStatus.UNCERTAIN]


def crowded_days_of(
    connection: Connection,
    new: Sequence[datetime],
    *,
    zone: str,
    now: datetime,
    without: Iterable[RowId] = (),
) -> dict[date, tuple[int, int]]:
    """Days on which new Pins of an account make more than Pinterest advises, as `crowded_days`."""
    if not new:
        return {}
    day = timedelta(days=1)
    span = (min(new) - day, max(new) + day)
    rows = (
        Pin.objects.filter(
            Q(status=PinStatus.PUBLISHED, published_at__range=span)
            | Q(status__in=_COMING, scheduled_at__range=span),
            workspace=connection.workspace_id,
            connection=connection,
        )
        .exclude(pk__in=list(without))
        .values_list("published_at", "scheduled_at")
    )
    there = [at for published, planned in rows if (at := published or planned) is not None]
    since = _active_since(connection, now=now)
    return crowded_days(new, there, zone=zone, active_since=since)


def _active_since(connection: Connection, *, now: datetime) -> datetime:
    """When the account began to publish here: connecting it again does not make it new."""
    if now - connection.connected_at >= WARM_UP:
        return connection.connected_at
    first = connection.pins.filter(status=PinStatus.PUBLISHED).aggregate(at=Min("published_at"))
    return min(first["at"] or connection.connected_at, connection.connected_at)
