"""The workspace's interactions, found by what a person looks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Workspace
from interactions.models import Evidence, Interaction, Site
from interactions.policy.levels import EvidenceKind, Level, Verdict


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for; each left empty means any. `end` is the first moment after."""

    site: Site | None = None
    level: Level | None = None
    verdict: str = ""
    mark: str = ""
    text: str = ""
    start: datetime | None = None
    end: datetime | None = None


MARKS: dict[str, Q] = {
    "abuse": Q(is_abuse=True),
    "suspect": Q(is_suspect=True, is_abuse=False),
    "unclicked": Q(clicked_at=None, level__gt=Level.NONE.value),
    "untrusted": Q(clicked_at=None, level=Level.NONE.value),
}


def records_of(workspace: Workspace, sought: Sought) -> QuerySet[Interaction]:
    """The workspace's interactions, newest first. `level` means this one or more."""
    found = Interaction.objects.filter(site__workspace=workspace)
    if sought.site is not None:
        found = found.filter(site=sought.site)
    if sought.level is not None:
        found = found.filter(level__gte=sought.level.value)
    if sought.start is not None:
        found = found.filter(created_at__gte=sought.start)
    if sought.end is not None:
        found = found.filter(created_at__lt=sought.end)
    if sought.mark:
        found = found.filter(MARKS[sought.mark])
    if sought.verdict:
        found = _by_verdict(found, sought.verdict)
    if sought.text:
        found = found.filter(_about(sought.text))
    return found.select_related("site", "entity").order_by("-created_at", "-pk")


def after(found: QuerySet[Interaction], cursor: tuple[datetime, UUID]) -> QuerySet[Interaction]:
    """Those that follow the row with this time and id in the list."""
    at, pk = cursor
    # The first condition bounds the index, the second tells rows of one moment apart.
    return found.filter(created_at__lte=at).exclude(created_at=at, pk__gte=pk)


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


def last_decision(interaction: Interaction) -> Evidence | None:
    """What a person last said of an interaction, and who; None while nobody has."""
    said = interaction.evidence.filter(kind=EvidenceKind.REVIEW.value)
    return said.select_related("said_by").order_by("-id").first()


def export_of(found: QuerySet[Interaction]) -> Iterator[dict[str, Any]]:
    """The records as files have them, read in pieces. No address of a visitor is among it."""
    for each in found.iterator(chunk_size=2000):
        yield {
            "id": str(each.pk),
            "site": each.site.key,
            "entity": each.entity.key,
            "title": each.entity.title,
            "page_url": each.page_url,
            "level": Level(each.level).name.lower(),
            "is_abuse": each.is_abuse,
            "is_suspect": each.is_suspect,
            "created_at": each.created_at,
            "clicked_at": each.clicked_at,
            "previewed_at": each.previewed_at,
            "fetched_at": each.fetched_at,
            "verified_at": each.verified_at,
            "corroborated_at": each.corroborated_at,
            "confirmed_at": each.confirmed_at,
        }


def _by_verdict(found: QuerySet[Interaction], verdict: str) -> QuerySet[Interaction]:
    checks = Evidence.objects.filter(
        interaction=OuterRef("pk"), kind=EvidenceKind.CRAWLER_CHECK.value
    )
    if verdict in (Verdict.YES, Verdict.NO):
        return found.filter(Exists(checks.filter(verdict=verdict)))
    decided = checks.filter(verdict__in=(Verdict.YES.value, Verdict.NO.value))
    return found.filter(~Exists(decided), fetched_at__isnull=False)


def _about(text: str) -> Q:
    """A record's id, or words of its page or of what was pinned."""
    try:
        return Q(pk=UUID(text))
    except ValueError:
        return Q(page_url__icontains=text) | Q(entity__title__icontains=text)
