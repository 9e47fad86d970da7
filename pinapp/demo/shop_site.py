"""The demo shop as a site of the demo workspace, with its goods to pin."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import User, Workspace
from accounts.sealing import SealBroken
from interactions.models import Entity, SigningKey, Site
from interactions.services.signing import add_signing_key, newest_key, open_secret
from pinapp.demo.shop.goods import GOODS, SHOP_NAME, Good
from pinapp.demo.shop.keys import Keys, read_keys, write_keys
from pinapp.demo.shop.pictures import picture_of


def lay_out_shop(*, by: User, workspace: Workspace, shop_url: str, now: datetime) -> None:
    """Register the shop and its goods, or find them, and leave its keys where it looks.

    What a person has changed about the site stays; a good or an origin that is missing is added.
    """
    folder = Path(settings.VAR_DIR)
    with transaction.atomic():
        site = _site(folder, by=by, workspace=workspace, shop_url=shop_url)
        entities = {good.slug: _entity(site, good, by=by, shop_url=shop_url).key for good in GOODS}
        key, secret = _key(site, now=now)
    write_keys(folder, Keys(site=site.key, key_id=key.key_id, secret=secret, entities=entities))


def _site(folder: Path, *, by: User, workspace: Workspace, shop_url: str) -> Site:
    known = read_keys(folder)
    sites = Site.objects.filter(workspace=workspace)
    site = (sites.filter(key=known.site).first() if known else None) or sites.filter(
        name=SHOP_NAME
    ).first()
    if site is None:
        return Site.objects.create(
            workspace=workspace, name=SHOP_NAME, origins=[shop_url], created_by=by
        )
    if shop_url not in site.origins:
        site.origins = [*site.origins, shop_url]
        site.save(update_fields=["origins"])
    return site


def _entity(site: Site, good: Good, *, by: User, shop_url: str) -> Entity:
    page_url = shop_url + good.page_path
    known = site.entities.filter(page_url=page_url).first()
    if known is not None:
        return known
    picture = picture_of(good.slug)
    entity = Entity(
        site=site,
        title=good.name,
        page_url=page_url,
        description=good.words,
        image_sha256=hashlib.sha256(picture).hexdigest(),
        content_type="image/jpeg",
        size=len(picture),
        width=1000,
        height=1500,
        origin_url=shop_url + good.picture_path,
        created_by=by,
    )
    if not default_storage.exists(entity.file_name):
        default_storage.save(entity.file_name, ContentFile(picture))
    entity.save(force_insert=True)
    return entity


def _key(site: Site, *, now: datetime) -> tuple[SigningKey, str]:
    """The key it signs with; a new one where there is none, or none that TOKEN_KEYS still open."""
    try:
        key = newest_key(site)
        return key, open_secret(key)
    except (SigningKey.DoesNotExist, SealBroken):
        return add_signing_key(site, now=now)
