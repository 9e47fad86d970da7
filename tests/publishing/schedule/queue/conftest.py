"""An account with slots, and a browser on its queue."""

from collections.abc import Callable
from datetime import time

import pytest

from accounts.models import Connection
from publishing.models import Slot


@pytest.fixture
def add_slot(connection: Connection) -> Callable[..., Slot]:
    """Adds a slot: a day (0 is Monday) and a clock such as "09:00"."""

    def added(weekday: int, clock: str, zone: str = "Europe/Berlin") -> Slot:
        return Slot.objects.create(
            connection=connection,
            weekday=weekday,
            clock=time.fromisoformat(clock),
            time_zone=zone,
        )

    return added


@pytest.fixture
def daily(add_slot: Callable[..., Slot]) -> list[Slot]:
    """A slot at nine on each day."""
    return [add_slot(weekday, "09:00") for weekday in range(7)]
