"""The door that Pinterest fetches pictures at. Whatever comes, it sends a picture."""

from __future__ import annotations

import logging
from functools import cache

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone

from interactions.policy.agents import LONGEST_KEPT
from interactions.policy.fetches import kind_of_fetch
from interactions.policy.levels import EvidenceKind
from interactions.policy.nonces import read_nonce
from interactions.policy.referers import is_pinterest, origin_of
from interactions.policy.tokens import PageToken, flaw_of, split_media_token
from interactions.selectors.known_sites import KnownEntity, key_of, known_entity, known_site
from interactions.services.fetches import Fetch
from interactions.services.pictures import neutral_picture, read_picture
from interactions.services.salts import address_key
from interactions.services.spool import spool
from interactions.views.addresses import client_address
from interactions.views.answers import Answer

logger = logging.getLogger(__name__)

_PROVES_NOTHING = (
    "HTTP_RANGE",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_RANGE",
    "HTTP_SEC_PURPOSE",
    "HTTP_PURPOSE",
    "HTTP_X_PURPOSE",
    "HTTP_X_MOZ",
)


def picture(request: HttpRequest, name: str) -> Answer:
    """The picture of a media token, and a note of who fetched it.

    The same bytes for a good token, an old one and a forged one: what is pinned must not break,
    and nobody learns which is which. For what names no picture of ours there is a neutral one.
    """
    token, nonce = split_media_token(name.rpartition(".")[0])
    try:
        # Reckoned for whatever can be read, before anything is decided by it.
        flaw = flaw_of(token, key_of=key_of, now=timezone.now())
        entity = known_entity(token.entity) if token else None
        if entity is None or token is None or entity.site_key != token.site:
            return _answer(request, neutral_picture(), "image/png")
        data = read_picture(entity.file_name)
    except (DatabaseError, OSError) as error:
        # A neutral picture would be pinned for good; this way Pinterest asks again.
        logger.warning("picture_not_read error=%s", type(error).__name__)
        return Answer(503, b"", {"Content-Length": "0", "Retry-After": "10"})
    if flaw is None and nonce is not None:
        _note(request, token, nonce, entity)
    return _answer(request, data, entity.content_type)


def plain_picture(request: HttpRequest, name: str) -> Answer:
    """An entity's picture as it stands on its page, with no mark of any click."""
    entity = known_entity(name.rpartition(".")[0])
    if entity is None:
        return _answer(request, neutral_picture(), "image/png")
    return _answer(request, read_picture(entity.file_name), entity.content_type)


def _answer(request: HttpRequest, data: bytes, content_type: str) -> Answer:
    headers = {
        "Content-Type": content_type,
        "Content-Length": str(len(data)),
        "Cache-Control": "private, no-store",
    }
    return Answer(200, b"" if request.method == "HEAD" else data, headers)


def _note(request: HttpRequest, token: PageToken, nonce: str, entity: KnownEntity) -> None:
    """Put the fetch down. Where that fails the picture goes out all the same."""
    now = timezone.now()
    site = known_site(token.site)
    nonce_bytes = read_nonce(nonce)
    if site is None or site.is_paused or nonce_bytes is None:
        return
    meta = request.META
    address = client_address(meta)
    user_agent = meta.get("HTTP_USER_AGENT", "").replace("\x00", "")[:LONGEST_KEPT]
    referer = origin_of(meta.get("HTTP_REFERER", ""))
    kind = kind_of_fetch(
        user_agent=user_agent,
        is_plain=request.method == "GET" and not any(name in meta for name in _PROVES_NOTHING),
        from_pinterest=bool(referer)
        and is_pinterest(referer, pinterest_pages(settings.PINTEREST_OAUTH_URL)),
    )
    try:
        visitor = address_key(address, now=now)
    except DatabaseError:
        visitor = ""
    spool.add(
        Fetch(
            site_id=site.pk,
            entity_id=entity.pk,
            nonce=nonce_bytes,
            page=token.page,
            token_mac=token.mac,
            daily_limit=site.daily_limit,
            kind=kind,
            at=now,
            method=(request.method or "")[:8],
            user_agent=user_agent,
            address_key=visitor,
            crawler=(address or "") if kind is EvidenceKind.CRAWLER_FETCH else "",
            referer_origin=referer,
        )
    )


@cache
def pinterest_pages(oauth_url: str) -> frozenset[str]:
    """The origin this installation knows Pinterest's pages by: the sandbox's, in a demo."""
    return frozenset({origin_of(oauth_url)})
