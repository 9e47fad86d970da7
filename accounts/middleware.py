"""Shows times in the zone of the person who looks."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.access import known_membership
from accounts.policy import zone_named


class LocalTimeMiddleware:
    """Activates the user's time zone, or the workspace's when they have not set one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            with timezone.override(zone_named(zone_of(request))):
                return self.get_response(request)
        return self.get_response(request)


def zone_of(request: HttpRequest) -> str:
    """IANA name of the zone this request's person reads and writes times in."""
    if not request.user.is_authenticated:
        return "UTC"
    if request.user.time_zone:
        return request.user.time_zone
    membership = known_membership(request)
    return membership.workspace.time_zone if membership else "UTC"
