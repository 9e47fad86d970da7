"""The words of a Pin's timeline."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from accounts.moments import TO_THE_SECOND, moment_words
from publishing.choices.board_checks import LookResult
from publishing.choices.events import EventKind
from publishing.models import Attempt, Look, PinEvent, PinWarning
from publishing.pages.selectors.timeline import Happening, moment_of
from publishing.pins.policy.redaction import redact

ITSELF: Final = "PinApp"
"""Who did what nobody told it to."""

FOUND: Final = "match"
"""The result of a look that found the Pin."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a timeline: when, who, what, and the figures that belong to it."""

    at: datetime
    kind: str
    who: str
    title: str
    text: str = ""
    tone: str = "neutral"
    icon: str = "circle-help"
    facts: dict[str, object] = field(default_factory=dict)


_EVENTS: Final[dict[EventKind, tuple[str, str, str]]] = {
    EventKind.WRITTEN: ("Written", "neutral", "file-pen-line"),
    EventKind.COPIED: ("Copied from another Pin", "neutral", "copy-plus"),
    EventKind.IMPORTED: ("Imported from a file", "neutral", "upload"),
    EventKind.CHANGED: ("Changed", "neutral", "pencil"),
    EventKind.PLANNED: ("Planned", "info", "calendar-clock"),
    EventKind.UNPLANNED: ("Made a draft", "neutral", "undo-2"),
    EventKind.PUBLISH_NOW: ("To be published at once", "info", "send"),
    EventKind.HELD: ("Put on hold", "calm", "circle-pause"),
    EventKind.RELEASED: ("Taken off hold", "info", "send"),
    EventKind.SPACED: ("Given a new time", "info", "calendar-clock"),
    EventKind.SAID_FOUND: ("Said that it is on Pinterest", "good", "check"),
    EventKind.SAID_ABSENT: ("Said that it is not on Pinterest", "neutral", "x"),
    EventKind.HANDED_OVER: ("Handed over to another account", "info", "arrow-right"),
    EventKind.LINK_TRUSTED: ("Said that the link is fine", "neutral", "check"),
    EventKind.LINK_DOUBTED: ("Had the link looked at again", "neutral", "eye"),
    EventKind.VIDEO_READY: ("Pinterest has the video", "good", "circle-check"),
    EventKind.VIDEO_FAILED: ("The video did not get to Pinterest", "bad", "circle-alert"),
    EventKind.DELETED_AT_PINTEREST: ("Deleted at Pinterest", "neutral", "trash-2"),
    EventKind.GONE_AT_PINTEREST: ("No longer on Pinterest", "warn", "triangle-alert"),
}
_ABSENT: Final = {"send": "Send it again.", "draft": "Make it a draft."}

_ATTEMPTS: Final = {
    Attempt.Outcome.OPEN: ("under way", "info", "send"),
    Attempt.Outcome.PUBLISHED: ("published", "good", "check"),
    Attempt.Outcome.REFUSED: ("refused by Pinterest", "bad", "x"),
    Attempt.Outcome.UNAVAILABLE: ("not sent", "warn", "undo-2"),
    Attempt.Outcome.UNCERTAIN: ("no answer that says what became of it", "warn", "circle-help"),
}
_LOOKS: Final = {
    FOUND: ("Looked at the board: it is there", "good", "eye"),
    LookResult.NOTHING: ("Looked at the board: it is not there", "neutral", "eye"),
    LookResult.SEVERAL: ("Looked at the board: something may be it", "warn", "eye"),
    LookResult.INCONCLUSIVE: ("Looked at the board: no evidence", "neutral", "eye-off"),
}


def line_of(happening: Happening) -> Line:
    """A happening in words, without anything that gives access."""
    match happening:
        case PinEvent():
            return _event(happening)
        case Attempt():
            return _attempt(happening)
        case Look():
            return _look(happening)
        case PinWarning():
            return _warning(happening)


def to_the_second(moment: datetime) -> str:
    """`Tue 24 Nov 2026, 09:00:07` in the current time zone."""
    return moment_words(moment, TO_THE_SECOND)


def facts_words(line: Line) -> str:
    """Pinterest's answer as support people need it, in one line."""
    names = {"http_status": "HTTP", "code": "code", "request_id": "request"}
    parts = [f"{name} {line.facts[key]}" for key, name in names.items() if line.facts.get(key)]
    seconds = line.facts.get("seconds")
    if isinstance(seconds, float):
        parts.append(f"took {seconds:.1f} s")
    candidates = line.facts.get("candidates")
    if isinstance(candidates, list) and candidates:
        parts.append(f"Pins that may be it: {', '.join(map(str, candidates))}")
    return " · ".join(parts)


def _event(event: PinEvent) -> Line:
    kind = EventKind(event.kind)
    title, tone, icon = _EVENTS[kind]
    text = event.note
    if kind is EventKind.SAID_ABSENT:
        text = _ABSENT.get(text, text)
    elif kind is EventKind.SAID_FOUND and text:
        text = f"It is Pin {text}."
    who = str(event.actor) if event.actor else ITSELF
    return Line(event.at, event.kind, who, title, redact(text), tone, icon)


def _attempt(attempt: Attempt) -> Line:
    words, tone, icon = _ATTEMPTS[Attempt.Outcome(attempt.outcome)]
    took = attempt.finished_at - attempt.started_at if attempt.finished_at else None
    facts: dict[str, object] = {
        "attempt": attempt.number,
        "outcome": attempt.outcome,
        "http_status": attempt.http_status,
        "code": attempt.code,
        "request_id": redact(attempt.rid),
        "finished_at": attempt.finished_at,
        "seconds": took.total_seconds() if took is not None else None,
        "board_id": attempt.board_id,
        "section_id": attempt.section_id,
        "fingerprint": attempt.fingerprint,
    }
    title = f"Attempt {attempt.number}: {words}"
    text = redact(attempt.message)
    return Line(attempt.started_at, "attempt", ITSELF, title, text, tone, icon, facts)


def _look(look: Look) -> Line:
    title, tone, icon = _LOOKS[look.result]
    facts: dict[str, object] = {
        "attempt": look.attempt.number,
        "outcome": look.result,
        "candidates": [str(each) for each in look.candidates],
        "board_id": look.attempt.board_id,
        "section_id": look.attempt.section_id,
    }
    return Line(look.looked_at, "look", ITSELF, title, redact(look.note), tone, icon, facts)


def _warning(warning: PinWarning) -> Line:
    text = redact(f"{warning.message} {warning.remedy}".strip())
    facts: dict[str, object] = {"outcome": warning.kind}
    return Line(
        moment_of(warning),
        "warning",
        ITSELF,
        "Noticed ahead of time",
        text,
        "warn",
        "triangle-alert",
        facts,
    )
