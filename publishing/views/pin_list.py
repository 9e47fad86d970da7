"""The list of a workspace's Pins."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_view
from accounts.policy import Role, role_allows
from publishing.models import Pin
from publishing.policy.statuses import PinStatus
from publishing.selectors.pins import NEEDS_ATTENTION, count_by_status, search_pins
from publishing.views.cards import pin_card
from publishing.views.export_links import export_links
from publishing.views.queries import text_of
from publishing.views.sections import section_nav

PAGE_SIZE = 24

# The list's tabs: name, words, statuses (none means all), and the order that fits them.
TABS: list[tuple[str, str, list[PinStatus], list[str]]] = [
    ("all", "All", [], ["-updated_at"]),
    (
        "scheduled",
        "Scheduled",
        [PinStatus.SCHEDULED, PinStatus.CLAIMED, PinStatus.SENDING],
        ["scheduled_at"],
    ),
    ("drafts", "Drafts", [PinStatus.DRAFT], ["-updated_at"]),
    ("published", "Published", [PinStatus.PUBLISHED], ["-published_at"]),
    ("attention", "Needs attention", NEEDS_ATTENTION, ["-updated_at"]),
]


@require_GET
@member_view()
def pin_list(request: MemberRequest) -> HttpResponse:
    """The workspace's Pins, by status and by words."""
    name, text, found = listed_pins(request)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "pins": [pin_card(pin) for pin in page],
        "tabs": _tabs(request, chosen=name, text=text),
        "text": text,
        "show": name,
        "query": urlencode({"show": name, "q": text}) + "&",
        "can_edit": role_allows(request.membership.role, needed=Role.EDITOR),
        "sections": section_nav(request),
        "exports": export_links(urlencode({"show": name, "q": text})),
    }
    return render(request, "publishing/pin_list.html", context)


def listed_pins(request: MemberRequest) -> tuple[str, str, QuerySet[Pin]]:
    """The tab and the words that an address asks for, and the Pins in order: the list, exports."""
    chosen, text = request.GET.get("show", "all"), text_of(request.GET, "q")
    name, _, statuses, order = next((tab for tab in TABS if tab[0] == chosen), TABS[0])
    found = search_pins(request.workspace, statuses=statuses, text=text)
    return name, text, found.order_by(*order, "pk")


def _tabs(request: MemberRequest, *, chosen: str, text: str) -> list[dict[str, Any]]:
    counts = count_by_status(request.workspace)
    return [
        {
            "label": label,
            "url": "?" + urlencode({"show": name, **({"q": text} if text else {})}),
            "active": name == chosen,
            "count": sum(counts.get(s, 0) for s in statuses or PinStatus),
        }
        for name, label, statuses, _ in TABS
    ]
