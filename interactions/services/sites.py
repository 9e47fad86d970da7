"""Registering sites and what can be pinned there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import User, Workspace
from foundation.fetching.fetch import fetch_image
from interactions.models import Entity, SigningKey, Site
from interactions.policy.origins import list_shown, read_origin
from interactions.selectors.known_sites import forget_known
from interactions.services.signing import add_signing_key
from pinterest.media.images import CheckedImage, check_image

_PICTURE = ("image_sha256", "content_type", "size", "width", "height", "is_first_of_several")
CHANGEABLE = ("name", "origins", "consent", "tag_landing", "retention_days", "daily_limit")


class PageElsewhere(Exception):
    """The page is not on one of the site's origins."""

    def __init__(self, site: Site) -> None:
        super().__init__(
            f"This page is not on {list_shown(site.origins, between=' or ')}. Give a page of the "
            "site, or add its origin in the site's settings."
        )


class KnownAlready(Exception):
    """The site has this page with this picture already."""

    def __init__(self, entity: Entity) -> None:
        rest = " It is offered no more: offer it again on its page." if entity.archived_at else ""
        super().__init__(f"“{entity.title}” has this page and this picture already.{rest}")
        self.entity = entity


@transaction.atomic
def create_site(
    *, workspace: Workspace, by: User, wishes: Mapping[str, Any], now: datetime
) -> Site:
    """Register a site and give it its first signing key."""
    site = Site(workspace=workspace, created_by=by, created_at=now)
    for name in CHANGEABLE:
        setattr(site, name, wishes[name])
    site.save(force_insert=True)
    add_signing_key(site, now=now)
    transaction.on_commit(forget_known)
    return site


@transaction.atomic
def change_site(*, site: Site, by: User, wishes: Mapping[str, Any]) -> None:  # noqa: ARG001 - who acts is part of every write
    """Change what a person may change of a site."""
    for name in CHANGEABLE:
        setattr(site, name, wishes[name])
    site.save(update_fields=list(CHANGEABLE))
    transaction.on_commit(forget_known)


def pause_site(*, site: Site, by: User, paused: bool) -> None:  # noqa: ARG001 - likewise
    """Stop or go on recording; pictures are sent either way."""
    site.is_paused = paused
    site.save(update_fields=["is_paused"])
    forget_known()


def replace_key(*, site: Site, by: User, now: datetime) -> tuple[SigningKey, str]:  # noqa: ARG001 - likewise
    """Give the site a new signing key; returns it and its secret, which is shown once."""
    made = add_signing_key(site, now=now)
    forget_known()
    return made


def add_entity(
    *,
    site: Site,
    by: User,
    title: str,
    page_url: str,
    description: str,
    data: bytes | None,
    image_url: str,
    now: datetime,
) -> Entity:
    """Add a page and its picture: `data`, or else fetched once from `image_url`.

    Raises PageElsewhere, KnownAlready, FetchRejected and ImageRejected, each with a sentence.
    """
    if read_origin(page_url) not in site.origins:
        raise PageElsewhere(site)
    if data is None:
        data = fetch_image(image_url, allowed_networks=tuple(settings.FETCH_ALLOWED_NETWORKS))
    return keep_entity(
        site=site,
        by=by,
        title=title,
        page_url=page_url,
        description=description,
        image=check_image(data),
        image_url=image_url,
        now=now,
        takes_back=True,
    )


def keep_entity(
    *,
    site: Site,
    by: User | None,
    title: str,
    page_url: str,
    description: str,
    image: CheckedImage,
    image_url: str,
    now: datetime,
    takes_back: bool,
) -> Entity:
    """Write down a page and its picture; `takes_back`: also one that is offered no more.

    Raises PageElsewhere and KnownAlready.
    """
    if read_origin(page_url) not in site.origins:
        raise PageElsewhere(site)
    known = site.entities.filter(page_url=page_url, image_sha256=image.sha256).first()
    if known is not None and (known.archived_at is None or not takes_back):
        raise KnownAlready(known)
    entity = known or Entity(site=site, page_url=page_url, created_by=by, created_at=now)
    entity.title = title
    entity.description = description
    entity.origin_url = image_url if image.is_read_by_pinterest else ""
    entity.archived_at = None
    _take_picture(entity, image)
    entity.save()
    transaction.on_commit(forget_known)
    return entity


def change_entity(
    *,
    entity: Entity,
    by: User,  # noqa: ARG001 - likewise
    title: str,
    description: str,
    page_url: str,
) -> None:
    """Change its words, and the page it leads to. Raises PageElsewhere and KnownAlready."""
    if read_origin(page_url) not in entity.site.origins:
        raise PageElsewhere(entity.site)
    _refuse_twin(entity, page_url=page_url, image_sha256=entity.image_sha256)
    entity.title = title
    entity.description = description
    entity.page_url = page_url
    entity.save(update_fields=["title", "description", "page_url"])
    transaction.on_commit(forget_known)


def replace_picture(*, entity: Entity, by: User, data: bytes | None, image_url: str) -> None:  # noqa: ARG001 - likewise
    """Give an entity another picture: `data`, or else fetched once from `image_url`.

    Addresses of the picture stay and lead to the new one. The old file stays too: another process
    may be sending it. Raises KnownAlready, FetchRejected and ImageRejected.
    """
    if data is None:
        data = fetch_image(image_url, allowed_networks=tuple(settings.FETCH_ALLOWED_NETWORKS))
    image = check_image(data)
    _refuse_twin(entity, page_url=entity.page_url, image_sha256=image.sha256)
    entity.origin_url = image_url if image.is_read_by_pinterest else ""
    _take_picture(entity, image)
    entity.save(update_fields=["origin_url", *_PICTURE])
    transaction.on_commit(forget_known)


def offer_again(*, entity: Entity, by: User) -> None:  # noqa: ARG001 - likewise
    """Offer what was offered no more."""
    entity.archived_at = None
    entity.save(update_fields=["archived_at"])
    forget_known()


def _refuse_twin(entity: Entity, *, page_url: str, image_sha256: str) -> None:
    same = entity.site.entities.filter(page_url=page_url, image_sha256=image_sha256)
    twin = same.exclude(pk=entity.pk).first()
    if twin is not None:
        raise KnownAlready(twin)


def archive_entity(*, entity: Entity, by: User, now: datetime) -> None:  # noqa: ARG001 - likewise
    """Offer it no more. Its picture goes on being sent: Pins may need it."""
    entity.archived_at = now
    entity.save(update_fields=["archived_at"])
    forget_known()


def _take_picture(entity: Entity, image: CheckedImage) -> None:
    entity.image_sha256 = image.sha256
    entity.content_type = image.content_type
    entity.size = len(image.data)
    entity.width = image.width
    entity.height = image.height
    entity.is_first_of_several = image.is_first_of_several
    if not default_storage.exists(entity.file_name):
        default_storage.save(entity.file_name, ContentFile(image.data))
