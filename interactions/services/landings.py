"""Keeping visits of landing pages: the Pin's link has a mark of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from interactions.models import CrawlerAddress, Evidence, Interaction
from interactions.policy.levels import POLICY_VERSION, EvidenceKind
from interactions.services.fetches import MOST_EVIDENCE
from interactions.services.reckoning import reckon


@dataclass(frozen=True, slots=True)
class Landing:
    """A visit of a page by its mark. `crawler`: the address, where it claims to be Pinterest's."""

    site_id: UUID
    landing: UUID
    kind: EvidenceKind
    at: datetime
    user_agent: str
    address_key: str
    crawler: str = ""
    referer_origin: str = ""


@transaction.atomic
def keep_landing(visit: Landing) -> bool:
    """Add the visit to the interaction that its mark belongs to; False when there is none."""
    found = Interaction.objects.filter(site_id=visit.site_id, landing=visit.landing).first()
    if found is None or found.evidence.count() >= MOST_EVIDENCE:
        return False
    crawler = None
    if visit.crawler:
        crawler, _ = CrawlerAddress.objects.get_or_create(
            address=visit.crawler, defaults={"seen_at": visit.at, "next_check_at": visit.at}
        )
    Evidence.objects.bulk_create(
        [
            Evidence(
                interaction=found,
                kind=visit.kind.value,
                at=visit.at,
                minute=visit.at.replace(second=0, microsecond=0),
                method="POST",
                user_agent=visit.user_agent,
                address_key=visit.address_key,
                crawler=crawler,
                referer_origin=visit.referer_origin,
                policy_version=POLICY_VERSION,
            )
        ],
        ignore_conflicts=True,
    )
    reckon([found.pk])
    return True
