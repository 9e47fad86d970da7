"""What publishing does when something happens below it."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from accounts.models import Connection
from accounts.nudge import nudge
from accounts.signals import NextStep, account_connected
from publishing.selectors.held import waiting_for_account
from publishing.selectors.successions import open_successions
from publishing.tasks import check_reach, read_boards


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
        text=f"{waited} for your answer: publish now, give new times, or drop.",
    )


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
