"""What a Pin in the composer repeats too soon, and other times that keep the distance."""

from __future__ import annotations

from typing import Any

from accounts.models import Connection
from publishing.composer.forms.pin import PinForm
from publishing.composer.forms.plan_values import INSTEAD_AT, INSTEAD_INTERVAL
from publishing.pins.views.formats import local_text
from publishing.schedule.policy.series_times import hours_text
from publishing.schedule.selectors.repeats import distance_of, first_clear_moment
from publishing.schedule.services.queue import first_spaced_slot
from publishing.schedule.views.repeat_text import repeat_line

_REPEATS_SHOWN = 5


def repeats_facts(form: PinForm) -> dict[str, Any]:
    """What is the same, when and where, with a link to it; too close boards are told once."""
    there = [each for each in form.found_repeats if each.pin is not None]
    lines = [repeat_line(each, each.pin) for each in there[:_REPEATS_SHOWN] if each.pin is not None]
    if len(there) < len(form.found_repeats):
        lines.append(
            {
                "what": "The same Pin",
                "text": f"goes to the next board after {hours_text(form.interval)}; this "
                f"workspace leaves {hours_text(_hours_between_boards(form))} between the boards",
                "title": "",
                "url": "",
            }
        )
    return {"repeats": lines, "more_repeats": max(len(there) - _REPEATS_SHOWN, 0)}


def alternatives(form: PinForm, connection: Connection | None) -> list[dict[str, str]]:
    """Other times that keep the distance, as buttons."""
    if not form.found_repeats or connection is None:
        return []
    candidates = form.candidates()
    if len(candidates) > 1:
        if all(each.pin is not None for each in form.found_repeats):
            return []  # no interval takes the boards away from what is there already
        hours = _hours_between_boards(form)
        words = f"Leave {hours_text(hours)} between the boards"
        return [{"value": f"{INSTEAD_INTERVAL}{hours}", "label": words}]
    wanted = candidates[0]
    clear = first_clear_moment(
        form.workspace, wanted, since=wanted.at, distance=distance_of(form.preferences)
    )
    slot = first_spaced_slot(connection, wanted, after=form.now)
    times = {"At the first time that keeps the distance": clear}
    if slot is not None:
        times["In the first free slot that keeps the distance"] = slot.at
    return [
        {"value": f"{INSTEAD_AT}{at.isoformat()}", "label": f"{words}: {local_text(at)}"}
        for words, at in times.items()
    ]


def _hours_between_boards(form: PinForm) -> int:
    preferences = form.preferences
    return min(preferences.board_interval_hours, 24 * preferences.repeat_days)
