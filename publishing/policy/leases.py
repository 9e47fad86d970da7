"""How long a worker may keep what it has in hand."""

from __future__ import annotations

from datetime import timedelta

TICK = timedelta(seconds=0.5)
"""How often due Pins are looked for, whatever else makes somebody look."""

CLAIM_LEASE = timedelta(seconds=60)
"""How long a claimed Pin may wait for a worker before the claim is given back."""

SENDING_LEASE = timedelta(seconds=180)
"""How long a request to Pinterest can take at the very most, the token's renewal included."""

LOOK_LEASE = timedelta(seconds=120)
"""How long listing a board can take before another worker may look in its place."""
