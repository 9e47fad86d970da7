"""What people do with Pins: write, plan, stop, publish now, delete.

Each write is one conditional UPDATE. It ends the claim of a worker that has not begun to send; a
Pin that is being sent is left alone, whoever asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import Connection, User, Workspace
from publishing.choices.events import EventKind
from publishing.choices.statuses import EDITABLE, PinKind, PinStatus
from publishing.models import Board, BoardSection, Media, Pin, Video
from publishing.pins.policy.normalise import link_key
from publishing.pins.services.events import note
from publishing.pins.services.slides import SlideContent, check_slides, slides_of, write_slides


class PinLocked(Exception):
    """This Pin is being sent, or has gone out; the text says so."""

    def __init__(self, pin: Pin) -> None:
        self.pin = pin
        super().__init__(_LOCK_TEXTS.get(PinStatus(pin.status), _LOCKED))


class PinDeleted(PinLocked):
    """Somebody has deleted the Pin meanwhile."""

    def __str__(self) -> str:
        return "This Pin was deleted a moment ago, so nothing was changed."


_LOCKED = "This Pin is being published right now, so it can't be changed any more."
_LOCK_TEXTS = {
    PinStatus.PUBLISHED: (
        "This Pin is already on Pinterest. Published Pins can't be changed here; "
        "you can duplicate it and publish the copy."
    ),
    PinStatus.UNCERTAIN: (
        "Pinterest did not say whether this Pin was created, so it can't be changed until "
        "that is settled."
    ),
}


@dataclass(frozen=True, slots=True)
class PinContent:
    """What a Pin shows and where it goes; a draft may lack any of it.

    A carousel has 2 to 5 `slides`; its `media` is the first one's, whatever is given.
    Of a `video`, `media` is the cover; without one the frame at `cover_second` is.
    """

    connection: Connection | None
    board: Board | None
    section: BoardSection | None
    media: Media | None
    title: str = ""
    description: str = ""
    link: str = ""
    alt_text: str = ""
    slides: tuple[SlideContent, ...] = ()
    video: Video | None = None
    cover_second: int | None = None

    @property
    def kind(self) -> PinKind:
        """What the Pin is by what it shows."""
        if self.video is not None:
            return PinKind.VIDEO
        return PinKind.CAROUSEL if self.slides else PinKind.IMAGE


@dataclass(frozen=True, slots=True)
class Plan:
    """When a Pin goes out: `at` in UTC, None for a draft; `time_zone` is what it was planned in.

    `slot_at` is the queue's slot that it takes, where it takes one; `repeats` says that showing
    the same link or picture again so soon is meant.
    """

    at: datetime | None
    time_zone: str
    slot_at: datetime | None = None
    repeats: bool = False


def create_pin(
    *,
    workspace: Workspace,
    by: User,
    content: PinContent,
    plan: Plan,
    now: datetime,
    kind: EventKind = EventKind.WRITTEN,
    series: UUID | None = None,
) -> Pin:
    """Write a new Pin, as a draft or planned; `kind` is how its history begins.

    `series` is shared by Pins that are written together for several boards. Raises
    CarouselRejected for slides that make no carousel.
    """
    with transaction.atomic():
        pin = Pin.objects.create(
            workspace=workspace,
            created_by=by,
            created_at=now,
            updated_at=now,
            series=series,
            **_content_columns(content),
            **_plan_columns(plan),
        )
        write_slides(pin, content.slides)
        note(pin_id=pin.pk, kind=kind, by=by, now=now)
    return pin


def rewrite_pin(*, pin: Pin, by: User, content: PinContent, plan: Plan, now: datetime) -> None:
    """Replace what a Pin shows and when it goes out. Raises PinLocked and CarouselRejected."""
    columns = {**_content_columns(content), **_plan_columns(plan)}
    with transaction.atomic():
        # The row's lock comes first: nobody sends a Pin with half of its slides.
        _change(pin, EventKind.CHANGED, by=by, now=now, **columns)
        write_slides(pin, content.slides)


def plan_pin(*, pin: Pin, by: User, plan: Plan, now: datetime) -> None:
    """Give a complete Pin a time and leave what it shows alone. Raises PinLocked."""
    _change(pin, EventKind.PLANNED, by=by, now=now, **_plan_columns(plan))


def unschedule_pin(*, pin: Pin, by: User, now: datetime) -> None:
    """Make a planned, held or failed Pin a draft again. Raises PinLocked."""
    columns = _plan_columns(Plan(at=None, time_zone=pin.time_zone))
    _change(pin, EventKind.UNPLANNED, by=by, now=now, **columns)


def publish_now(*, pin: Pin, by: User, now: datetime) -> None:
    """Make a complete Pin due at once. Raises PinLocked."""
    columns = _plan_columns(Plan(at=now, time_zone=pin.time_zone, repeats=pin.repeats))
    _change(pin, EventKind.PUBLISH_NOW, by=by, now=now, **columns)


def delete_pin(*, pin: Pin) -> None:
    """Delete a Pin that is not on Pinterest. Raises PinLocked."""
    with transaction.atomic():
        locked = Pin.objects.select_for_update().filter(pk=pin.pk).first()
        if locked is None:
            return
        if locked.status not in EDITABLE:
            raise PinLocked(locked)
        locked.delete()


def duplicate_pin(*, pin: Pin, by: User, now: datetime) -> Pin:
    """A draft with the same content."""
    return create_pin(
        workspace=pin.workspace,
        by=by,
        content=content_of(pin),
        plan=Plan(at=None, time_zone=pin.time_zone),
        now=now,
        kind=EventKind.COPIED,
    )


def content_of(pin: Pin) -> PinContent:
    """All that a Pin shows and where it goes, to be written with another Pin."""
    columns = {name: getattr(pin, name) for name in _CONTENT_COLUMNS}
    return PinContent(**columns, slides=slides_of(pin))


_CONTENT_COLUMNS = [name for name in PinContent.__dataclass_fields__ if name != "slides"]


def _content_columns(content: PinContent) -> dict[str, object]:
    check_slides(content.slides)
    columns = {name: getattr(content, name) for name in _CONTENT_COLUMNS}
    if content.slides:
        columns["media"] = content.slides[0].media
    if content.video is None or content.media is not None:
        columns["cover_second"] = None
    return {
        **columns,
        "kind": content.kind,
        "slide_count": len(content.slides),
        "link_key": link_key(content.link),
    }


def _plan_columns(plan: Plan) -> dict[str, object]:
    status = PinStatus.DRAFT if plan.at is None else PinStatus.SCHEDULED
    return {
        "status": status,
        "scheduled_at": plan.at,
        "due_at": plan.at,
        "claimed_at": None,
        "time_zone": plan.time_zone,
        "slot_at": plan.slot_at,
        "repeats": plan.repeats,
        "held_reason": "",
        "problem": "",
        "remedy": "",
    }


def _change(pin: Pin, event: EventKind, *, by: User, now: datetime, **columns: object) -> None:
    with transaction.atomic():
        row = Pin.objects.filter(pk=pin.pk, status__in=EDITABLE)
        changed = row.update(updated_at=now, **columns)
        if changed:
            note(pin_id=pin.pk, kind=event, by=by, now=now)
    now_is = Pin.objects.filter(pk=pin.pk).first()
    if now_is is None:
        raise PinDeleted(pin)
    pin.refresh_from_db()
    if changed != 1:
        raise PinLocked(pin)
