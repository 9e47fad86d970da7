"""What publishing does when something happens below it."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts.models import Connection
from accounts.signals import account_connected
from publishing.nudge import nudge
from publishing.tasks import read_boards


@receiver(account_connected)
def read_boards_of_new_account(connection: Connection, **_kwargs: Any) -> None:
    """Have the boards ready by the time somebody composes a Pin."""
    nudge(read_boards, connection_id=str(connection.pk))
