"""What a person says of an interaction, and forgetting what is old."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from interactions.models import Evidence, Interaction, Site
from interactions.policy.levels import POLICY_VERSION, EvidenceKind, Verdict
from interactions.services.reckoning import reckon

_BATCH = 1000


@transaction.atomic
def review(*, interaction: Interaction, by: User, is_abuse: bool, now: datetime) -> None:
    """Mark an interaction as abuse, or as fine again. The last word counts."""
    # Each word is a row, also of one who says two within a minute.
    Evidence.objects.create(
        interaction=interaction,
        kind=EvidenceKind.REVIEW.value,
        at=now,
        address_key=f"said-{interaction.evidence.count()}",
        verdict=(Verdict.ABUSE if is_abuse else Verdict.FINE).value,
        said_by=by,
        policy_version=POLICY_VERSION,
    )
    reckon([interaction.pk])


def forget_old(*, now: datetime) -> int:
    """Delete interactions that are older than their sites keep them; returns how many."""
    forgotten = 0
    for site in Site.objects.all():
        before = now - timedelta(days=site.retention_days)
        old = Interaction.objects.filter(site=site, created_at__lt=before).order_by("created_at")
        while ids := list(old.values_list("pk", flat=True)[:_BATCH]):
            Interaction.objects.filter(pk__in=ids).delete()
            forgotten += len(ids)
    return forgotten
