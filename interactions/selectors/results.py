"""What came of the clicks on a site's buttons."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from accounts.models import Workspace
from foundation.spans.spans import Span
from interactions.models import Evidence, Interaction, Site
from interactions.policy.levels import EvidenceKind, Level, Verdict
from interactions.policy.results import DELAYS, Day, Unknowns

# Marked by a reviewer, or made by a script alone: not counted.
_COUNTED = Q(is_abuse=False)
_STEPS = {
    "clicked": Count("pk", filter=Q(clicked_at__isnull=False)),
    # A fetch by what only calls itself Pinterest shows no dialog.
    "previewed": Count(
        "pk", filter=Q(previewed_at__isnull=False) | Q(level__gte=Level.VERIFIED.value)
    ),
    "verified": Count("pk", filter=Q(level__gte=Level.VERIFIED.value)),
    "corroborated": Count("pk", filter=Q(level__gte=Level.CORROBORATED.value)),
}


def days_of(site: Site, *, span: Span, zone: ZoneInfo) -> list[Day]:
    """The days with interactions, in the time zone `zone`."""
    within: Any = _within(site, span=span, zone=zone)
    rows = (
        within.annotate(day=TruncDate("created_at", tzinfo=zone))
        .values("day")
        .annotate(**_STEPS)
        .order_by("day")
    )
    return [Day(**row) for row in rows]


def sums_of(site: Site, *, span: Span, zone: ZoneInfo) -> dict[str, int]:
    """The counts of each step."""
    within: Any = _within(site, span=span, zone=zone)
    return dict(within.aggregate(**_STEPS))


def clicked_sums_of(site: Site, *, span: Span, zone: ZoneInfo) -> dict[str, int]:
    """The counts of each step among those of which a click was told: parts of the clicks."""
    within: Any = _within(
        site, span=span, zone=zone, counted=_COUNTED & Q(clicked_at__isnull=False)
    )
    return dict(within.aggregate(**_STEPS))


def recent_sums_of(
    workspace: Workspace, *, since: datetime, until: datetime | None = None
) -> dict[str, int] | None:
    """The counts of each step for all sites together; None for a workspace without a site.

    `until`: the first moment that does not count any more.
    """
    sites = list(Site.objects.filter(workspace=workspace).values_list("pk", flat=True))
    if not sites:
        return None
    recent: Any = Interaction.objects.filter(_COUNTED, site__in=sites, created_at__gte=since)
    if until is not None:
        recent = recent.filter(created_at__lt=until)
    return dict(recent.aggregate(**_STEPS))


def entities_with_results(
    site: Site, *, span: Span, zone: ZoneInfo, most: int | None = 20
) -> list[dict[str, Any]]:
    """The entities with the most clicks: title, key and the counts of each step."""
    within: Any = _within(site, span=span, zone=zone)
    rows = (
        within.values(title=F("entity__title"), key=F("entity__key"))
        .annotate(**_STEPS)
        .order_by("-clicked", "-verified", "title")
    )
    return list(rows[:most])


def pages_with_results(
    site: Site, *, span: Span, zone: ZoneInfo, most: int | None = 20
) -> list[dict[str, Any]]:
    """The pages on which most was clicked: page_url (empty: not told) and each step's counts."""
    within: Any = _within(site, span=span, zone=zone)
    rows = (
        within.values("page_url").annotate(**_STEPS).order_by("-clicked", "-verified", "page_url")
    )
    return list(rows[:most])


def unknowns_of(site: Site, *, span: Span, zone: ZoneInfo) -> Unknowns:
    """What can't be told of the interactions of these days, and what was not counted."""
    every = _within(site, span=span, zone=zone, counted=Q())
    counts: Any = every.aggregate(
        only_previewed=Count("pk", filter=_COUNTED & Q(level=Level.PREVIEWED.value)),
        claimed=Count("pk", filter=_COUNTED & Q(level=Level.CLAIMED.value)),
        unclicked=Count("pk", filter=_COUNTED & Q(level__gt=Level.NONE.value, clicked_at=None)),
        untrusted=Count("pk", filter=_COUNTED & Q(level=Level.NONE.value)),
        suspect=Count("pk", filter=_COUNTED & Q(is_suspect=True)),
        abuse=Count("pk", filter=~_COUNTED),
        fetched=Count("pk", filter=_COUNTED & Q(level__gte=Level.CLAIMED.value)),
    )
    checks = Evidence.objects.filter(
        interaction=OuterRef("pk"),
        kind=EvidenceKind.CRAWLER_CHECK.value,
        verdict=Verdict.NO.value,
    )
    claimed = every.filter(_COUNTED, level=Level.CLAIMED.value)
    disproved = claimed.filter(Exists(checks)).count()
    others = Evidence.objects.filter(
        interaction__in=every, kind=EvidenceKind.OTHER_FETCH.value
    ).count()
    return Unknowns(**counts, disproved=disproved, other_fetches=others)


def delays_of(site: Site, *, span: Span, zone: ZoneInfo) -> list[tuple[str, int]]:
    """How long after the click Pinterest fetched, for verified fetches with a click."""
    verified = _within(site, span=span, zone=zone).filter(
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


def _within(
    site: Site, *, span: Span, zone: ZoneInfo, counted: Q = _COUNTED
) -> QuerySet[Interaction]:
    start = datetime.combine(span.first, time(), zone)
    end = datetime.combine(span.last + timedelta(days=1), time(), zone)
    return Interaction.objects.filter(counted, site=site, created_at__gte=start, created_at__lt=end)
