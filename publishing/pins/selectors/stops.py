"""Whether Pinterest refuses this server's app."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.wire import pinterest_app
from publishing.models import AppStop


def stops_of_this_app() -> QuerySet[AppStop]:
    """The stop, if there is one. Other credentials are another app, which is not stopped."""
    return AppStop.objects.filter(app_id=pinterest_app().app_id)


def current_stop() -> AppStop | None:
    """Why nothing is sent at present."""
    return stops_of_this_app().first()
