"""The ASGI entry point that the web server loads: the edge around Django and the public doors."""

from __future__ import annotations

import re
import resource
from typing import Any

from django.conf import settings

# First of ours: it sets Django up.
from pinapp.wsgi import application as inside  # isort: skip

from django.contrib.auth import get_user
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.utils.module_loading import import_string

from interactions.door import is_public
from interactions.services.spool import start_draining
from pinapp.edge.app import Edge
from pinapp.edge.limits import GB, MB, Limits
from pinapp.edge.pools import Pool
from pinapp.edge.sockets import bound_connections

_WATCHING = {"/readyz": "watch", "/metrics": "watch", "/healthz": "up"}


def _lane_of(method: str, path: str) -> str:
    if is_public(method, path) or path.startswith("/pins/pictures/"):
        return "public"
    return _WATCHING.get(path, "pages")


def _member_of(environ: dict[str, Any]) -> str | None:
    """Who is signed in by the request's cookie: a key of the person, or None."""
    request = WSGIRequest({**environ})
    engine = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    request.session = engine(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    try:
        user = get_user(request)
        return str(user.pk) if user.is_authenticated else None
    finally:
        close_old_connections()


def _begin() -> None:
    """With the first request, and not with an import: only a server has either to do."""
    bound_connections()
    start_draining()


def _open_many_files() -> None:
    """A connection is a file; as many as the system lets us have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


_open_many_files()
application = Edge(
    inside,
    pools={
        "up": Pool("up", threads=1, most_waiting=1000),
        "watch": Pool("watch", threads=2, most_waiting=100),
        "public": Pool("public", threads=8, most_waiting=2000),
        "pages": Pool("pages", threads=8, most_waiting=500),
        "uploads": Pool("uploads", threads=4, most_waiting=100),
    },
    lane_of=_lane_of,
    folder=settings.VAR_DIR / "incoming",
    proxies=settings.TRUSTED_PROXIES,
    # A video by itself, or in a form of the composer, from browsers without scripts.
    limits=Limits(large=((re.compile(r"/pins/(?:videos/|new|[-\w]+/edit/)"), 2 * GB + 128 * MB),)),
    member_of=_member_of,
    afterwards=close_old_connections,
    at_first=_begin,
    more_on_refusals=(
        {"Strict-Transport-Security": f"max-age={settings.SECURE_HSTS_SECONDS}"}
        if settings.SECURE_HSTS_SECONDS
        else {}
    ),
)
