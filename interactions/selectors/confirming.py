"""Whose Pins are worth looking through."""

from __future__ import annotations

from datetime import datetime

from interactions.models import Interaction
from interactions.policy.levels import Level


def workspaces_to_confirm(*, since: datetime) -> list[str]:
    """Workspaces with marked clicks since then that came as far as Pinterest's dialog at least."""
    found = Interaction.objects.filter(
        created_at__gte=since,
        landing__isnull=False,
        level__gte=Level.PREVIEWED.value,
        level__lt=Level.CONFIRMED.value,
    )
    return [str(pk) for pk in found.values_list("site__workspace", flat=True).distinct()]
