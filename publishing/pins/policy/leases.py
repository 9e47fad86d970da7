"""How long a worker may keep what it has in hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

TICK = timedelta(seconds=0.5)
"""How often due Pins are looked for, whatever else makes somebody look."""

CLAIM_LEASE = timedelta(seconds=60)
"""How long a claimed Pin may wait for a worker before the claim is given back."""

SENDING_LEASE = timedelta(seconds=180)
"""How long a request to Pinterest can take at the very most, the token's renewal included."""

LOOK_LEASE = timedelta(seconds=120)
"""How long listing a board can take before another worker may look in its place."""


LOOK_DELAYS: Final = (
    timedelta(seconds=10),
    timedelta(seconds=30),
    timedelta(minutes=1),
    timedelta(minutes=2),
    timedelta(minutes=4),
    timedelta(minutes=8),
    timedelta(minutes=15),
)
"""Since the Pin became uncertain. Early ones settle most Pins fast; doubling costs few reads."""
