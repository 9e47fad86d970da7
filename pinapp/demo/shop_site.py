"""The demo shop as a site of the demo workspace, with its goods to pin."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts.models import User, Workspace
from accounts.sealing import SealBroken
from interactions.models import Consent, Entity, SigningKey, Site
from interactions.services.signing import add_signing_key, newest_key, open_secret
from interactions.services.sites import create_site, keep_entity
from pinapp.demo.shop.goods import GOODS, SHOP_NAME, Good
from pinapp.demo.shop.keys import Keys, read_keys, write_keys
from pinapp.demo.shop.pictures import picture_of
from pinterest.media.images import check_image

_RULES = {
    "name": SHOP_NAME,
    "consent": Consent.NOT_NEEDED,
    "tag_landing": True,
    "retention_days": 390,
    "daily_limit": 20_000,
}


def lay_out_shop(*, by: User, workspace: Workspace, shop_url: str, now: datetime) -> None:
    """Register the shop and its goods, or find them, and leave its keys where it looks.

    What a person has changed about the site stays; a good or an origin that is missing is added.
    """
    folder = Path(settings.VAR_DIR)
    with transaction.atomic():
        site = _site(folder, by=by, workspace=workspace, shop_url=shop_url, now=now)
        entities = {
            good.slug: _entity(site, good, by=by, shop_url=shop_url, now=now).key for good in GOODS
        }
        key, secret = _key(site, now=now)
    write_keys(folder, Keys(site=site.key, key_id=key.key_id, secret=secret, entities=entities))


def _site(folder: Path, *, by: User, workspace: Workspace, shop_url: str, now: datetime) -> Site:
    known = read_keys(folder)
    sites = Site.objects.filter(workspace=workspace)
    site = (sites.filter(key=known.site).first() if known else None) or sites.filter(
        name=SHOP_NAME
    ).first()
    if site is None:
        return create_site(
            workspace=workspace, by=by, wishes={**_RULES, "origins": [shop_url]}, now=now
        )
    if shop_url not in site.origins:
        site.origins = [*site.origins, shop_url]
        site.save(update_fields=["origins"])
    return site


def _entity(site: Site, good: Good, *, by: User, shop_url: str, now: datetime) -> Entity:
    page_url = shop_url + good.page_path
    known = site.entities.filter(page_url=page_url).first()
    if known is not None:
        return known
    return keep_entity(
        site=site,
        by=by,
        title=good.name,
        page_url=page_url,
        description=good.words,
        image=check_image(picture_of(good.slug)),
        image_url=shop_url + good.picture_path,
        now=now,
        takes_back=False,
    )


def _key(site: Site, *, now: datetime) -> tuple[SigningKey, str]:
    """The key it signs with; a new one where there is none, or none that TOKEN_KEYS still open."""
    try:
        key = newest_key(site)
        return key, open_secret(key)
    except (SigningKey.DoesNotExist, SealBroken):
        return add_signing_key(site, now=now)
