"""What a Pin repeats too soon, in words, with the ways out."""

from __future__ import annotations

from django.http import QueryDict
from django.urls import reverse

from publishing.choices.statuses import PinStatus
from publishing.models import STATUS_LABELS, Pin
from publishing.pins.views.formats import local_text
from publishing.schedule.policy.repeats import Sameness
from publishing.schedule.selectors.repeats import (
    Repeat,
    nearest_repeat,
)

_SAME = {
    Sameness.LINK: "The same link",
    Sameness.PICTURE: "A picture that looks the same",
    Sameness.BOTH: "The same link and picture",
}
IF_MEANT = "Pinterest may take repeats for spam. Confirm if it is meant, or choose other times."


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
    return repeat_line(repeat, repeat.pin)


def repeat_line(repeat: Repeat, pin: Pin) -> dict[str, str]:
    """What is repeated, when and where: {what, text, title, url}."""
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
