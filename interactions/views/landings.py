"""The doors that visits of landing pages come in by."""

from __future__ import annotations

import hmac
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from interactions.forms.clicks import Crawl, Unreadable, read_crawl, read_landing
from interactions.models import Consent
from interactions.policy.agents import LONGEST_KEPT, Agent, agent_of
from interactions.policy.crawler import read_address
from interactions.policy.levels import EvidenceKind
from interactions.policy.nonces import read_nonce
from interactions.policy.referers import is_in_app, is_pinterest, origin_of
from interactions.policy.reports import is_fresh, sign_report
from interactions.selectors.known_sites import KnownSite, key_of, known_site
from interactions.services.landings import Landing, keep_landing
from interactions.services.salts import address_key
from interactions.views.addresses import client_address
from interactions.views.answers import Answer, Refusal, empty_answer, small_body
from interactions.views.origins import site_of_origin
from interactions.views.pictures import pinterest_pages


def landing(request: HttpRequest) -> Answer:
    """A person who came from Pinterest. The answer never says whether the mark is known."""
    try:
        told = read_landing(small_body(request))
    except Unreadable as error:
        raise Refusal(422, "unreadable", str(error)) from None
    site = site_of_origin(request, told.site)
    mark = read_nonce(told.landing)
    agent = request.META.get("HTTP_USER_AGENT", "").replace("\x00", "")[:LONGEST_KEPT]
    referer = origin_of(told.referrer)
    comes_from_pinterest = is_in_app(agent) or is_pinterest(
        referer, pinterest_pages(settings.PINTEREST_OAUTH_URL)
    )
    may_be_kept = _may_be_kept(request) and (site.consent != Consent.ASKED or told.consent)
    if mark and comes_from_pinterest and agent_of(agent) is Agent.PERSON and may_be_kept:
        now = timezone.now()
        keep_landing(
            Landing(
                site_id=site.pk,
                landing=mark,
                kind=EvidenceKind.LANDING_VISIT,
                at=now,
                user_agent=agent,
                address_key=address_key(client_address(request.META), now=now),
                referer_origin=referer,
            )
        )
    return empty_answer(origin=request.META["HTTP_ORIGIN"])


def crawl(request: HttpRequest) -> Answer:
    """Pinterest's crawler at a publisher's page, as the publisher's server saw it."""
    now = timezone.now()
    try:
        told = read_crawl(small_body(request))
    except Unreadable as error:
        raise Refusal(422, "unreadable", str(error)) from None
    site = known_site(told.site)
    if site is None or not _is_signed(told, now=now):
        raise Refusal(
            403, "bad_signature", "The report is not signed as docs/pinit.md says, or is too old."
        )
    _keep_crawl(told, site, now=now)
    return empty_answer()


def _keep_crawl(told: Crawl, site: KnownSite, *, now: datetime) -> None:
    mark, address = read_nonce(told.landing), read_address(told.address)
    if mark is None or address is None:
        raise Refusal(422, "unreadable", "`landing` or `address` is none.")
    if agent_of(told.user_agent) is not Agent.CRAWLER or site.is_paused:
        return
    keep_landing(
        Landing(
            site_id=site.pk,
            landing=mark,
            kind=EvidenceKind.LANDING_CRAWL,
            at=now,
            user_agent=told.user_agent[:LONGEST_KEPT],
            address_key=address_key(str(address), now=now),
            crawler=str(address),
        )
    )


def _is_signed(told: Crawl, *, now: datetime) -> bool:
    secret = key_of(told.site, told.key_id)
    expected = sign_report(
        secret or b"none",
        site=told.site,
        key_id=told.key_id,
        landing=told.landing,
        address=told.address,
        at=told.at,
        user_agent=told.user_agent,
    )
    genuine = hmac.compare_digest(expected.encode(), told.mac.encode())
    return secret is not None and genuine and is_fresh(told.at, now=now)


def _may_be_kept(request: HttpRequest) -> bool:
    return request.META.get("HTTP_SEC_GPC") != "1" and request.META.get("HTTP_DNT") != "1"
