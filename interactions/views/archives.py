"""Taking away and erasing what is kept of a site."""

from __future__ import annotations

import msgspec
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import MemberRequest, member_view
from accounts.downloads import file_answer
from accounts.policy import Role
from interactions.forms.erasing import EraseForm
from interactions.selectors.archives import archive_of
from interactions.services.reviewing import erase_interactions
from interactions.views.sites import find_site


@require_http_methods(["GET", "POST"])
@member_view(Role.OWNER)
def site_data(request: MemberRequest, key: str) -> HttpResponse:
    """What is kept of a site: export, and erasure with the site's name typed out."""
    site = find_site(request, key)
    form = EraseForm(request.POST or None, expected=site.name)
    if request.method == "POST" and form.is_valid():
        erased = erase_interactions(site=site, by=request.user)
        messages.success(request, f"{erased:,} interactions are erased.")
        return redirect("site_detail", site.key)
    context = {
        "form": form,
        "name": site.name,
        "back_url": reverse("site_detail", args=[site.key]),
        "export_url": reverse("site_export", args=[site.key]),
        "days": site.retention_days,
    }
    return render(
        request, "interactions/site_data.html", context, status=422 if form.errors else 200
    )


@require_GET
@member_view(Role.OWNER)
def site_export(request: MemberRequest, key: str) -> HttpResponse:
    """Everything, a JSON object on each line."""
    site = find_site(request, key)
    encode = msgspec.json.Encoder().encode
    lines = (encode(record) + b"\n" for record in archive_of(site))
    name = f"pin-its-{site.key}.ndjson"
    return file_answer(lines, name=name, content_type="application/x-ndjson")
