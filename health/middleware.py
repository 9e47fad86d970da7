"""Answers the machines that watch this one before sessions and people are looked up.

Those take the database, which may be what is away.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from health import views

_DOORS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": views.healthz,
    "/readyz": views.readyz,
    "/metrics": views.metrics_page,
}


class HealthDoorMiddleware:
    """Stands ahead of everything that asks the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        door = _DOORS.get(request.path)
        if door is None:
            return self.get_response(request)
        request.get_host()  # a name that is not ours is refused here too
        return door(request)
