"""What a person says of an interaction, and forgetting what is old."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from interactions.models import Evidence, Interaction, Site
from interactions.policy.levels import POLICY_VERSION, EvidenceKind, Verdict
from interactions.selectors.records import last_decision
from interactions.services.reckoning import reckon

_BATCH = 1000


_AT_ONCE = timedelta(minutes=1)
"""Whoever decides so soon after somebody else has not seen what they decided."""


class DecidedMeanwhile(Exception):
    """Somebody else has decided about the interaction, unseen by this reviewer; says who and what.

    Nothing was changed.
    """

    def __init__(self, decision: Evidence) -> None:
        who = str(decision.said_by) if decision.said_by else "Somebody else"
        found = "abuse" if decision.verdict == Verdict.ABUSE else "fine"
        super().__init__(f"{who} has just marked it as {found}, and it stays so.")


@transaction.atomic
def review(
    *, interaction: Interaction, by: User, is_abuse: bool, now: datetime, seen: int | None = None
) -> None:
    """Mark an interaction as abuse, or as fine again. The last word counts.

    `seen` is the last decision (its evidence's id, 0 for none) that the person decides upon.
    Raises DecidedMeanwhile where there is another one by now; without it, where somebody else's
    came within the last minute.
    """
    # Of two at once the second waits here, and then knows what the first has said.
    list(Interaction.objects.select_for_update().filter(pk=interaction.pk).values_list("pk"))
    last = last_decision(interaction)
    if last is not None and last.said_by_id != by.pk:
        unseen = now - last.at < _AT_ONCE if seen is None else last.pk != seen
        if unseen:
            raise DecidedMeanwhile(last)
    Evidence.objects.create(
        interaction=interaction,
        kind=EvidenceKind.REVIEW.value,
        at=now,
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
