"""The list of a workspace's Pins."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_view
from accounts.policy import Role, role_allows
from publishing.bulk.policy.bulk import BULK_LIMIT
from publishing.bulk.views.list_filters import TABS, ListChosen, list_chosen_in, list_filter_fields
from publishing.choices.statuses import PinStatus
from publishing.models import Pin
from publishing.outlook.views.cards import pin_card
from publishing.pins.selectors.filters import counts_in, filtered
from publishing.pins.selectors.pins import pins_of
from publishing.pins.views.sections import section_nav
from publishing.schedule.views.filters import level_in, link_to

PAGE_SIZE = 24


@require_GET
@member_view()
def pin_list(request: MemberRequest) -> HttpResponse:
    """The workspace's Pins, by status, filters and words."""
    chosen, found = listed_pins(request)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    here = link_to({"show": chosen.show}, chosen.parameters)
    context = {
        "page": page,
        "pins": [{**pin_card(pin), "id": str(pin.pk)} for pin in page],
        "tabs": _tabs(request, chosen),
        "text": chosen.text,
        "show": chosen.show,
        "query": here.removeprefix("?") + "&",
        "filters": list_filter_fields(request.workspace, chosen),
        "clear_url": link_to({"show": chosen.show}),
        "can_edit": role_allows(request.membership.role, needed=Role.EDITOR),
        "bulk_url": reverse("pin_bulk"),
        "bulk_limit": BULK_LIMIT,
        "back": reverse("pin_list") + here,
        "sections": section_nav(request),
        "export_url": reverse("pin_export") + here,
    }
    return render(request, "publishing/pages/pin_list.html", context)


def listed_pins(request: MemberRequest) -> tuple[ListChosen, QuerySet[Pin]]:
    """What an address asks for, and the Pins in order: for the list and for exports of it."""
    chosen = list_chosen_in(request.GET)
    found = filtered(pins_of(request.workspace), chosen.pin_filter())
    return chosen, found.order_by(chosen.order, "pk")


def _tabs(request: MemberRequest, chosen: ListChosen) -> list[dict[str, Any]]:
    counts = counts_in(request.workspace, chosen.pin_filter(any_status=True))
    return [
        {
            "label": label,
            "url": link_to({"show": name}, chosen.parameters),
            "active": name == chosen.show,
            "count": counts.by_level[level_in(name)]
            if level_in(name)
            else sum(counts.by_status.get(s, 0) for s in statuses or PinStatus),
        }
        for name, label, statuses, _ in TABS
    ]
