"""What waits for a reviewer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from interactions.models import CrawlerAddress, Interaction
from interactions.policy.ids import first_id_of
from interactions.policy.levels import Level, Verdict


@dataclass(frozen=True, slots=True)
class Waiting:
    """Numbers of interactions, and of addresses that DNS says nothing of."""

    suspect: int
    claimed: int
    abuse: int
    unknown_addresses: int


def waiting_for_review(*, since: datetime) -> Waiting:
    """What came since then. Two queries, of which one reads only the rows of that time."""
    # By id, whose first part is the time: that index is there, and one by time alone would cost
    # every click.
    found = Interaction.objects.filter(pk__gte=first_id_of(since)).aggregate(
        suspect=Count("pk", filter=Q(is_suspect=True, is_abuse=False)),
        claimed=Count("pk", filter=Q(level=Level.CLAIMED.value, is_abuse=False)),
        abuse=Count("pk", filter=Q(is_abuse=True)),
    )
    unknown = CrawlerAddress.objects.filter(verdict=Verdict.UNKNOWN.value, tries__gt=0).count()
    return Waiting(**found, unknown_addresses=unknown)
