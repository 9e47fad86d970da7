"""The words of the page that asks whether one account takes another's place."""

from __future__ import annotations

from typing import Any

from accounts.models import Succession, User
from publishing.choices.reach import ReachResult
from publishing.handover.selectors.successions import Left, Place
from publishing.handover.services.handover import HandedOver
from publishing.holds.views.held_text import count_pins
from publishing.pins.views.formats import local_text

NOT_AN_ANSWER = "Choose one of the answers on this page."


def group_words(result: ReachResult | None, succession: Succession, count: int) -> dict[str, Any]:
    """Heading, sentence and tone for the boards of which `result` is known."""
    later, earlier, pins = succession.later, succession.earlier, count_pins(count)
    if result is ReachResult.YES:
        verb = "goes" if count == 1 else "go"
        return {
            "title": f"{pins} would go to {later}",
            "text": f"{later} can publish to these boards, so their schedule {verb} on as planned.",
            "tone": "good",
            "icon": "circle-check",
        }
    if result is ReachResult.NO:
        return {
            "title": f"{pins} would stay with {earlier}",
            "text": f"{later} can't reach these boards. Their Pins do not go out before {earlier} "
            "is connected again or you choose another board; at their time they are put on hold.",
            "tone": "warn",
            "icon": "unplug",
        }
    if result is ReachResult.UNKNOWN:
        return {
            "title": f"{pins} could not be checked",
            "text": "Pinterest gave no answer about these boards, so they count as neither. They "
            "stay where they are until a check succeeds.",
            "tone": "neutral",
            "icon": "circle-help",
        }
    return {
        "title": f"{pins}: checking",
        "text": f"PinApp is asking Pinterest which of these boards {later} can reach.",
        "tone": "info",
        "icon": "loader-circle",
    }


def staying_words(succession: Succession, left: Left) -> list[str]:
    """What stays with the earlier account whatever is answered."""
    sentences = []
    if left.staying:
        sentences.append(
            f"{count_pins(left.staying)} {_is(left.staying)} being published or in doubt, and "
            f"{_stays(left.staying)} with {succession.earlier}."
        )
    if left.without_board:
        sentences.append(
            f"{count_pins(left.without_board)} without a board {_stays(left.without_board)} too: "
            "choose account and board when you finish them."
        )
    return sentences


def keep_label(succession: Succession, reachable: int) -> str:
    """The button that hands over."""
    if succession.keeps_schedule:
        return f"Hand over {count_pins(reachable)} more"
    return f"Yes, give {count_pins(reachable)} to {succession.later}"


def checked_words(places: list[Place]) -> str:
    """What a check brought."""
    reached = sum(place.result is ReachResult.YES for place in places)
    open_ = sum(place.result is ReachResult.UNKNOWN for place in places)
    text = f"Checked: {reached} of {len(places)} boards and sections can be reached."
    return f"{text} {open_} could not be checked." if open_ else text


def moved_words(succession: Succession, done: HandedOver) -> str:
    """What handing over did."""
    text = f"{count_pins(done.moved)} now {_belongs(done.moved)} to {succession.later}."
    if done.stayed:
        text += f" {count_pins(done.stayed)} {_stays(done.stayed)} with {succession.earlier}."
    return text


def apart_words(succession: Succession) -> str:
    """What refusing did: nothing."""
    return f"Nothing moved: {succession.earlier} and {succession.later} are kept apart."


def schedule_decided(succession: Succession) -> str:
    """Who answered the first question, how and when."""
    how = (
        f"{succession.later} keeps the schedule of {succession.earlier}"
        if succession.keeps_schedule
        else f"{succession.earlier} and {succession.later} are kept apart"
    )
    return _decided(how, succession.schedule_decided_by, succession.schedule_decided_at)


def history_words(succession: Succession, left: Left) -> str:
    """What the second question is about."""
    what = count_pins(left.published) if left.published else "nothing"
    return (
        f"PinApp has published {what} with {succession.earlier}. Merged, the figures kept of it "
        f"are shown together with those of {succession.later}. The Pins themselves stay where "
        "they are."
    )


def history_done_words(succession: Succession) -> str:
    """What the second answer did."""
    how = "merged" if succession.merges_history else "kept apart"
    return f"Thank you. The histories of {succession.earlier} and {succession.later} are {how}."


def history_decided(succession: Succession) -> str:
    """Who answered the second question, how and when."""
    how = "Merged" if succession.merges_history else "Kept apart"
    return _decided(how, succession.history_decided_by, succession.history_decided_at)


def still_held_words(succession: Succession, count: int) -> str:
    """Handing over sends nothing: what was on hold still is."""
    return f"{count_pins(count)} of {succession.later} {_is(count)} still on hold"


def _decided(how: str, by: User | None, at: Any) -> str:
    who = f" by {by}" if by else ""
    return f"{how}. Decided{who} on {local_text(at)}."


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _stays(count: int) -> str:
    return "stays" if count == 1 else "stay"


def _belongs(count: int) -> str:
    return "belongs" if count == 1 else "belong"
