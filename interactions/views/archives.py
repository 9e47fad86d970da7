"""Taking away and erasing what is kept of a site."""

from __future__ import annotations

from typing import Any

import msgspec
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import MemberRequest, member_view
from accounts.policy import Role
from foundation.leases.nudge import nudge
from foundation.tables.downloads import file_answer
from interactions.forms.erasing import EraseForm
from interactions.models import Erasure, Site
from interactions.selectors.archives import archive_of
from interactions.selectors.erasures import erasure_under_way, past_erasures
from interactions.services.erasing import ask_to_erase
from interactions.tasks import erase_asked
from interactions.views.sites import find_site

_PAST = 5


@require_http_methods(["GET", "POST"])
@member_view(Role.OWNER)
def site_data(request: MemberRequest, key: str) -> HttpResponse:
    """What is kept of a site: export, and erasure with the site's name typed out."""
    site = find_site(request, key)
    form = EraseForm(request.POST or None, expected=site.name)
    if request.method == "POST" and form.is_valid():
        ask_to_erase(site=site, by=request.user, now=timezone.now())
        nudge(erase_asked)
        messages.success(request, "What was kept until now is being erased.")
        return redirect("site_data", site.key)
    context = {
        "form": form,
        "name": site.name,
        "back_url": reverse("site_detail", args=[site.key]),
        "export_url": reverse("site_export", args=[site.key]),
        "days": site.retention_days,
        "erasing": _progress(site),
        "past": [_told(each) for each in past_erasures(site)[:_PAST]],
    }
    return render(
        request, "interactions/site_data.html", context, status=422 if form.errors else 200
    )


@require_GET
@member_view(Role.OWNER)
def erasing(request: MemberRequest, key: str) -> HttpResponse:
    """How far it is; once it is over, the page is to be shown anew."""
    progress = _progress(find_site(request, key))
    if progress is None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "interactions/_erasing.html", {"erasing": progress})


@require_GET
@member_view(Role.OWNER)
def site_export(request: MemberRequest, key: str) -> HttpResponse:
    """Everything, a JSON object on each line."""
    site = find_site(request, key)
    encode = msgspec.json.Encoder().encode
    lines = (encode(record) + b"\n" for record in archive_of(site))
    name = f"pin-its-{site.key}.ndjson"
    return file_answer(lines, name=name, content_type="application/x-ndjson")


def _told(erasure: Erasure) -> dict[str, Any]:
    count = "1 interaction" if erasure.done == 1 else f"{erasure.done:,} interactions"
    by = f", asked by {erasure.asked_by}" if erasure.asked_by else ""
    return {"at": erasure.asked_at, "text": f"{count}{by}."}


def _progress(site: Site) -> dict[str, Any] | None:
    erasure = erasure_under_way(site)
    if erasure is None:
        return None
    return {
        "url": reverse("site_erasing", args=[site.key]),
        "done": erasure.done,
        "total": erasure.total,
        "text": f"{erasure.done:,} of {erasure.total:,}",
    }
