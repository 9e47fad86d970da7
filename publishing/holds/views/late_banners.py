"""Banners about Pins that are late or on hold: what happens to them, and where to act."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Membership
from accounts.policy import Role, role_allows
from publishing.holds.views.held_text import count_pins
from publishing.pins.selectors.waiting import Waiting


def late_banners(
    request: HttpRequest, membership: Membership, waiting: Waiting, *, stopped: bool
) -> list[dict[str, str]]:
    """At most one about late Pins and one about others on hold. `stopped`: nothing goes out."""
    held_url = reverse("held_pins")
    on_held = request.path.startswith(held_url)
    may_act = role_allows(membership.role, needed=Role.EDITOR)
    banners = []
    late = waiting.late + waiting.held_late
    if late and not (on_held and not waiting.late):
        banners.append(
            {
                "tone": "warn",
                "title": f"{count_pins(late)} {'is' if late == 1 else 'are'} late",
                "text": _fate(waiting, stopped=stopped),
                **_where(waiting, held_url=held_url, on_held=on_held, may_act=may_act),
            }
        )
    if waiting.held_else and not on_held:
        one = waiting.held_else == 1
        banners.append(
            {
                "tone": "calm",
                "title": f"{count_pins(waiting.held_else)} {'is' if one else 'are'} on hold",
                "text": f"{'It waits' if one else 'They wait'} until somebody publishes "
                f"{'it, gives it' if one else 'them, gives them'} a new time or drops "
                f"{'it' if one else 'them'}.",
                "action_url": held_url,
                "action_label": "Decide" if may_act else "See them",
            }
        )
    return banners


def _fate(waiting: Waiting, *, stopped: bool) -> str:
    """What becomes of late Pins."""
    parts = []
    if waiting.late and stopped:
        parts.append(f"{_some(waiting.late)} until publishing goes on.")
    elif waiting.late == 1:
        parts.append("1 goes out by itself.")
    elif waiting.late:
        parts.append(f"{waiting.late} go out by themselves, one after the other.")
    if waiting.held_late:
        parts.append(
            f"{_some(waiting.held_late)} for somebody's approval, being later than this "
            "workspace publishes without asking."
        )
    return " ".join(parts)


def _some(count: int) -> str:
    return "1 waits" if count == 1 else f"{count} wait"


def _where(waiting: Waiting, *, held_url: str, on_held: bool, may_act: bool) -> dict[str, str]:
    if waiting.held_late and not on_held:
        return {
            "action_url": f"{held_url}?{urlencode({'reason': 'late'})}",
            "action_label": "Decide" if may_act else "See them",
        }
    return {"action_url": reverse("pin_list") + "?show=scheduled", "action_label": "See them"}
