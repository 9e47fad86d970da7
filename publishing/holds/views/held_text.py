"""The words of the page of Pins on hold."""

from __future__ import annotations

from typing import Any

from publishing.choices.statuses import HoldReason
from publishing.delivery.services.claims import HELD_TEXT
from publishing.holds.selectors.held import HeldGroup
from publishing.holds.services.holds import HeldAnswer
from publishing.models import Pin

_TITLES = {
    HoldReason.LATE: ("Missed its time", "Missed their time"),
    HoldReason.SPAM: ("Stopped because Pinterest took one for spam",) * 2,
    HoldReason.PERSON: ("Put on hold by somebody",) * 2,
}
_TEXTS = {
    HoldReason.LATE: (
        (
            "It was due while nothing could go out, longer ago than this workspace publishes "
            "without asking."
        ),
        (
            "They were due while nothing could go out, longer ago than this workspace publishes "
            "without asking."
        ),
    ),
    HoldReason.SPAM: (
        (
            "Look at its link and words before you publish it: Pinterest blocks accounts that "
            "repeat what it takes for spam."
        ),
        (
            "Look at their links and words before you publish them: Pinterest blocks accounts that "
            "repeat what it takes for spam."
        ),
    ),
    HoldReason.PERSON: (
        "A member of this workspace stopped it until further notice.",
        "A member of this workspace stopped them until further notice.",
    ),
}
_DONE = {
    "publish": ("1 Pin is on its way to Pinterest.", "{} Pins are on their way to Pinterest."),
    "keep": ("1 Pin goes out as planned.", "{} Pins go out as planned."),
    "space": ("1 Pin has a new time.", "{} Pins have new times."),
    "drop": ("1 Pin is a draft now.", "{} Pins are drafts now."),
}


def is_waiting(group: HeldGroup) -> bool:
    """Whether a group's account must be reconnected before its Pins can go out."""
    return group.connection is not None and not group.connection.is_active


def group_words(group: HeldGroup) -> dict[str, Any]:
    """Heading, sentence and tone of a group, be it of one Pin or of many."""
    is_one = group.count == 1
    account = str(group.connection) if group.connection else "No account"
    away = is_waiting(group)
    if group.reason is HoldReason.ACCOUNT:
        if group.connection is None:
            which = "the" if is_one else "each"
            text = f"Open {which} Pin and choose where it goes."
            return _words("No account chosen", text, "warn")
        if away:
            text = _until_connected(account, is_one=is_one)
            return _words(f"{account} is not connected", text, "warn")
        what = "It did not go out" if is_one else "Nothing went out"
        which = "this Pin" if is_one else "these Pins"
        text = f"{account} is connected. {what} meanwhile: say what becomes of {which}."
        return _words(f"Waited for {account}", text, "calm")
    title, text = (
        of_one if is_one else of_many
        for of_one, of_many in (_TITLES[group.reason], _TEXTS[group.reason])
    )
    if away:
        text = f"{text} {_until_connected(account, is_one=is_one)}"
    return _words(f"{title} · {account}", text, "warn" if away else "calm")


def row_note(pin: Pin) -> str:
    """What the group's heading has not said already."""
    return "" if pin.problem == HELD_TEXT else pin.problem


def done_words(answer: str, count: int) -> str:
    """What an answer did."""
    one, many = _DONE[answer]
    return one if count == 1 else many.format(count)


def left_words(answered: HeldAnswer) -> list[str]:
    """Which Pins did not take the answer, and what to do about it."""
    sentences = [
        f"{count_pins(count)} of {account} {_stay(count)} on hold: the account is not connected. "
        "Reconnect it, then answer again."
        for account, count in answered.not_connected.items()
    ]
    if answered.incomplete:
        sentences.append(
            f"{count_pins(answered.incomplete)} {_stay(answered.incomplete)} on hold: a board or "
            "a picture is missing. Open each and add it."
        )
    if answered.missed:
        sentences.append(
            f"{count_pins(answered.missed)} {_stay(answered.missed)} on hold: the time has passed. "
            "Publish now, or give new times."
        )
    if answered.moved_on:
        was = "was" if answered.moved_on == 1 else "were"
        sentences.append(
            f"{count_pins(answered.moved_on)} {was} no longer on hold: somebody was quicker."
        )
    return sentences


def times_words(times: list[dict[str, Any]]) -> str:
    """A plan in one sentence."""
    if not times:
        return ""
    first, last = times[0]["new_text"], times[-1]["new_text"]
    if len(times) == 1:
        return f"1 Pin goes out on {first}."
    return f"{len(times)} Pins go out from {first} to {last}."


def count_pins(count: int) -> str:
    """`1 Pin`, `12 Pins`."""
    return "1 Pin" if count == 1 else f"{count} Pins"


def _words(title: str, text: str, tone: str) -> dict[str, Any]:
    return {"title": title, "text": text, "tone": tone}


def _until_connected(account: str, *, is_one: bool) -> str:
    what = (
        "this Pin can't go out or get a new time; it can go back to draft."
        if is_one
        else "these Pins can't go out or get new times; they can go back to drafts."
    )
    return f"Reconnect {account} first. Until then {what}"


def _stay(count: int) -> str:
    return "stays" if count == 1 else "stay"
