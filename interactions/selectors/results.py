"""What came of the clicks on a site's buttons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate

from accounts.models import Workspace
from interactions.models import Evidence, Interaction, Site
from interactions.policy.levels import EvidenceKind, Level
from interactions.policy.results import DELAYS, Day

# Marked by a reviewer, or made by a script alone: not counted.
_COUNTED = Q(is_abuse=False)
_STEPS = {
    "clicked": Count("pk", filter=Q(clicked_at__isnull=False)),
    "previewed": Count("pk", filter=Q(level__gte=Level.PREVIEWED.value)),
    "verified": Count("pk", filter=Q(level__gte=Level.VERIFIED.value)),
    "corroborated": Count("pk", filter=Q(level__gte=Level.CORROBORATED.value)),
}


def days_of(site: Site, *, first: date, last: date, zone: ZoneInfo) -> list[Day]:
    """The days with interactions, in the time zone `zone`."""
    within: Any = _within(site, first=first, last=last, zone=zone)
    rows = (
        within.annotate(day=TruncDate("created_at", tzinfo=zone))
        .values("day")
        .annotate(**_STEPS)
        .order_by("day")
    )
    return [Day(**row) for row in rows]


def entities_with_results(
    site: Site, *, first: date, last: date, zone: ZoneInfo, most: int = 20
) -> list[dict[str, Any]]:
    """The entities with the most clicks: title, key and the counts of each step."""
    within: Any = _within(site, first=first, last=last, zone=zone)
    rows = (
        within.values(title=F("entity__title"), key=F("entity__key"))
        .annotate(**_STEPS)
        .order_by("-clicked", "-verified", "title")
    )
    return list(rows[:most])


def delays_of(site: Site, *, first: date, last: date, zone: ZoneInfo) -> list[tuple[str, int]]:
    """How long after the click Pinterest fetched, for verified fetches with a click."""
    verified = _within(site, first=first, last=last, zone=zone).filter(
        clicked_at__isnull=False, verified_at__isnull=False
    )
    counts: dict[str, Any] = {}
    for number, (seconds, _) in enumerate(DELAYS):
        until = Q() if seconds is None else Q(took__lte=timedelta(seconds=seconds))
        counts[f"n{number}"] = Count("pk", filter=until or None)
    found = verified.annotate(took=F("verified_at") - F("clicked_at")).aggregate(**counts)
    totals = [found[f"n{number}"] for number in range(len(DELAYS))]
    return [
        (words, total - (totals[number - 1] if number else 0))
        for number, ((_, words), total) in enumerate(zip(DELAYS, totals, strict=True))
    ]


def records_of(
    workspace: Workspace, *, site: Site | None, level: int | None
) -> QuerySet[Interaction]:
    """The workspace's interactions, newest first."""
    found = Interaction.objects.filter(site__workspace=workspace)
    if site is not None:
        found = found.filter(site=site)
    if level is not None:
        found = found.filter(level__gte=level)
    return found.select_related("site", "entity").order_by("-created_at", "-pk")


def record_of(workspace: Workspace, interaction_id: UUID) -> Interaction | None:
    """One of the workspace's interactions; None for any other."""
    return (
        Interaction.objects.filter(site__workspace=workspace, pk=interaction_id)
        .select_related("site", "entity")
        .first()
    )


def evidence_of(interaction: Interaction) -> Sequence[Evidence]:
    """All evidence of an interaction, in the order it was seen; checks after what they are of."""
    rows = list(interaction.evidence.select_related("said_by").order_by("at", "id"))
    return sorted(rows, key=lambda row: (row.kind == EvidenceKind.CRAWLER_CHECK, row.at, row.pk))


def _within(site: Site, *, first: date, last: date, zone: ZoneInfo) -> QuerySet[Interaction]:
    start = datetime.combine(first, time(), zone)
    end = datetime.combine(last + timedelta(days=1), time(), zone)
    return Interaction.objects.filter(
        _COUNTED, site=site, created_at__gte=start, created_at__lt=end
    )
