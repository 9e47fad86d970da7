"""Whose pages may speak for a site."""

from __future__ import annotations

from django.http import HttpRequest

from interactions.policy.origins import is_allowed
from interactions.selectors.known_sites import KnownSite, known_site
from interactions.views.answers import Refusal


def site_of_origin(request: HttpRequest, site_key: str) -> KnownSite:
    """The site, if the request comes from one of its own pages. Raises Refusal.

    Outside of browsers an Origin can be made up: what comes in here is not authenticated.
    """
    site = known_site(site_key)
    if site is None:
        raise Refusal(
            403, "unknown_site", "No site has this key. Copy the snippet from PinApp again."
        )
    if not is_allowed(request.META.get("HTTP_ORIGIN", ""), site.origins):
        raise Refusal(
            403,
            "origin_not_allowed",
            "This page's origin is not one of the site's. Add it in PinApp, exactly as it is.",
        )
    if site.is_paused:
        raise Refusal(403, "paused", "This site is paused in PinApp.")
    return site
