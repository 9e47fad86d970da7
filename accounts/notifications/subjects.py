"""How things stand now with what was told; each app answers for its own rows.

What was written down when something happened was true then. A mail goes some time later, and an
inbox is read when somebody likes: what they say of a row is asked at that moment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from accounts.models import Event

_GONE: Final = {"problem": "It is not in PinApp any more.", "remedy": ""}
_BATCH: Final = 500

Words = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """What can be asked about rows of one sort, by their ids as texts.

    `still(kind, ids)` gives those of which a kind (its code) says something that is still so.
    `tell(kind, ids)` says how things stand with them, each in fields of an Event's payload that
    take the place of what was so then; a row that is gone has none.
    """

    still: Callable[[str, Sequence[str]], set[str]]
    tell: Callable[[str, Sequence[str]], Mapping[str, Words]]


_SUBJECTS: Final[dict[str, Subject]] = {}


def register_subject(name: str, subject: Subject) -> None:
    """Answer for the rows that events name `name` in their `subject`; once, when an app starts."""
    _SUBJECTS[name] = subject


def overtaken(events: Iterable[Event]) -> set[UUID]:
    """Keys of events that need not be told any more: what they say is no longer so.

    Of several that say the same of one row, the newest is left.
    """
    over: set[UUID] = set()
    newest: dict[tuple[str, str], dict[str, UUID]] = defaultdict(dict)
    for event in sorted(events, key=lambda each: (each.created_at, each.pk)):
        if event.subject in _SUBJECTS:
            of_row = newest[event.subject, event.kind]
            if (earlier := of_row.pop(event.subject_id, None)) is not None:
                over.add(earlier)
            of_row[event.subject_id] = event.pk
    for (name, kind), rows in newest.items():
        ids = list(rows)
        for start in range(0, len(ids), _BATCH):
            part = ids[start : start + _BATCH]
            still = _SUBJECTS[name].still(kind, part)
            over.update(rows[each] for each in part if each not in still)
    return over


def told_now(events: Iterable[Event]) -> dict[UUID, Words]:
    """The payloads of a few events with what is so of their rows now, by the events' keys."""
    told: dict[UUID, Words] = {}
    alike: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in events:
        alike[event.subject, event.kind].append(event)
    for (name, kind), of_kind in alike.items():
        subject = _SUBJECTS.get(name)
        if subject is None:
            told.update((event.pk, event.payload) for event in of_kind)
            continue
        words = subject.tell(kind, [event.subject_id for event in of_kind])
        for event in of_kind:
            told[event.pk] = {**event.payload, **words.get(event.subject_id, _GONE)}
    return told
