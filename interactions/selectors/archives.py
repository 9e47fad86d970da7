"""All that is kept of a site, to take away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch

from interactions.models import Evidence, Interaction, Site
from interactions.policy.levels import Level

_BATCH = 500


def archive_of(site: Site) -> Iterator[dict[str, Any]]:
    """The site, then its entities, then its interactions with their evidence, oldest first.

    Times are datetimes in UTC. No secret is among it, and no address of a visitor is kept at all.
    """
    yield {
        "kind": "site",
        "key": site.key,
        "name": site.name,
        "origins": site.origins,
        "created_at": site.created_at,
    }
    for entity in site.entities.order_by("created_at").iterator(chunk_size=_BATCH):
        yield {
            "kind": "entity",
            "key": entity.key,
            "title": entity.title,
            "page_url": entity.page_url,
            "description": entity.description,
            "archived_at": entity.archived_at,
        }
    in_order = Prefetch("evidence", Evidence.objects.order_by("id"))
    found = Interaction.objects.filter(site=site).select_related("entity").order_by("created_at")
    for interaction in found.prefetch_related(in_order).iterator(chunk_size=_BATCH):
        yield {
            "kind": "interaction",
            "id": str(interaction.pk),
            "entity": interaction.entity.key,
            "level": Level(interaction.level).name.lower(),
            "is_abuse": interaction.is_abuse,
            "is_suspect": interaction.is_suspect,
            "page_url": interaction.page_url,
            "created_at": interaction.created_at,
            "evidence": [_evidence(row) for row in interaction.evidence.all()],
        }


def _evidence(row: Evidence) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "at": row.at,
        "method": row.method,
        "user_agent": row.user_agent,
        "referer_origin": row.referer_origin,
        "verdict": row.verdict or None,
        "ptr": row.ptr or None,
        "policy_version": row.policy_version,
    }
