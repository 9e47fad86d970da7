"""The page of a workspace's publishing preferences."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, member_view
from accounts.policy import Role, role_allows
from publishing.pages.forms import FIELDS, PreferencesForm
from publishing.pins.selectors.preferences import preferences_of
from publishing.pins.services.preferences import save_preferences
from publishing.pins.views.sections import section_nav

TITLES = {
    "late": "Late Pins",
    "clock": "The queue, on nights when the clocks change",
    "repeats": "Repeats",
}


@require_http_methods(["GET", "POST"])
@member_view()
def preferences(request: MemberRequest) -> HttpResponse:
    """See how this workspace's Pins go out; owners change it."""
    may_edit = role_allows(request.membership.role, needed=Role.OWNER)
    if request.method == "POST":
        return _save(request)
    form = PreferencesForm(instance=preferences_of(request.workspace))
    return _page(request, form, may_edit=may_edit)


@member_view(Role.OWNER)
def _save(request: MemberRequest) -> HttpResponse:
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return _page(request, form, may_edit=True)
    save_preferences(workspace=request.workspace, by=request.user, wishes=form.cleaned_data)
    messages.success(request, "The publishing preferences are saved.")
    return redirect("preferences")


def _page(request: MemberRequest, form: PreferencesForm, *, may_edit: bool) -> HttpResponse:
    context = {
        "sections": section_nav(request),
        "form": form if may_edit else None,
        "parts": [
            {
                "id": part,
                "title": title,
                "fields": [form[name] for name in FIELDS[part]] if may_edit else [],
                "facts": [] if may_edit else [_fact(form, name) for name in FIELDS[part]],
            }
            for part, title in TITLES.items()
        ],
        "action": reverse("preferences"),
    }
    return render(
        request, "publishing/pages/preferences.html", context, status=422 if form.errors else 200
    )


def _fact(form: PreferencesForm, name: str) -> dict[str, Any]:
    """A preference in words, for who may not change it."""
    value = getattr(form.instance, name)
    display = getattr(form.instance, f"get_{name}_display", None)
    if display is not None:
        text = display()
    elif isinstance(value, bool):
        text = "Yes" if value else "No"
    else:
        text = "Never" if value is None else str(value)
    return {"label": form[name].label, "text": text}
