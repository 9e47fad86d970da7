"""The links between the pages about Pins: each page shows them below its heading."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from accounts.access import MemberRequest
from accounts.policy import Role, role_allows

# URL name, words, icon, and the role it takes to open the page. One line for each page.
SECTIONS: list[tuple[str, str, str, Role]] = [
    ("pin_list", "List", "images", Role.VIEWER),
    ("pin_calendar", "Calendar", "calendar-days", Role.VIEWER),
    ("board_desk", "Boards", "layout-grid", Role.VIEWER),
    ("pin_import", "Import", "upload", Role.EDITOR),
    ("held_pins", "On hold", "circle-pause", Role.VIEWER),
    ("queue", "Queue", "calendar-clock", Role.VIEWER),
    ("preferences", "Preferences", "settings", Role.VIEWER),
]


def section_nav(request: MemberRequest) -> list[dict[str, Any]]:
    """Context of `_section_nav.html`: the pages this person may open, the current one marked."""
    return [
        {
            "label": label,
            "url": reverse(name),
            "icon": icon,
            "active": _is_current(request, name),
        }
        for name, label, icon, needed in SECTIONS
        if role_allows(request.membership.role, needed=needed)
    ]


def _is_current(request: MemberRequest, name: str) -> bool:
    """Pages below one count as it, except below the list: that is everything."""
    url = reverse(name)
    return request.path == url if name == "pin_list" else request.path.startswith(url)
