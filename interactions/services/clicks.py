"""Keeping clicks: one row for each nonce, however often and in whatever order its news come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db import connection as database

from interactions.models import Evidence, Interaction
from interactions.policy.ids import new_id
from interactions.policy.levels import POLICY_VERSION, EvidenceKind, Level
from interactions.services.group_commit import GroupCommit
from interactions.services.reckoning import reckon


@dataclass(frozen=True, slots=True)
class Click:
    """A click as it was told: whose button, its nonces, and how it came."""

    site_id: UUID
    entity_id: UUID
    nonce: UUID
    landing: UUID | None
    page: str
    page_url: str
    is_trusted: bool
    is_suspect: bool
    at: datetime
    origin: str
    user_agent: str
    address_key: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The record of a click. `is_new`: this was the first that was heard of it."""

    id: UUID
    created_at: datetime
    level: int
    is_new: bool


class NonceTaken(Exception):
    """The nonce, or the one for the landing page, belongs to another click already."""


def keep_click(click: Click) -> Kept:
    """Write a click down, or find the record that its nonce has. Durable when it returns.

    Raises NonceTaken, TooBusy and DatabaseError.
    """
    kept = _TOGETHER.submit(click)
    return kept if kept is not None else _keep_known(click)


def _write(clicks: Sequence[Click]) -> list[Kept | None]:
    """Write new clicks; None for each whose nonce is known."""
    ids = [new_id() for _ in clicks]
    if database.vendor == "postgresql":
        made = _insert_in_one_statement(clicks, ids)
    else:
        made = _insert_one_by_one(clicks, ids)
    return [
        Kept(id_, click.at, _level(click), is_new=True) if id_ in made else None
        for click, id_ in zip(clicks, ids, strict=True)
    ]


_TOGETHER: GroupCommit[Click, Kept | None] = GroupCommit(_write, faults=(DatabaseError,))

_ROW: Final = "(" + ", ".join(["%s"] * 14) + ")"


@cache
def _insert(count: int) -> str:
    return f"""
WITH given (
    id, site_id, entity_id, nonce, landing, page, page_url, level, is_suspect, at, kind,
    user_agent, address_key, origin
) AS (VALUES {", ".join([_ROW] * count)}),
made AS (
    INSERT INTO interactions_interaction (
        id, site_id, entity_id, action, nonce, landing, page, page_url, level, policy_version,
        is_abuse, is_suspect, created_at, clicked_at
    ) SELECT id, site_id, entity_id, 'pinit', nonce, landing::uuid, page, page_url, level,
        {POLICY_VERSION}, false, is_suspect, at, CASE WHEN level > 0 THEN at END
    FROM given ON CONFLICT DO NOTHING RETURNING id
),
seen AS (
    INSERT INTO interactions_evidence (
        interaction_id, kind, at, method, user_agent, address_key, referer_origin, verdict, ptr,
        detail, policy_version, minute
    ) SELECT id, kind, at, 'POST', user_agent, address_key, origin, '', '', '', {POLICY_VERSION},
        date_trunc('minute', at)
    FROM given JOIN made USING (id)
)
SELECT id FROM made
"""  # noqa: S608 - made of counted placeholders


def _insert_in_one_statement(clicks: Sequence[Click], ids: Sequence[UUID]) -> set[UUID]:
    """In one round trip and one commit: a click is to cost less than a plain INSERT."""
    words: list[Any] = []
    for click, id_ in zip(clicks, ids, strict=True):
        words += (
            *(id_, click.site_id, click.entity_id, click.nonce, click.landing),
            *(click.page, click.page_url, _level(click), click.is_suspect, click.at),
            *(_kind(click).value, click.user_agent, click.address_key, click.origin),
        )
    with database.cursor() as cursor:
        cursor.execute(_insert(len(clicks)), words)
        return {row[0] for row in cursor.fetchall()}


@transaction.atomic
def _insert_one_by_one(clicks: Sequence[Click], ids: Sequence[UUID]) -> set[UUID]:
    made: set[UUID] = set()
    for click, id_ in zip(clicks, ids, strict=True):
        known = Interaction.objects.filter(nonce=click.nonce)
        if click.landing is not None:
            known |= Interaction.objects.filter(landing=click.landing)
        if known.exists():
            continue
        Interaction.objects.create(
            id=id_,
            site_id=click.site_id,
            entity_id=click.entity_id,
            nonce=click.nonce,
            landing=click.landing,
            page=click.page,
            page_url=click.page_url,
            level=_level(click),
            policy_version=POLICY_VERSION,
            is_suspect=click.is_suspect,
            created_at=click.at,
            clicked_at=click.at if click.is_trusted else None,
        )
        _add_evidence(id_, click)
        made.add(id_)
    return made


@transaction.atomic
def _keep_known(click: Click) -> Kept:
    """The record that a nonce has: told of twice, or fetched before its click was told."""
    known = Interaction.objects.select_for_update().filter(nonce=click.nonce).first()
    if known is None or (known.site_id, known.entity_id) != (click.site_id, click.entity_id):
        raise NonceTaken
    clicks = (EvidenceKind.CLICK, EvidenceKind.UNTRUSTED_CLICK)
    if known.evidence.filter(kind__in=clicks).exists():
        return Kept(known.pk, known.created_at, known.level, is_new=False)
    if Interaction.objects.filter(landing=click.landing, landing__isnull=False).exists():
        raise NonceTaken
    known.landing = click.landing
    known.page_url = click.page_url
    known.save(update_fields=["landing", "page_url"])
    _add_evidence(known.pk, click)
    reckon([known.pk])
    known.refresh_from_db(fields=["level"])
    return Kept(known.pk, known.created_at, known.level, is_new=True)


def _add_evidence(interaction_id: UUID, click: Click) -> None:
    Evidence.objects.create(
        interaction_id=interaction_id,
        kind=_kind(click).value,
        at=click.at,
        method="POST",
        user_agent=click.user_agent,
        address_key=click.address_key,
        referer_origin=click.origin,
        policy_version=POLICY_VERSION,
    )


def _kind(click: Click) -> EvidenceKind:
    return EvidenceKind.CLICK if click.is_trusted else EvidenceKind.UNTRUSTED_CLICK


def _level(click: Click) -> int:
    return Level.CLICKED.value if click.is_trusted else Level.NONE.value
