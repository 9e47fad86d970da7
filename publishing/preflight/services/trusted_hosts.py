"""Saying of all links to a host that they are fine, and having them looked at again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User, Workspace
from foundation.fetching.hosts import plain_host_of, shown
from publishing.choices.events import EventKind
from publishing.choices.statuses import PinStatus
from publishing.models import Pin, PinWarning, TrustedHost
from publishing.pins.policy.preflight import LINK
from publishing.pins.services.events import note_all


def trust_host(*, workspace: Workspace, host: str, by: User, now: datetime) -> int:
    """Say that links to a host are fine; returns how many planned Pins have no warning any more.

    `host` is one as `plain_host_of` gives it. Who said it first stays on record.
    """
    with transaction.atomic():
        TrustedHost.objects.get_or_create(
            workspace=workspace, host=host, defaults={"said_by": by, "said_at": now}
        )
        pin_ids = _planned_to(workspace, host)
        stale = PinWarning.objects.filter(pin__in=pin_ids, kind__in=LINK)
        told = set(stale.values_list("pin_id", flat=True))
        stale.delete()
        # Another link of the same Pin may lead elsewhere.
        _look_again(pin_ids)
        note_all(pin_ids=told, kind=EventKind.LINK_TRUSTED, by=by, now=now, text=shown(host))
    return len(told)


def doubt_host(*, workspace: Workspace, host: str, by: User, now: datetime) -> int:
    """Have links to a host looked at again; returns how many planned Pins have one."""
    with transaction.atomic():
        TrustedHost.objects.filter(workspace=workspace, host=host).delete()
        pin_ids = _planned_to(workspace, host)
        _look_again(pin_ids)
        note_all(pin_ids=pin_ids, kind=EventKind.LINK_DOUBTED, by=by, now=now, text=shown(host))
    return len(pin_ids)


def _planned_to(workspace: Workspace, host: str) -> list[UUID]:
    """Planned Pins of which a link leads to a host."""
    # A host can be written in many ways, so the database can't tell.
    rows = workspace.pins.filter(status=PinStatus.SCHEDULED)
    links = rows.exclude(link="", slides=None).values_list("pk", "link", "slides__link")
    return sorted(
        {pk for pk, *each in links if host in {plain_host_of(link or "") for link in each}}
    )


def _look_again(pin_ids: Collection[UUID]) -> None:
    Pin.objects.filter(pk__in=pin_ids).update(preflighted_at=None, link_looked_at=None)
