"""Keeping what fetched pictures, in batches, each fetch once however often it is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Count

from interactions.models import CrawlerAddress, Entity, Evidence, Interaction
from interactions.policy import caps
from interactions.policy.levels import POLICY_VERSION, EvidenceKind
from interactions.services.caps import fetches as fetch_caps
from interactions.services.reckoning import reckon

MOST_EVIDENCE = 200
"""Pieces of evidence kept of one interaction; who fetches it more often proves nothing more."""


class Fetch(msgspec.Struct, frozen=True):
    """A fetch of the picture of a valid token. `crawler`: its address, if it claims to be one."""

    site_id: UUID
    entity_id: UUID
    nonce: UUID
    page: str
    token_mac: str
    daily_limit: int
    kind: EvidenceKind
    at: datetime
    method: str
    user_agent: str
    address_key: str
    crawler: str = ""
    referer_origin: str = ""


@transaction.atomic
def keep_fetches(fetches: Sequence[Fetch]) -> set[UUID]:
    """Add the evidence of fetches, and the interactions whose click nobody told of (yet).

    Returns the interactions touched. Told twice, a fetch counts once.
    """
    living = set(
        Entity.objects.filter(pk__in={each.entity_id for each in fetches}).values_list(
            "pk", flat=True
        )
    )
    fetches = [each for each in fetches if each.entity_id in living]
    ids = _interactions_of(fetches)
    crowded = _crowded(ids.values())
    addresses = _crawlers({each.crawler: each.at for each in fetches if each.crawler})
    rows = [
        Evidence(
            interaction_id=interaction_id,
            kind=each.kind.value,
            at=each.at,
            minute=each.at.replace(second=0, microsecond=0),
            method=each.method,
            user_agent=each.user_agent,
            address_key=each.address_key,
            crawler_id=addresses.get(each.crawler),
            referer_origin=each.referer_origin,
            policy_version=POLICY_VERSION,
        )
        for each in fetches
        if (interaction_id := ids.get(each.nonce)) and interaction_id not in crowded
    ]
    Evidence.objects.bulk_create(rows, ignore_conflicts=True)
    touched = {row.interaction_id for row in rows}
    reckon(touched)
    return touched


def _interactions_of(fetches: Sequence[Fetch]) -> dict[UUID, UUID]:
    """The interaction of each nonce; a fetch of Pinterest's makes one that is not there."""
    known = _known({each.nonce for each in fetches})
    new: dict[UUID, Interaction] = {}
    for each in fetches:
        proves_nothing = each.kind is EvidenceKind.OTHER_FETCH
        if proves_nothing or each.nonce in known or each.nonce in new:
            continue
        cap, of_token = fetch_caps.count(
            site_id=each.site_id,
            daily_limit=each.daily_limit,
            token_mac=each.token_mac,
            address_key=each.address_key,
            now=each.at,
        )
        if cap is None:
            new[each.nonce] = Interaction(
                site_id=each.site_id,
                entity_id=each.entity_id,
                nonce=each.nonce,
                page=each.page,
                created_at=each.at,
                is_suspect=caps.is_suspect(of_token),
            )
    Interaction.objects.bulk_create(new.values(), ignore_conflicts=True)
    known |= _known(set(new))
    of_site = {each.nonce: each.site_id for each in fetches}
    return {nonce: pk for nonce, (pk, site_id) in known.items() if of_site[nonce] == site_id}


def _known(nonces: set[UUID]) -> dict[UUID, tuple[UUID, UUID]]:
    rows = Interaction.objects.filter(nonce__in=nonces).values_list("nonce", "pk", "site_id")
    return {nonce: (pk, site_id) for nonce, pk, site_id in rows}


def _crowded(interaction_ids: Iterable[UUID]) -> set[UUID]:
    counts = (
        Evidence.objects.filter(interaction_id__in=interaction_ids)
        .values("interaction_id")
        .annotate(number=Count("pk"))
    )
    return {row["interaction_id"] for row in counts if row["number"] >= MOST_EVIDENCE}


def _crawlers(seen: dict[str, datetime]) -> dict[str, int]:
    """The row of each address that claims to be Pinterest's; a new one is due to be checked."""
    CrawlerAddress.objects.bulk_create(
        [
            CrawlerAddress(address=address, seen_at=at, next_check_at=at)
            for address, at in seen.items()
        ],
        ignore_conflicts=True,
    )
    rows = CrawlerAddress.objects.filter(address__in=seen)
    return {row.address: row.pk for row in rows}
