"""What is said of events: the same words in the inbox and in mails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from accounts.models import Event
from accounts.moments import moment_words
from accounts.notifications.subjects import told_now


@dataclass(frozen=True, slots=True)
class Line:
    """One event: what it is about, where and when that stood, and what is to be said of it."""

    name: str
    facts: str
    text: str


@dataclass(frozen=True, slots=True)
class Account:
    """Events of one kind: a line for each that has a name, and what is so of all of them."""

    lines: list[Line]
    text: str


def account_of(events: Sequence[Event], *, zone: str) -> Account:
    """Events of one kind in words, their times on the clock of an IANA `zone`.

    What is said of a row is how things stand with it now.
    """
    told = told_now(events)
    lines = [_line(told[event.pk], zone=zone) for event in events]
    texts = {line.text for line in lines}
    if len(texts) != 1:
        return Account(lines, text="")
    # An event without a name, such as a stop, is told by its text alone.
    (text,) = texts
    shown = [replace(line, text="") for line in lines if line.name]
    return Account(shown, text=f"Of each: {text}" if text and len(shown) > 1 else text)


def _line(payload: dict[str, Any], *, zone: str) -> Line:
    facts = [str(each) for each in payload.get("place", [])]
    if planned := payload.get("planned_at"):
        facts.append(f"planned for {moment_words(datetime.fromisoformat(planned), zone=zone)}")
    text = " ".join(str(payload[key]) for key in ("problem", "remedy") if payload.get(key))
    return Line(name=str(payload.get("name", "")), facts=", ".join(facts), text=text)
