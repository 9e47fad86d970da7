"""Writing and reading heartbeats."""

from __future__ import annotations

import os
import socket
from datetime import datetime

from django.db.models import Max

from health.models import Heartbeat
from health.policy import FORGOTTEN_AFTER, Kind


def beat(kind: Kind, *, now: datetime) -> None:
    """Write down that this process does its work."""
    Heartbeat.objects.update_or_create(
        kind=kind, host=socket.gethostname()[:100], pid=os.getpid(), defaults={"at": now}
    )


def forget_old(*, now: datetime) -> None:
    """Remove the rows of processes that ended long ago."""
    Heartbeat.objects.filter(at__lt=now - FORGOTTEN_AFTER).delete()


def last_beats() -> dict[Kind, datetime]:
    """When each kind of process was last heard of; those never heard of are left out."""
    rows = Heartbeat.objects.values_list("kind").annotate(last=Max("at"))
    return {Kind(kind): last for kind, last in rows}
