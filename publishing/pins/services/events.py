"""The history of a Pin: who did what, beside the attempts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.models import RowId, User
from publishing.choices.events import EventKind
from publishing.models import PinEvent


def note(*, pin_id: RowId, kind: EventKind, by: User | None, now: datetime, text: str = "") -> None:
    """Add a line to a Pin's history; `by` is None for what PinApp does by itself."""
    note_all(pin_ids=[pin_id], kind=kind, by=by, now=now, text=text)


def note_all(
    *,
    pin_ids: Iterable[RowId],
    kind: EventKind,
    by: User | None,
    now: datetime,
    text: str = "",
) -> None:
    """Add the same line to the history of many Pins, in one statement."""
    PinEvent.objects.bulk_create(
        [
            PinEvent(pin_id=pin_id, kind=kind, actor=by, at=now, note=text[:1000])
            for pin_id in pin_ids
        ],
        batch_size=1000,
    )
