"""Finding the Pins of interactions at Pinterest, through the accounts that are connected.

Only Pins of the workspace's own accounts can be read, so most interactions are never confirmed: a
visitor's Pin is seen by nobody but Pinterest.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from django.db import transaction

from accounts.models import Connection, Workspace
from accounts.selectors import active_connections_of
from accounts.services.tokens import ConnectionLost, call_pinterest
from interactions.models import Evidence, Interaction
from interactions.policy.levels import POLICY_VERSION, EvidenceKind, Level
from interactions.policy.marks import mark_in
from interactions.services.reckoning import reckon
from pinterest import types as wire
from pinterest.client import PinterestClient
from pinterest.errors import PinterestError

logger = logging.getLogger(__name__)

LOOK_BACK: Final = timedelta(days=14)
"""How long after a click its Pin is looked for."""

MOST_PINS: Final = 500
"""The newest Pins of an account that are looked through: two pages."""


def confirm_workspace(*, workspace: Workspace, now: datetime) -> int:
    """Look through the newest Pins of a workspace's accounts; returns how many were found."""
    found = 0
    for connection in active_connections_of(workspace):
        try:
            pins = _newest_pins(connection, now=now)
        except (PinterestError, ConnectionLost) as error:
            # What could not be read is no evidence of anything; the next look is soon.
            logger.warning("pins_not_read connection=%s %s", connection.pk, error)
            continue
        found += sum(_confirm(pin, workspace, now=now) for pin in pins)
    return found


def confirm_pin(
    pin: wire.Pin, workspace: Workspace, *, now: datetime, interaction: Interaction | None = None
) -> bool:
    """Whether the Pin's link has the mark of one of the workspace's clicks (of this one)."""
    if interaction is not None and mark_in(pin.link) != interaction.landing:
        return False
    return _confirm(pin, workspace, now=now)


def _newest_pins(connection: Connection, *, now: datetime) -> list[wire.Pin]:
    def read(client: PinterestClient) -> list[wire.Pin]:
        return list(islice(client.iter_own_pins(), MOST_PINS))

    return call_pinterest(connection_id=connection.pk, now=now, call=read)


@transaction.atomic
def _confirm(pin: wire.Pin, workspace: Workspace, *, now: datetime) -> bool:
    mark = mark_in(pin.link)
    if mark is None:
        return False
    # Of two that find the Pin at once, the second sees what the first has written.
    interaction = (
        Interaction.objects.select_for_update(of=("self",))
        .filter(site__workspace=workspace, landing=mark, level__lt=Level.CONFIRMED.value)
        .first()
    )
    if interaction is None:
        return False
    Evidence.objects.create(
        interaction=interaction,
        kind=EvidenceKind.PIN_FOUND.value,
        at=now,
        detail=pin.id,
        policy_version=POLICY_VERSION,
    )
    reckon([interaction.pk])
    return True
