"""The door that hands out page tokens."""

from __future__ import annotations

from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from interactions.policy.tokens import mint
from interactions.selectors.known_sites import KnownSite, known_entities
from interactions.services.signing import OFFERS_LIVE
from interactions.views.answers import Answer, Refusal, json_answer
from interactions.views.origins import site_of_origin

_MOST = 100
MEDIA_PATH = "/interactions/verify/pinit/"


def offer(request: HttpRequest) -> Answer:
    """Page tokens for the entities a page shows; those that are not the site's are left out."""
    site = site_of_origin(request, request.GET.get("site", ""))
    keys = list(dict.fromkeys(request.GET.getlist("entity")))
    if not keys or len(keys) > _MOST:
        raise Refusal(422, "how_many", f"Name 1 to {_MOST} entities.")
    entities = [
        entity
        for entity in known_entities(keys).values()
        if entity.site_key == site.key and not entity.is_archived
    ]
    expires_at = timezone.now() + OFFERS_LIVE
    key_id, secret = _newest(site)
    try:
        tokens = {
            entity.key: mint(
                key=secret,
                key_id=key_id,
                site=site.key,
                entity=entity.key,
                page=request.GET.get("page", ""),
                expires_at=expires_at,
            )
            for entity in entities
        }
    except ValueError:
        raise Refusal(
            422, "bad_page", "The page's mark is up to 32 letters, digits, - and _."
        ) from None
    body = {
        "tokens": tokens,
        "expires_at": expires_at,
        "media": {each.key: urljoin(settings.PUBLIC_URL, MEDIA_PATH) for each in entities},
        "format": {each.key: each.extension for each in entities},
        "tag_landing": site.tag_landing,
        "consent": site.consent,
    }
    kept = {"Cache-Control": "private, max-age=300"}
    return json_answer(body, origin=request.META["HTTP_ORIGIN"], more=kept)


def _newest(site: KnownSite) -> tuple[str, bytes]:
    for key_id, key in site.keys.items():
        if key.accepted_until is None:
            return key_id, key.secret
    raise Refusal(503, "no_key", "This site's signing key can't be read. Make a new one in PinApp.")
