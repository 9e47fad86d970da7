"""The Pin that a person says a click led to: a claim. What proves it is Pinterest alone."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.selectors import active_connections_of
from accounts.services.tokens import ConnectionLost, call_pinterest
from interactions.models import Evidence, Interaction
from interactions.policy.levels import POLICY_VERSION, EvidenceKind
from interactions.services.confirming import confirm_pin
from pinterest import types as wire
from pinterest.client import PinterestClient
from pinterest.errors import PinterestError

logger = logging.getLogger(__name__)


@transaction.atomic
def attach_pin(*, interaction: Interaction, by: User, pin_id: str, now: datetime) -> None:
    """Write down which Pin somebody says it is; an empty `pin_id` takes that back.

    The level stays what the evidence gives. The last word counts.
    """
    locked = Interaction.objects.select_for_update().get(pk=interaction.pk)
    Evidence.objects.create(
        interaction=locked,
        kind=EvidenceKind.PIN_TOLD.value,
        at=now,
        detail=pin_id,
        said_by=by,
        policy_version=POLICY_VERSION,
    )


def look_at_told_pin(*, interaction_id: UUID, pin_id: str, now: datetime) -> bool:
    """Ask Pinterest for the Pin; True when its link has the click's mark.

    Only Pins of these accounts can be read. What can't be read is no evidence of anything.
    """
    interaction = Interaction.objects.select_related("site__workspace").get(pk=interaction_id)
    workspace = interaction.site.workspace

    def read(client: PinterestClient) -> wire.Pin:
        return client.get_pin(pin_id)

    for connection in active_connections_of(workspace):
        try:
            pin = call_pinterest(connection_id=connection.pk, now=now, call=read)
        except (PinterestError, ConnectionLost) as error:
            logger.info("told_pin_not_read connection=%s %s", connection.pk, error)
            continue
        if confirm_pin(pin, workspace, now=now, interaction=interaction):
            return True
    return False
