"""What the doors need of sites and entities, kept in this process for a few seconds.

While the database is away, what was known last goes on being used: the picture of a Pin must not
break.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
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
    def __init__(self, read: Callable[[str], T | None]) -> None:
        self._read = read
        self._known: dict[str, tuple[float, T | None]] = {}

    def get(self, key: str) -> T | None:
        """What is known of `key`. Raises DatabaseError when nothing is and nobody can say."""
        if len(key) > LONGEST_KEY or "\x00" in key:
            return None  # whoever invents names must neither fill the memory nor reach the database
        now = time.monotonic()
        known = self._known.get(key)
        if known is not None and known[0] > now:
            return known[1]
        try:
            value = self._read(key)
        except DatabaseError:
            if known is None:
                raise
            value = known[1]
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[key] = (now + LIFE_S, value)
        return value

    def forget(self) -> None:
        self._known.clear()


def _read_site(key: str) -> KnownSite | None:
    site = Site.objects.filter(key=key).prefetch_related("signing_keys").first()
    if site is None:
        return None
    return KnownSite(
        pk=site.pk,
        key=site.key,
        origins=frozenset(site.origins),
        consent=site.consent,
        is_paused=site.is_paused,
        tag_landing=site.tag_landing,
        daily_limit=site.daily_limit,
        keys={row.key_id: known for row in site.signing_keys.all() if (known := _open(row))},
    )


def _open(row: SigningKey) -> KnownKey | None:
    try:
        secret = sealer().open(row.secret_sealed, place=row.place)
    except SealBroken:
        return None
    return KnownKey(secret.encode(), row.accepted_until)


def _read_entity(key: str) -> KnownEntity | None:
    entity = Entity.objects.filter(key=key).select_related("site").first()
    if entity is None:
        return None
    return KnownEntity(
        pk=entity.pk,
        key=entity.key,
        site_key=entity.site.key,
        file_name=entity.file_name,
        content_type=entity.content_type,
        extension=entity.extension,
        is_archived=entity.archived_at is not None,
    )


_SITES = _Memory(_read_site)
_ENTITIES = _Memory(_read_entity)

known_site = _SITES.get
known_entity = _ENTITIES.get


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
