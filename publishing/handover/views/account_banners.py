"""Banners about Pinterest accounts: what waits for a person, on every page until it is answered."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Connection, ConnectionStatus, Membership, Succession
from accounts.policy import Role, role_allows
from publishing.handover.selectors.successions import open_successions
from publishing.holds.views.held_text import count_pins
from publishing.pins.selectors.waiting import Waiting


def account_banners(
    request: HttpRequest, membership: Membership, accounts: list[tuple[Connection, Waiting]]
) -> list[dict[str, str]]:
    """Accounts to reconnect and Pins that waited for one, except where that is done."""
    may_act = role_allows(membership.role, needed=Role.EDITOR)
    on_accounts = request.path.startswith(reverse("connections"))
    on_held = request.path.startswith(reverse("held_pins"))
    banners = []
    for connection, waits in accounts:
        if connection.status == ConnectionStatus.NEEDS_RECONNECTING and not on_accounts:
            banners.append(_lost(connection, waits, may_act=may_act))
        if connection.status == ConnectionStatus.DISCONNECTED and _depends(waits) and not on_held:
            banners.append(_disconnected(connection, waits, may_act=may_act))
        if connection.is_active and waits.held_for_account and not on_held:
            banners.append(_waited(connection, waits.held_for_account, may_act=may_act))
    # Only an account that is gone can have a successor: most pages need not ask.
    if any(not connection.is_active for connection, _ in accounts):
        for succession in open_successions(membership.workspace):
            url = reverse("succession", args=[succession.pk])
            if request.path != url:
                banners.append(_succession(succession, url, may_act=may_act))
    return banners


def _depends(waits: Waiting) -> int:
    """How many Pins wait for an account that is not connected."""
    return waits.held_for_account + waits.stranded


def _disconnected(connection: Connection, waits: Waiting, *, may_act: bool) -> dict[str, str]:
    count = _depends(waits)
    they, them = ("It does", "it") if count == 1 else ("They do", "them")
    who, decide = (
        ("you reconnect", "decide") if may_act else ("an editor or owner reconnects", "decides")
    )
    return {
        "tone": "warn",
        "title": f"{count_pins(count)} {'is' if count == 1 else 'are'} on hold for {connection}",
        "text": f"The account is disconnected. {they} not go out before {who} it and {decide} "
        f"about {them}.",
        "action_url": f"{reverse('held_pins')}?account={connection.pk}",
        "action_label": "Decide" if may_act else "See it" if count == 1 else "See them",
    }


def _lost(connection: Connection, waits: Waiting, *, may_act: bool) -> dict[str, str]:
    count = _depends(waits)
    who = "you reconnect it" if may_act else "an editor or owner reconnects it"
    waiting = f"{count_pins(count)} {'waits' if count == 1 else 'wait'}"
    what = waiting if count else "Nothing can go out for it"
    banner = {
        "tone": "warn",
        "title": f"{connection} needs reconnecting",
        "text": f"Pinterest no longer lets PinApp act for this account. {what} until {who}.",
    }
    if may_act:
        # Straight to Pinterest, which asks for permission anew.
        url = reverse("connection_reconnect", args=[connection.pk])
        return {**banner, "post_url": url, "action_label": "Reconnect"}
    return {**banner, "action_url": reverse("connections"), "action_label": "See the account"}


def _waited(connection: Connection, count: int, *, may_act: bool) -> dict[str, str]:
    who = "Say" if may_act else "An editor or owner says"
    fate = "it; it does not go" if count == 1 else "them; none goes"
    return {
        "tone": "calm",
        "title": f"{count_pins(count)} waited for {connection}",
        "text": f"The account is connected. {who} what becomes of {fate} out unasked.",
        "action_url": f"{reverse('held_pins')}?account={connection.pk}",
        "action_label": "Decide" if may_act else "See it" if count == 1 else "See them",
    }


def _succession(succession: Succession, url: str, *, may_act: bool) -> dict[str, str]:
    earlier, later = succession.earlier, succession.later
    who = "Say" if may_act else "An editor or owner says"
    return {
        "tone": "info",
        "title": f"Does {later} take the place of {earlier}?",
        "text": f"{who} whether it keeps the schedule and the history. Until then both stay apart.",
        "action_url": url,
        "action_label": "Answer" if may_act else "See the question",
    }
