"""What a Pin repeats too soon, in words, with the ways out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from accounts.models import Connection
from publishing.forms.pins import PinForm
from publishing.forms.plan_values import INSTEAD_AT, INSTEAD_INTERVAL
from publishing.models import STATUS_LABELS, Pin
from publishing.policy.repeats import Sameness
from publishing.policy.spreading import hours_text
from publishing.policy.statuses import PinStatus
from publishing.selectors.repeats import Candidate, Repeat, find_repeats, first_clear_moment
from publishing.services.queue import first_spaced_slot
from publishing.views.cards import local_text

_SAME = {
    Sameness.LINK: "The same link",
    Sameness.PICTURE: "A picture that looks the same",
    Sameness.BOTH: "The same link and picture",
}
_REPEATS_SHOWN = 5


def repeats_facts(form: PinForm) -> dict[str, Any]:
    """What is the same, when and where, with a link to it; too close boards are told once."""
    there = [each for each in form.found_repeats if each.pin is not None]
    lines = [_repeat(each, each.pin) for each in there[:_REPEATS_SHOWN] if each.pin is not None]
    if len(there) < len(form.found_repeats):
        lines.append(
            {
                "what": "The same Pin",
                "text": f"goes to the next board after {hours_text(form.interval)}; this "
                f"workspace leaves {hours_text(24 * form.preferences.repeat_days)} between "
                "Pins of the same link or picture",
                "title": "",
                "url": "",
            }
        )
    return {"repeats": lines, "more_repeats": max(len(there) - _REPEATS_SHOWN, 0)}


def alternatives(form: PinForm, connection: Connection | None) -> list[dict[str, str]]:
    """Other times that keep the distance, as buttons."""
    if not form.found_repeats or connection is None:
        return []
    days = form.preferences.repeat_days
    candidates = form.candidates()
    if len(candidates) > 1:
        words = f"Leave {hours_text(24 * days)} between the boards"
        return [{"value": f"{INSTEAD_INTERVAL}{24 * days}", "label": words}]
    wanted = candidates[0]
    clear = first_clear_moment(
        form.workspace, wanted, since=wanted.at, distance=timedelta(days=days)
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
    if pin.scheduled_at is None or pin.repeats:
        return []
    candidate = Candidate(
        key="pin", at=pin.scheduled_at, link=pin.link, media=pin.media, pin_id=pin.pk
    )
    found = find_repeats(pin.workspace, [candidate]).get("pin", [])
    lines = [_repeat(each, each.pin) for each in found[:1] if each.pin is not None]
    return [
        f"{line['what']} {line['text']} ({line['title']}). If that is too soon, stop this Pin."
        for line in lines
    ]


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
