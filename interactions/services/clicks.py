"""Keeping clicks: one row for each nonce, however often and in whatever order its news come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import DatabaseError, transaction
from django.db import connection as database

from interactions.models import Evidence, Interaction
from interactions.policy.ids import new_id
from interactions.policy.levels import POLICY_VERSION, EvidenceKind, Level
from interactions.services.group_commit import GroupCommit
from interactions.services.reckoning import reckon
from interactions.stored import KEEP_CLICKS

_encode = msgspec.json.Encoder().encode


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
    made = _insert_in_one_statement(clicks, ids)
    return [
        Kept(id_, click.at, _level(click), is_new=True) if id_ in made else None
        for click, id_ in zip(clicks, ids, strict=True)
    ]


_TOGETHER: GroupCommit[Click, Kept | None] = GroupCommit(_write, faults=(DatabaseError,))


def _insert_in_one_statement(clicks: Sequence[Click], ids: Sequence[UUID]) -> set[UUID]:
    """In one round trip and one commit: a click is to cost less than a plain INSERT.

    As one text: to put many values into a statement costs the driver more than all else.
    """
    rows = [
        {
            "id": id_,
            "site_id": click.site_id,
            "entity_id": click.entity_id,
            "nonce": click.nonce,
            "landing": click.landing,
            "page": click.page,
            "page_url": click.page_url,
            "level": _level(click),
            "is_suspect": click.is_suspect,
            "at": click.at,
            "kind": _kind(click).value,
            "user_agent": click.user_agent,
            "address_key": click.address_key,
            "origin": click.origin,
            "policy_version": POLICY_VERSION,
        }
        for click, id_ in zip(clicks, ids, strict=True)
    ]
    with database.cursor() as cursor:
        cursor.execute(KEEP_CLICKS, [_encode(rows).decode()])
        return {row[0] for row in cursor.fetchall()}


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
