"""The door that clicks come in by."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from interactions.forms.clicks import Beacon, Unreadable, read_beacon
from interactions.models import Consent
from interactions.policy.agents import LONGEST_KEPT
from interactions.policy.caps import Cap, is_suspect
from interactions.policy.levels import Level
from interactions.policy.marks import plain_page
from interactions.policy.nonces import read_nonce
from interactions.policy.tokens import PageToken, flaw_of, read_page_token
from interactions.selectors.known_sites import KnownEntity, KnownSite, key_of, known_entity
from interactions.services import caps
from interactions.services.clicks import Click, Kept, NonceTaken, keep_click
from interactions.services.group_commit import TooBusy
from interactions.services.salts import address_key
from interactions.views.addresses import client_address
from interactions.views.answers import Answer, Refusal, json_answer, small_body
from interactions.views.origins import site_of_origin

_CAPS = {
    Cap.SITE: "This site has had all the clicks of its day. Raise its daily limit in PinApp.",
    Cap.TOKEN: "This page token is used up. Load the page again.",
    Cap.ADDRESS: "That is very fast. Wait a minute.",
}


def click(request: HttpRequest) -> Answer:
    """Keep a click: 201 with its record, 200 with the same record when it is told again."""
    beacon = _beacon(request)
    site = site_of_origin(request, beacon.site)
    if _asks_not_to_be_tracked(request) or (site.consent == Consent.ASKED and not beacon.consent):
        return json_answer({"recorded": False}, origin=request.META["HTTP_ORIGIN"])
    kept, entity = _keep(request, beacon, site, now=timezone.now())
    return json_answer(
        _record(kept, entity),
        status=201 if kept.is_new else 200,
        origin=request.META["HTTP_ORIGIN"],
    )


def _beacon(request: HttpRequest) -> Beacon:
    try:
        return read_beacon(small_body(request))
    except Unreadable as error:
        raise Refusal(422, "unreadable", str(error)) from None


def _asks_not_to_be_tracked(request: HttpRequest) -> bool:
    return request.META.get("HTTP_SEC_GPC") == "1" or request.META.get("HTTP_DNT") == "1"


def _keep(
    request: HttpRequest, beacon: Beacon, site: KnownSite, *, now: datetime
) -> tuple[Kept, KnownEntity]:
    entity, token = _checked(beacon, site, now=now)
    nonce = read_nonce(beacon.nonce)
    landing = read_nonce(beacon.landing) if beacon.landing else None
    if nonce is None or (beacon.landing and landing is None) or nonce == landing:
        raise Refusal(422, "bad_nonce", "A nonce is 16 random bytes as 22 base64url characters.")
    visitor = address_key(client_address(request.META), now=now)
    cap, of_token = caps.clicks.count(
        site_id=site.pk,
        daily_limit=site.daily_limit,
        token_mac=token.mac,
        address_key=visitor,
        now=now,
    )
    if cap is not None:
        raise Refusal(429, cap.value, _CAPS[cap], retry_after=60)
    told = Click(
        site_id=site.pk,
        entity_id=entity.pk,
        nonce=nonce,
        landing=landing,
        page=token.page,
        page_url=plain_page(beacon.page_url),
        is_trusted=beacon.trusted,
        is_suspect=is_suspect(of_token),
        at=now,
        origin=request.META["HTTP_ORIGIN"],
        user_agent=request.META.get("HTTP_USER_AGENT", "").replace("\x00", "")[:LONGEST_KEPT],
        address_key=visitor,
    )
    try:
        return keep_click(told), entity
    except NonceTaken:
        raise Refusal(
            422, "nonce_taken", "This nonce is another click's. Make a new one."
        ) from None
    except TooBusy:
        raise Refusal(503, "busy", "Too many at once. Try again.", retry_after=1) from None


def _checked(beacon: Beacon, site: KnownSite, *, now: datetime) -> tuple[KnownEntity, PageToken]:
    """The entity and the token, which must be of this site. What is wrong with it is not said."""
    token = read_page_token(beacon.token)
    flaw = flaw_of(token, key_of=key_of, now=now)
    entity = known_entity(beacon.entity)
    if entity is None or entity.site_key != site.key or entity.is_archived:
        raise Refusal(422, "unknown_entity", "This site has nothing to pin by that name.")
    if token is None or flaw is not None or (token.site, token.entity) != (site.key, entity.key):
        raise Refusal(422, "bad_token", "The page token is no longer good. Load the page again.")
    return entity, token


def _record(kept: Kept, entity: KnownEntity) -> dict[str, Any]:
    return {
        "id": str(kept.id),
        "action": "pinit",
        "entity": entity.key,
        "verified": kept.level >= Level.VERIFIED,
        "created_at": kept.created_at,
    }
