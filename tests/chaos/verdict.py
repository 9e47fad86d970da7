"""Counts at Pinterest: whether each Pin is there once, and PinApp says so of the right one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.records import Pin

Content = tuple[str, str, str, str, str]


@dataclass(slots=True)
class Verdict:
    """What came of the Pins.

    `published`: PinApp says so. `duplicates`: more at Pinterest than were written. `lost`: PinApp
    says published and Pinterest has none. `stuck`: neither published nor asked about. `asked`:
    PinApp asked a person. `mistaken`: PinApp took another Pin for this one.
    """

    published: int = 0
    duplicates: int = 0
    lost: int = 0
    stuck: int = 0
    asked: int = 0
    mistaken: int = 0
    explanations: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not (self.duplicates or self.lost or self.stuck or self.mistaken)


def judge(ours: Sequence[Any], theirs: Iterable[Pin]) -> Verdict:
    """Hold PinApp's rows against the Pins of Pinterest; twins are counted together."""
    verdict = Verdict()
    written: dict[Content, list[Any]] = defaultdict(list)
    for row in ours:
        written[content_of_row(row)].append(row)
    there: dict[Content, list[Pin]] = defaultdict(list)
    for pin in theirs:
        there[content_of_pin(pin)].append(pin)
    for content in written.keys() | there.keys():
        _judge_content(verdict, written[content], there[content])
    return verdict


def content_of_row(row: Any) -> Content:
    """Where a Pin of ours goes and what it says."""
    return (row.board, row.section, row.title, row.description, row.link)


def content_of_pin(pin: Pin) -> Content:
    """The same of a Pin at Pinterest."""
    return (
        pin.board_id,
        pin.section_id or "",
        pin.title or "",
        pin.description or "",
        pin.link or "",
    )


def _judge_content(verdict: Verdict, rows: list[Any], pins: list[Pin]) -> None:
    published = [row for row in rows if row.status == "published"]
    verdict.published += len(published)
    verdict.duplicates += max(0, len(pins) - len(rows))
    verdict.lost += max(0, len(published) - len(pins))
    known = Counter(row.pinterest_id for row in published)
    real = {pin.id for pin in pins}
    verdict.mistaken += sum(
        count if name not in real else count - 1 for name, count in known.items()
    )
    for row in rows:
        if row.status == "published":
            continue
        verdict.asked += bool(row.question)
        verdict.stuck += not row.question
        verdict.explanations.append(
            f"{row.title}: {row.status} {row.question} after {row.attempts} attempts "
            f"({row.uncertain} uncertain); {len(pins)} of {len(rows)} at Pinterest. {row.problem}"
        )
    if len(pins) > len(rows):
        attempts = [row.attempts for row in rows]
        when = ", ".join(sorted(f"{pin.created_at:%H:%M:%S.%f}" for pin in pins))
        verdict.explanations.append(
            f"{rows[0].title if rows else pins[0].title}: {len(pins)} at Pinterest ({when}) for "
            f"{len(rows)} written; attempts {attempts}"
        )
