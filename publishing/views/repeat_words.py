"""What a Pin repeats too soon, in words, with the ways out."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.urls import reverse

from accounts.models import Connection
from publishing.forms.pins import PinForm
from publishing.forms.plan_values import INSTEAD_AT, INSTEAD_INTERVAL
from publishing.models import STATUS_LABELS, Pin
from publishing.policy.repeats import Sameness
from publishing.policy.spreading import hours_text
from publishing.policy.statuses import PinStatus
from publishing.selectors.repeats import Repeat, distance_of, first_clear_moment, nearest_repeat
from publishing.services.queue import first_spaced_slot
from publishing.views.cards import local_text

_SAME = {
    Sameness.LINK: "The same link",
    Sameness.PICTURE: "A picture that looks the same",
    Sameness.BOTH: "The same link and picture",
}
_REPEATS_SHOWN = 5
IF_MEANT = "Pinterest may take repeats for spam. Confirm if it is meant, or choose other times."


def repeats_facts(form: PinForm) -> dict[str, Any]:
    """What is the same, when and where, with a link to it; too close boards are told once."""
    there = [each for each in form.found_repeats if each.pin is not None]
    lines = [_repeat(each, each.pin) for each in there[:_REPEATS_SHOWN] if each.pin is not None]
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


def repeat_warnings(pin: Pin) -> list[str]:
    """What a Pin repeats that goes out at once, for messages; nothing where it is meant."""
    line = _nearest(pin)
    if line is None:
        return []
    return [f"{line['what']} {line['text']} ({line['title']}). If that is too soon, stop this Pin."]


def moved_warning(pin: Pin) -> dict[str, str] | None:
    """What a Pin repeats that was given another time: `text`, and `title` and `url` of the other.

    None for nothing.
    """
    line = _nearest(pin)
    if line is None:
        return None
    text = f"{line['what']} {line['text']}: Pinterest may take repeats for spam."
    return {"text": text, "title": line["title"], "url": line["url"]}


def many_words(count: int, *, of: int) -> str:
    """How many of several Pins would repeat something; empty for none."""
    if not count:
        return ""
    if of == 1:
        return "This Pin would repeat a link or a picture too soon"
    what = "a link or a picture" if count == 1 else "links or pictures"
    return f"{count:,} of these {of:,} Pins would repeat {what} too soon"


def has_seen(data: QueryDict, *, count: int) -> bool:
    """Whether the page that a form was sent from said that so many Pins would repeat something."""
    said = data.get("seen_repeats", "")
    return count <= (int(said) if said.isascii() and said.isdigit() and len(said) < 9 else 0)


def _nearest(pin: Pin) -> dict[str, str] | None:
    repeat = nearest_repeat(pin)
    if repeat is None or repeat.pin is None:
        return None
    return _repeat(repeat, repeat.pin)


def _hours_between_boards(form: PinForm) -> int:
    preferences = form.preferences
    return min(preferences.board_interval_hours, 24 * preferences.repeat_days)


def _repeat(repeat: Repeat, pin: Pin) -> dict[str, str]:
    verb = "went out" if pin.status == PinStatus.PUBLISHED else "goes out"
    if pin.status in {PinStatus.HELD, PinStatus.UNCERTAIN}:
        verb = f"is planned ({STATUS_LABELS[PinStatus(pin.status)].lower()}) for"
    board = f" to {pin.board}" if pin.board else ""
    return {
        "what": _SAME[repeat.same],
        "text": f"{verb} {local_text(repeat.at)}{board}, {pin.connection}",
        "title": pin.title or "Untitled Pin",
        "url": reverse("pin_detail", args=[pin.pk]),
    }
