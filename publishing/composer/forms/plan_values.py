"""When a Pin goes out, as the values of the composer's fields: from a Pin, an address, a button."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

WHEN_DRAFT, WHEN_NOW, WHEN_AT, WHEN_SLOT = "draft", "now", "at", "slot"
WHEN_CHOICES = [
    (WHEN_NOW, "Publish now"),
    (WHEN_AT, "At a time"),
    (WHEN_SLOT, "In the next free slot"),
    (WHEN_DRAFT, "Save as draft"),
]
FIRST, SECOND = "first", "second"

INSTEAD_AT, INSTEAD_INTERVAL = "at=", "interval="
"""What a button that offers another time says: an instant, or hours between the boards."""


def take_alternative(data: Any, *, zone: str) -> None:
    """Put the time that a button offered into the posted data, in place of what was typed."""
    offer = data.get("instead", "")
    if offer.startswith(INSTEAD_INTERVAL):
        data["board_interval"] = offer.removeprefix(INSTEAD_INTERVAL)
    if not offer.startswith(INSTEAD_AT):
        return
    try:
        at = datetime.fromisoformat(offer.removeprefix(INSTEAD_AT))
        local = at.astimezone(ZoneInfo(zone)) if at.tzinfo else None
    except (ValueError, OverflowError):
        return
    if local is None:
        return
    data["when"] = WHEN_AT
    for name, value in plan_values(local).items():
        data[name] = value


def plan_values(local: datetime) -> dict[str, str]:
    """A local time as the form's fields hold it."""
    return {
        "scheduled_date": f"{local:%Y-%m-%d}",
        "scheduled_clock": f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}",
        "which": SECOND if local.fold else FIRST,
    }


def initial_plan(local_schedule: datetime | None) -> dict[str, Any]:
    """The first values for a Pin that is edited; `local_schedule` is its wall-clock time."""
    if local_schedule is None:
        return {"when": WHEN_DRAFT}
    return {
        "when": WHEN_AT,
        "scheduled_date": local_schedule.date(),
        "scheduled_clock": local_schedule.time(),
        "which": SECOND if local_schedule.fold else FIRST,
    }
