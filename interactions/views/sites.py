"""The pages of sites."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, member_view
from accounts.policy import Role, role_allows
from interactions.forms.sites import SiteForm
from interactions.models import Site
from interactions.policy.origins import list_shown
from interactions.selectors.sites import entities_of, site_of, sites_of
from interactions.services import sites

PAGE_SIZE = 24
DAYS = 30


@require_GET
@member_view()
def site_list(request: MemberRequest) -> HttpResponse:
    """The workspace's sites, with what came of their buttons lately."""
    since = timezone.now() - timedelta(days=DAYS)
    context = {
        "sites": [_card(site) for site in sites_of(request.workspace, since=since)],
        "new_url": reverse("site_new") if _may(request, Role.EDITOR) else None,
    }
    return render(request, "interactions/sites.html", context)


@require_http_methods(["GET", "POST"])
@member_view(Role.EDITOR)
def site_new(request: MemberRequest) -> HttpResponse:
    """Register a site."""
    form = SiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        site = sites.create_site(
            workspace=request.workspace,
            by=request.user,
            wishes=form.cleaned_data,
            now=timezone.now(),
        )
        messages.success(request, f"{site} is registered. Now add something to pin.")
        return redirect("site_detail", site.key)
    return _form(request, form, title="New site", back=reverse("interactions"))


@require_GET
@member_view()
def site_detail(request: MemberRequest, key: str) -> HttpResponse:
    """A site: what can be pinned there, its addresses and rules."""
    return _page(request, find_site(request, key))


@require_http_methods(["GET", "POST"])
@member_view(Role.EDITOR)
def site_settings(request: MemberRequest, key: str) -> HttpResponse:
    """Change a site."""
    site = find_site(request, key)
    form = SiteForm(request.POST or None, instance=site)
    if request.method == "POST" and form.is_valid():
        sites.change_site(site=site, by=request.user, wishes=form.cleaned_data)
        messages.success(request, "The site's settings are saved.")
        return redirect("site_detail", site.key)
    back = reverse("site_detail", args=[site.key])
    return _form(request, form, title=f"Settings of {site}", back=back)


@require_POST
@member_view(Role.EDITOR)
def site_pause(request: MemberRequest, key: str) -> HttpResponse:
    """Stop recording, or go on."""
    site = find_site(request, key)
    sites.pause_site(site=site, by=request.user, paused=request.POST.get("paused") == "yes")
    return redirect("site_detail", site.key)


@require_POST
@member_view(Role.OWNER)
@never_cache
def site_key(request: MemberRequest, key: str) -> HttpResponse:
    """Make a new signing key, and show its secret on this one page."""
    site = find_site(request, key)
    made, secret = sites.replace_key(site=site, by=request.user, now=timezone.now())
    return _page(request, site, shown={"key_id": made.key_id, "secret": secret})


def find_site(request: MemberRequest, key: str) -> Site:
    """The site, if it is the workspace's. Raises Http404."""
    site = site_of(request.workspace, key)
    if site is None:
        raise Http404
    return site


def _page(
    request: MemberRequest, site: Site, *, shown: dict[str, str] | None = None
) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:100]
    archived = request.GET.get("show") == "archived"
    found = entities_of(site, text=text, archived=archived)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    may_edit = _may(request, Role.EDITOR)
    context: dict[str, Any] = {
        "site": {"name": site.name, "key": site.key, "is_paused": site.is_paused},
        "entities": [
            {
                "title": each.title,
                "page_url": each.page_url,
                "url": reverse("entity_detail", args=[each.key]),
                "picture_url": reverse("entity_picture", args=[each.key]),
            }
            for each in page
        ],
        "page": page,
        "text": text,
        "query": urlencode({"q": text, "show": "archived" if archived else ""}) + "&",
        "archived": archived,
        "tabs": [
            {"label": "Offered", "url": "?", "active": not archived},
            {"label": "Offered no more", "url": "?show=archived", "active": archived},
        ],
        "many_url": reverse("list_new", args=[site.key]) if may_edit else None,
        "facts": _facts(site),
        "keys": [
            {"text": row.key_id, "until": row.accepted_until}
            for row in site.signing_keys.order_by("-created_at")
        ],
        "shown": shown,
        "results_url": reverse("site_results", args=[site.key]),
        "new_url": reverse("entity_new", args=[site.key]) if may_edit else None,
        "data_url": reverse("site_data", args=[site.key]) if _may(request, Role.OWNER) else None,
        "settings_url": reverse("site_settings", args=[site.key]) if may_edit else None,
        "pause_url": reverse("site_pause", args=[site.key]) if may_edit else None,
        "key_url": reverse("site_key", args=[site.key]) if _may(request, Role.OWNER) else None,
    }
    return render(request, "interactions/site_detail.html", context)


def _facts(site: Site) -> list[dict[str, str]]:
    return [
        {"label": "Addresses", "text": list_shown(site.origins)},
        {"label": "Site key", "text": site.key},
        {"label": "Clicks are recorded", "text": site.get_consent_display()},
        {"label": "Links of Pins", "text": "marked" if site.tag_landing else "left as they are"},
        {"label": "Kept for", "text": f"{site.retention_days} days"},
        {"label": "A day at most", "text": f"{site.daily_limit:,}"},
    ]


def _card(site: Any) -> dict[str, Any]:
    return {
        "name": site.name,
        "url": reverse("site_detail", args=[site.key]),
        "results_url": reverse("site_results", args=[site.key]),
        "origins": list_shown(site.origins),
        "is_paused": site.is_paused,
        "entities": site.entity_count,
        "clicks": site.click_count,
        "verified": site.verified_count,
    }


def _form(request: MemberRequest, form: SiteForm, *, title: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "back_url": back}
    return render(request, "interactions/form.html", context, status=422 if form.errors else 200)


def _may(request: MemberRequest, role: Role) -> bool:
    return role_allows(request.membership.role, needed=role)
