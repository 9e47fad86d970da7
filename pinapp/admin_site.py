"""The admin site: its name, and a first page that says what waits for a reviewer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

REVIEW_DAYS: Final = 30


class AdminConfig(DjangoAdminConfig):
    default_site = "pinapp.admin_site.PinAppAdminSite"


class PinAppAdminSite(AdminSite):
    """Django's, with a word on what to do first."""

    site_header = site_title = "PinApp administration"
    index_title = "Records"
    # The few kinds of records are on the first page; lists have the room.
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether somebody of the staff asks who has passed the second step in this session."""
        return super().has_permission(request) and _passed_second_step(request)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Where somebody goes who may not see the administration (yet)."""
        if super().has_permission(request) and not _passed_second_step(request):
            return _to_second_step(request)
        return super().login(request, extra_context)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The first page."""
        more = {"reviews": _reviews(request), "review_days": REVIEW_DAYS}
        return super().index(request, {**more, **(extra_context or {})})


def _passed_second_step(request: HttpRequest) -> bool:
    """A password alone does not open the administration, unless the installation says so."""
    if not settings.ADMIN_SECOND_STEP:
        return True
    # When Django sets the site up there are no models yet.
    from allauth.account.authentication import get_authentication_records  # noqa: PLC0415

    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def _to_second_step(request: HttpRequest) -> HttpResponse:
    """Ask for the code, or have a second step set up first."""
    from allauth.mfa.utils import is_mfa_enabled  # noqa: PLC0415

    if is_mfa_enabled(request.user):
        wanted = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': wanted})}")
    messages.warning(
        request,
        "The administration asks for a second step at sign-in, and you have none yet. "
        "Set it up here, then open the administration again.",
    )
    return redirect("mfa_activate_totp")


def _reviews(request: HttpRequest) -> list[dict[str, Any]]:
    """What waits, with where to find it; nothing for who may not see interactions."""
    if not request.user.has_perm("interactions.view_interaction"):
        return []
    # When Django sets the site up there are no models yet.
    from interactions.policy.levels import Level  # noqa: PLC0415
    from interactions.selectors.reviews import waiting_for_review  # noqa: PLC0415

    waiting = waiting_for_review(since=timezone.now() - timedelta(days=REVIEW_DAYS))
    records = reverse("admin:interactions_interaction_changelist")
    addresses = reverse("admin:interactions_crawleraddress_changelist")
    return [
        {
            "count": waiting.suspect,
            "label": "Suspect",
            "text": "one of unusually many",
            "url": f"{records}?is_suspect__exact=1&is_abuse__exact=0",
        },
        {
            "count": waiting.claimed,
            "label": "Fetched, not verified",
            "text": "by what calls itself Pinterest",
            "url": f"{records}?level__exact={Level.CLAIMED.value}&is_abuse__exact=0",
        },
        {
            "count": waiting.unknown_addresses,
            "label": "Addresses unknown",
            "text": "DNS has not said yet",
            "url": f"{addresses}?verdict__exact=unknown&tries__gt=0",
        },
        {
            "count": waiting.abuse,
            "label": "Abuse",
            "text": "marked, not counted",
            "url": f"{records}?is_abuse__exact=1",
        },
    ]
