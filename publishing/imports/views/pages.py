"""What the pages of an import share: the import itself, and the way back to the row."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.access import MemberRequest
from publishing.imports.selectors.imports import imports_of
from publishing.models import Import


def import_of(request: MemberRequest, import_id: UUID) -> Import:
    """The workspace's import. Raises Http404."""
    return get_object_or_404(imports_of(request.workspace), pk=import_id)


def back_to(request: MemberRequest, batch: Import, *, anchor: str = "") -> HttpResponse:
    """The page the person came from, at the row they changed."""
    show, page = request.POST.get("show", ""), request.POST.get("page", "")
    query = "&".join(
        f"{name}={value}"
        for name, value in (("show", show), ("page", page))
        if value.isalnum() and value.isascii()
    )
    row = anchor if anchor.removeprefix("row-").isdecimal() else ""
    url = reverse("import_detail", args=[batch.pk])
    return redirect(f"{url}{'?' if query else ''}{query}{'#' if row else ''}{row}")
