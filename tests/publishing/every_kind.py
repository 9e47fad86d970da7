"""Pins of every kind there is, written straight into the rows, no two with anything in common.

Pages are counted with them: whatever a page reads once for each Pin shows in its queries. Whoever
adds a kind, a status or something that hangs on a Pin adds it here.
"""

from __future__ import annotations

import hashlib
import itertools
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Connection, User, Workspace
from publishing.models import (
    Attempt,
    Board,
    BoardSection,
    Look,
    Media,
    Pin,
    PinEvent,
    PinWarning,
    Slide,
    Video,
    VideoUpload,
)

Finish = Callable[[Pin], None]
HOUR = timedelta(hours=1)


@dataclass
class EveryKind:
    """Writes them; `apart` is the time between the kinds, the first of which is at `first`."""

    workspace: Workspace
    owner: User
    connection: Connection
    first: datetime
    apart: timedelta = timedelta(days=1)
    series: uuid.UUID | None = None
    pins: list[Pin] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def write(self, count: int) -> list[Pin]:
        """So many Pins of each kind; those of a kind stand a minute from each other."""
        for turn in range(count):
            for place, (columns, finish) in enumerate(self._kinds()):
                at = self.first + place * self.apart + timedelta(minutes=turn)
                self.pins.append(self._pin(at, columns, finish))
        return self.pins

    def of_status(self, *statuses: str) -> list[Pin]:
        """Those in one of the statuses."""
        return [pin for pin in self.pins if pin.status in statuses]

    # The kinds

    def _kinds(self) -> Iterator[tuple[dict[str, Any], Finish]]:
        yield from self._planned()
        yield from self._waiting()
        yield from self._on_their_way()
        yield from self._over()

    def _planned(self) -> Iterator[tuple[dict[str, Any], Finish]]:
        film = {"kind": "video", "video": self._video()}
        yield {}, _nothing
        yield {"section": None}, _nothing
        yield {"media": self._media(origin_url="https://shop.example/bowl.jpg")}, _nothing
        yield {"kind": "carousel", "slide_count": 3}, self._add_slides
        yield {**film, "media": None, "cover_second": 1}, _nothing
        yield {**film, "video": self._video()}, self._upload("ready")
        yield {**film, "video": self._video()}, self._upload("processing")
        yield {**film, "video": self._video()}, self._upload("failed")
        yield {}, self._warn
        yield (
            {"problem": "Pinterest was away.", "remedy": "It is tried again."},
            self._try("unavailable"),
        )
        yield {"created_by": None, "repeats": True}, self._add_event

    def _waiting(self) -> Iterator[tuple[dict[str, Any], Finish]]:
        draft = {"status": "draft", "due_at": None, "slot_at": None}
        yield {**draft, "scheduled_at": None}, _nothing
        nothing = {"connection": None, "board": None, "section": None, "media": None}
        yield {**draft, **nothing, "scheduled_at": None}, _nothing
        yield (
            {**draft, "kind": "video", "video": self._video(), "cover_second": 2, "media": None},
            _nothing,
        )
        for reason in ("account", "late", "spam", "person"):
            held = {"status": "held", "held_reason": reason, "due_at": None, "problem": "It waits."}
            yield held, self._add_event
            film = {"kind": "video", "video": self._video()}
            yield {**held, **film}, _nothing

    def _on_their_way(self) -> Iterator[tuple[dict[str, Any], Finish]]:
        yield {"status": "claimed", "claimed_at": self.first}, _nothing
        yield {"status": "sending", "sending_since": self.first}, self._try("open")
        doubt = {"status": "uncertain", "slot_at": None}
        yield doubt, self._try("uncertain")
        yield {**doubt, "due_at": None, "question": "several"}, self._try("uncertain")

    def _over(self) -> Iterator[tuple[dict[str, Any], Finish]]:
        failed = {"status": "failed", "due_at": None, "slot_at": None, "problem": "Refused."}
        yield failed, self._try("refused")
        out = {"status": "published", "due_at": None, "published_at": self.first, "slot_at": None}
        yield {**out, "pinterest_id": self._digits()}, self._try("published")
        yield (
            {
                **out,
                "pinterest_id": self._digits(),
                "kind": "video",
                "video": self._video(),
            },
            self._try("published"),
        )
        yield (
            {**out, "pinterest_id": self._digits(), "kind": "carousel", "slide_count": 3},
            self._add_slides,
        )
        gone = {"removed_at": self.first, "seen_at": self.first}
        yield {**out, **gone, "pinterest_id": self._digits()}, self._add_event

    # Their rows

    def _pin(self, at: datetime, columns: dict[str, Any], finish: Finish) -> Pin:
        number = next(self._numbers)
        board = Board.objects.create(
            connection=self.connection,
            pinterest_id=self._digits(),
            name=f"Board {number}",
            gone_at=self.first if number % 7 == 0 else None,
        )
        section = BoardSection.objects.create(
            board=board,
            pinterest_id=self._digits(),
            name=f"Section {number}",
            gone_at=self.first if number % 5 == 0 else None,
        )
        usual = {
            "workspace": self.workspace,
            "connection": self.connection,
            "board": board,
            "section": section,
            "media": self._media(),
            "title": f"Pin {number}",
            "description": "A bowl.",
            "link": f"https://shop.example/{number}",
            "link_key": hashlib.sha256(str(number).encode()).hexdigest(),
            "status": "scheduled",
            "scheduled_at": at,
            "due_at": at,
            "slot_at": at,
            "series": self.series,
            "created_by": self.owner,
        }
        pin = Pin.objects.create(**{**usual, **columns})
        finish(pin)
        return pin

    def _media(self, **columns: Any) -> Media:
        number = next(self._numbers)
        return Media.objects.create(
            workspace=self.workspace,
            sha256=f"{number:064x}",
            content_type="image/jpeg",
            size=1000,
            width=1000,
            height=1500,
            dominant_color="#c96f4a",
            likeness=hashlib.sha256(str(number).encode()).hexdigest(),
            **columns,
        )

    def _video(self) -> Video:
        return Video.objects.create(
            workspace=self.workspace,
            sha256=f"{next(self._numbers):064x}",
            size=1000,
            duration_ms=12_000,
            width=1080,
            height=1920,
            codec="avc1",
        )

    def _digits(self) -> str:
        return str(10_000 + next(self._numbers))

    def _add_slides(self, pin: Pin) -> None:
        for position in range(3):
            media = pin.media if position == 0 else self._media()
            Slide.objects.create(pin=pin, position=position, media=media)

    def _upload(self, state: str) -> Finish:
        def added(pin: Pin) -> None:
            VideoUpload.objects.create(
                connection=self.connection,
                video=pin.video,
                state=state,
                media_id=self._digits(),
                registered_at=self.first,
                ready_at=self.first if state == "ready" else None,
                next_at=self.first,
            )

        return added

    def _warn(self, pin: Pin) -> None:
        for kind in ("link_fails", "board_gone"):
            PinWarning.objects.create(
                pin=pin, kind=kind, message="It may fail.", remedy="Look.", found_at=self.first
            )

    def _add_event(self, pin: Pin) -> None:
        PinEvent.objects.create(pin=pin, at=self.first, actor=self.owner, kind="changed")

    def _try(self, outcome: str) -> Finish:
        def tried(pin: Pin) -> None:
            attempt = Attempt.objects.create(
                pin=pin,
                number=1,
                worker="w",
                fingerprint="f",
                board_id="1",
                started_at=self.first,
                finished_at=None if outcome == "open" else self.first,
                outcome=outcome,
            )
            if outcome == "uncertain":
                Look.objects.create(
                    attempt=attempt, looked_at=self.first, result="several", candidates=["1", "2"]
                )

        return tried


def _nothing(_pin: Pin) -> None:
    """Nothing hangs on it."""
