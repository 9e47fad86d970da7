"""What the frame around every page shows: navigation, workspaces, the person."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.access import known_membership
from accounts.models import Connection, Membership, Workspace
from accounts.policy import Role, role_allows
from accounts.selectors.notifications import memberships_with_unread, unread_in
from publishing.handover.views.account_banners import account_banners
from publishing.holds.views.late_banners import late_banners
from publishing.models import AppStop
from publishing.pins.selectors.stops import current_stop
from publishing.pins.selectors.waiting import Waiting, sum_of, waiting_by_account

# URL name, words, icon, and the path prefix under which the item is the current one.
NAVIGATION = [
    ("dashboard", "Dashboard", "layout-dashboard", None),
    ("pin_list", "Pins", "images", "/pins/"),
    ("analytics", "Analytics", "chart-no-axes-column", "/analytics/"),
    ("interactions", "Pin-its", "mouse-pointer-click", "/interactions/"),
    ("connections", "Accounts", "plug", "/connections/"),
    ("workspace", "Workspace", "users", "/workspace/"),
]
_PERSONAL = "/accounts/"


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the signed-in frame; next to nothing for a visitor."""
    # Django renders error pages with requests that no middleware has seen.
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"demo": settings.DEMO}
    membership = known_membership(request)
    if membership is None:
        return {"demo": settings.DEMO}
    badges = {"pin_list": sum_of(waiting_in(request, membership.workspace)).stopped}
    places = list(memberships_with_unread(membership.user))
    return {
        "demo": settings.DEMO,
        "bell": _bell(request, membership, places),
        "nav": [_nav_item(request, *item, badges=badges) for item in NAVIGATION],
        "workspace": membership.workspace,
        "workspaces": [
            {
                "id": str(each.workspace_id),
                "name": each.workspace.name,
                "active": each.workspace_id == membership.workspace_id,
                "unread": _shown(unread_in(each)),
            }
            for each in places
        ],
        "workspace_switch_url": reverse("workspace_switch"),
        "workspace_new_url": reverse("workspace_new"),
        "profile_url": reverse("profile"),
        "new_pin_url": reverse("pin_new")
        if role_allows(membership.role, needed=Role.EDITOR)
        else None,
        "banners": _banners(request, membership),
    }


def _bell(request: HttpRequest, membership: Membership, places: list[Any]) -> dict[str, Any]:
    unread = sum(unread_in(each) for each in places if each.pk == membership.pk)
    url = reverse("notifications")
    return {
        "url": url,
        "unread": _shown(unread),
        "label": f"Notifications, {unread} unread" if unread else "Notifications",
        "active": request.path.startswith(url),
    }


def _shown(unread: int) -> str:
    """A count that fits into a small mark; empty for none."""
    return ("99+" if unread > 99 else str(unread)) if unread else ""


def _nav_item(
    request: HttpRequest,
    name: str,
    label: str,
    icon: str,
    prefix: str | None,
    *,
    badges: dict[str, int],
) -> dict[str, Any]:
    """A page of the main navigation; its badge says how many things stopped there."""
    url = reverse(name)
    active = request.path == url if prefix is None else request.path.startswith(prefix)
    return {"label": label, "url": url, "icon": icon, "active": active, "badge": badges.get(name)}


def _banners(request: HttpRequest, membership: Membership) -> list[dict[str, str]]:
    """What keeps Pins from going out, and what to do about it; not where a person sees to their
    own password and second step."""
    if request.path.startswith(_PERSONAL):
        return []
    stop = stop_in(request)
    accounts = waiting_in(request, membership.workspace)
    return [
        *_stop_banner(membership, stop),
        *account_banners(request, membership, accounts),
        *late_banners(request, membership, sum_of(accounts), stopped=stop is not None),
    ]


def stop_in(request: Any) -> AppStop | None:
    """Why nothing goes out at present; asked for once in a request."""
    if not hasattr(request, "stop"):
        request.stop = current_stop()
    stop: AppStop | None = request.stop
    return stop


def waiting_in(request: Any, workspace: Workspace) -> list[tuple[Connection, Waiting]]:
    """What waits in each account of the workspace; asked for once in a request."""
    found: list[tuple[Connection, Waiting]] | None = getattr(request, "waiting", None)
    if found is None:
        found = request.waiting = waiting_by_account(workspace, now=timezone.now())
    return found


def _stop_banner(membership: Membership, stop: AppStop | None) -> list[dict[str, str]]:
    """One banner where Pinterest refuses this server's app, instead of an error at each Pin."""
    if stop is None:
        return []
    banner = {
        "tone": "bad",
        "title": "Publishing is stopped",
        "text": f"{stop.message} {stop.remedy} All Pins keep their place until then.",
    }
    if membership.user.is_staff:
        banner |= {"post_url": reverse("publishing_resume"), "action_label": "Try again"}
    else:
        banner["text"] += " Only an administrator of this server can go on: ask whoever runs it."
    return [banner]
