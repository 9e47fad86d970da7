"""What publishing does when something happens below it."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from accounts.models import Connection, User
from accounts.signals import NextStep, account_connected, account_disconnected
from foundation.leases.nudge import nudge
from publishing.boards.tasks import read_boards
from publishing.delivery.services.stranded import hold_planned_of
from publishing.handover.selectors.successions import open_successions
from publishing.handover.tasks import check_reach
from publishing.holds.selectors.held import waiting_for_account


@receiver(account_connected)
def read_boards_of_new_account(connection: Connection, **_kwargs: Any) -> None:
    """Have the boards ready by the time somebody composes a Pin."""
    nudge(read_boards, connection_id=str(connection.pk))


@receiver(account_connected)
def ask_about_waiting_pins(connection: Connection, **_kwargs: Any) -> NextStep | None:
    """Take the person to the Pins that waited for this account: none goes out unasked."""
    count = waiting_for_account(connection)
    if not count:
        return None
    waited = "1 Pin waits" if count == 1 else f"{count} Pins wait"
    return NextStep(
        url=f"{reverse('held_pins')}?account={connection.pk}",
        text=f"{waited} for your answer: publish now, as planned, at new times, or not at all.",
    )


@receiver(account_disconnected)
def hold_pins_of_disconnected(connection: Connection, by: User, **_kwargs: Any) -> str:
    """Nothing that is planned for an account goes on looking as if it went out."""
    count = hold_planned_of(connection=connection, by=by, now=timezone.now())
    if not count:
        return ""
    return "1 planned Pin is on hold." if count == 1 else f"{count} planned Pins are on hold."


@receiver(account_connected)
def ask_about_earlier_accounts(connection: Connection, **_kwargs: Any) -> NextStep | None:
    """Have the boards checked, and take the person to the first question about this account."""
    asked = list(open_successions(connection.workspace).filter(later=connection))
    for succession in asked:
        nudge(check_reach, succession_id=str(succession.pk))
    if not asked:
        return None
    return NextStep(
        url=reverse("succession", args=[asked[0].pk]),
        text=f"Does it take the place of {asked[0].earlier}? Nothing changes before you say so.",
    )
