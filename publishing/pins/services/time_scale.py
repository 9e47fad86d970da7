"""How long things may take, in this installation's pace.

The pace is 1 in earnest. Fault runs set it lower, so that minutes of waiting pass in seconds.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from publishing.pins.policy import lateness, leases
from publishing.pins.policy.leases import LOOK_DELAYS

PACE: float = settings.PUBLISHING_PACE
CLAIM_LEASE: timedelta = leases.CLAIM_LEASE * PACE
SENDING_LEASE: timedelta = leases.SENDING_LEASE * PACE
LOOK_LEASE: timedelta = leases.LOOK_LEASE * PACE
GAP: timedelta = lateness.GAP * PACE


def first_look_at(uncertain_since: datetime) -> datetime:
    """When the board is first looked at for a Pin whose fate is unknown."""
    return uncertain_since + LOOK_DELAYS[0] * PACE
