"""A workspace's sites and what can be pinned there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Workspace
from interactions.models import Entity, Interaction, Site
from interactions.policy.levels import Level


def sites_of(workspace: Workspace, *, since: datetime) -> QuerySet[Site]:
    """The workspace's sites by name, with how many entities, clicks and verified fetches since."""
    recent = Interaction.objects.filter(
        site=OuterRef("pk"), created_at__gte=since, is_abuse=False
    ).values("site")
    entities = Entity.objects.filter(site=OuterRef("pk"), archived_at=None).values("site")
    return (
        Site.objects.filter(workspace=workspace)
        .annotate(
            entity_count=_number(entities.annotate(n=Count("pk")).values("n")),
            click_count=_number(
                recent.annotate(n=Count("pk", filter=Q(clicked_at__isnull=False))).values("n")
            ),
            verified_count=_number(
                recent.annotate(n=Count("pk", filter=Q(level__gte=Level.VERIFIED.value))).values(
                    "n"
                )
            ),
        )
        .order_by("name", "pk")
    )


def sites_to_choose(workspace: Workspace) -> QuerySet[Site]:
    """The workspace's sites by name."""
    return Site.objects.filter(workspace=workspace).order_by("name", "pk")


def _number(counted: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def site_of(workspace: Workspace, key: str) -> Site | None:
    """One of the workspace's sites; None for any other."""
    return Site.objects.filter(workspace=workspace, key=key).first()


def entities_of(site: Site, *, text: str = "", archived: bool = False) -> QuerySet[Entity]:
    """What can be pinned at the site, newest first; `text` is looked for in title and address.

    `archived`: what is offered no more, instead.
    """
    found = site.entities.filter(archived_at__isnull=not archived)
    if text:
        found = found.filter(Q(title__icontains=text) | Q(page_url__icontains=text))
    return found.order_by("-created_at", "pk")


def entity_of(workspace: Workspace, key: str) -> Entity | None:
    """One of the workspace's entities, with its site; None for any other."""
    return Entity.objects.filter(site__workspace=workspace, key=key).select_related("site").first()
