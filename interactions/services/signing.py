"""The keys that page tokens of a site are signed with."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from accounts.wire import sealer
from interactions.models import SigningKey, Site
from interactions.policy.tokens import mint

OLD_KEYS_LIVE: Final = timedelta(days=30)
"""How long a replaced key still opens tokens: pages that were cached are served that long."""

OFFERS_LIVE: Final = timedelta(days=7)
"""How long a page token that we hand out is good for: tabs stay open, Pinterest fetches late."""


def add_signing_key(site: Site, *, now: datetime) -> tuple[SigningKey, str]:
    """Give the site a new key; those before it are accepted for a while longer.

    Returns the row, and the secret as text: its publisher's server signs with it.
    """
    secret = secrets.token_urlsafe(32)
    key = SigningKey(site=site, key_id=secrets.token_hex(3), created_at=now)
    key.secret_sealed = sealer().seal(secret, place=key.place)
    with transaction.atomic():
        site.signing_keys.filter(accepted_until=None).update(accepted_until=now + OLD_KEYS_LIVE)
        key.save(force_insert=True)
    return key, secret


def open_secret(key: SigningKey) -> str:
    """The secret of a key. Raises SealBroken."""
    return sealer().open(key.secret_sealed, place=key.place)


def newest_key(site: Site) -> SigningKey:
    """The key that new tokens are signed with. Raises SigningKey.DoesNotExist."""
    return site.signing_keys.filter(accepted_until=None).latest("created_at")


def offer_token(*, site: Site, entity_key: str, page: str, now: datetime) -> str:
    """A page token for one of the site's entities. Raises ValueError for a bad mark of the page."""
    key = newest_key(site)
    return mint(
        key=open_secret(key).encode(),
        key_id=key.key_id,
        site=site.key,
        entity=entity_key,
        page=page,
        expires_at=now + OFFERS_LIVE,
    )
