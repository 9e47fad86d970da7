"""What the doors need of sites and entities, kept in this process for a few seconds.

While the database is away, what was known last goes on being used: the picture of a Pin must not
break.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Generic, TypeVar
from uuid import UUID

from django.db import DatabaseError
from django.utils import timezone

from accounts.sealing import SealBroken
from accounts.wire import sealer
from interactions.models import Entity, SigningKey, Site

LIFE_S: Final = 5.0
_MOST: Final = 20_000
LONGEST_KEY: Final = 12  # as the models have it
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A signing key that is still accepted; None: for as long as it is the newest."""

    secret: bytes = field(repr=False)
    accepted_until: datetime | None


@dataclass(frozen=True, slots=True)
class KnownSite:
    """A site as the doors need it."""

    pk: UUID
    key: str
    origins: frozenset[str]
    consent: str
    is_paused: bool
    tag_landing: bool
    daily_limit: int
    keys: Mapping[str, KnownKey] = field(repr=False)


@dataclass(frozen=True, slots=True)
class KnownEntity:
    """An entity as the doors need it."""

    pk: UUID
    key: str
    site_key: str
    file_name: str
    content_type: str
    extension: str
    is_archived: bool


class _Memory(Generic[T]):
    def __init__(self, read: Callable[[Collection[str]], Mapping[str, T]]) -> None:
        self._read = read
        self._known: dict[str, tuple[float, T | None]] = {}

    def get(self, key: str) -> T | None:
        """What is known of `key`. Raises DatabaseError when nothing is and nobody can say."""
        known = self._known.get(key)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        return self.get_many([key]).get(key)

    def get_many(self, keys: Iterable[str]) -> dict[str, T]:
        """What is known of those of `keys` that are somebody's, in their order, asked for at once.

        Raises DatabaseError as `get` does.
        """
        now = time.monotonic()
        # Whoever invents names must neither fill the memory nor reach the database.
        names = [key for key in keys if len(key) <= LONGEST_KEY and "\x00" not in key]
        found = {key: self._known.get(key) for key in names}
        stale = [key for key, known in found.items() if known is None or known[0] <= now]
        if stale:
            if len(self._known) + len(stale) > _MOST:
                self._known.clear()
            for key, value in self._read_anew(stale, found).items():
                found[key] = self._known[key] = (now + LIFE_S, value)
        return {key: known[1] for key, known in found.items() if known and known[1] is not None}

    def _read_anew(
        self, keys: list[str], found: Mapping[str, tuple[float, T | None] | None]
    ) -> dict[str, T | None]:
        try:
            read = self._read(keys)
        except DatabaseError:
            before = {key: known for key in keys if (known := found[key])}
            if len(before) < len(keys):
                raise
            return {key: known[1] for key, known in before.items()}
        return {key: read.get(key) for key in keys}

    def forget(self) -> None:
        self._known.clear()


def _read_sites(keys: Collection[str]) -> dict[str, KnownSite]:
    sites = Site.objects.filter(key__in=keys).prefetch_related("signing_keys")
    return {
        site.key: KnownSite(
            pk=site.pk,
            key=site.key,
            origins=frozenset(site.origins),
            consent=site.consent,
            is_paused=site.is_paused,
            tag_landing=site.tag_landing,
            daily_limit=site.daily_limit,
            keys={row.key_id: known for row in site.signing_keys.all() if (known := _open(row))},
        )
        for site in sites
    }


def _open(row: SigningKey) -> KnownKey | None:
    try:
        secret = sealer().open(row.secret_sealed, place=row.place)
    except SealBroken:
        return None
    return KnownKey(secret.encode(), row.accepted_until)


def _read_entities(keys: Collection[str]) -> dict[str, KnownEntity]:
    entities = Entity.objects.filter(key__in=keys).select_related("site")
    return {
        entity.key: KnownEntity(
            pk=entity.pk,
            key=entity.key,
            site_key=entity.site.key,
            file_name=entity.file_name,
            content_type=entity.content_type,
            extension=entity.extension,
            is_archived=entity.archived_at is not None,
        )
        for entity in entities
    }


_SITES = _Memory(_read_sites)
_ENTITIES = _Memory(_read_entities)

known_site = _SITES.get
known_entity = _ENTITIES.get
known_entities = _ENTITIES.get_many


def key_of(site_key: str, key_id: str) -> bytes | None:
    """The secret that tokens of a site with this key id are signed with, if still accepted."""
    site = known_site(site_key)
    key = site.keys.get(key_id) if site else None
    if key is None or (key.accepted_until is not None and key.accepted_until < timezone.now()):
        return None
    return key.secret


def forget_known() -> None:
    """Read everything anew; for tests, and for the process in which a person changed something."""
    _SITES.forget()
    _ENTITIES.forget()
