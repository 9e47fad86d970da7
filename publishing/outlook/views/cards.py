"""Pins prepared for templates: words and addresses, no decisions left."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.moments import TO_THE_SECOND, moment_words
from accounts.wire import pin_page_url
from foundation.fetching.hosts import plain_host_of, shown
from publishing.choices.board_checks import AskReason
from publishing.choices.statuses import PinKind, PinStatus
from publishing.delivery.services.claims import HELD_TEXT
from publishing.delivery.services.video_upload import PREPARING_TEXT
from publishing.models import STATUS_LABELS, Look, Pin
from publishing.outlook.services.forecast import foresee_end, room_for
from publishing.outlook.views.prospect_text import Told, tell
from publishing.pins.policy.lateness import SPACED_TEXT
from publishing.pins.policy.prospects import Cause, Fate, Prospect
from publishing.pins.views.formats import local_text, picture_url

SOON = timedelta(minutes=2)
"""A Pin due within this is watched closely by its page."""

REMOVED = "Removed at Pinterest"
_WEB = ("https://", "http://")
_QUESTIONS = {
    AskReason.SEVERAL: "There is something on the board that may be this Pin, but not for sure.",
    AskReason.VANISHED: "A Pin that may have been this one was on the board, and is gone now.",
    AskReason.SENT_TWICE: "It was sent again, and Pinterest never said whether it was created.",
    AskReason.NO_ANSWER: "PinApp tried for hours, but could not read the board.",
}


def pin_card(pin: Pin) -> dict[str, Any]:
    """What a picture card shows of a Pin."""
    goes_out_at = pin.due_at if pin.status == PinStatus.SCHEDULED else pin.scheduled_at
    moment = pin.published_at or goes_out_at
    return {
        "url": reverse("pin_detail", args=[pin.pk]),
        "title": pin.title,
        "picture_url": cover_url(pin),
        "kind": kind_words(pin),
        "alt_text": pin.alt_text,
        "board_name": pin.board.name if pin.board else "",
        "section_name": pin.section.name if pin.section else "",
        "connection_name": str(pin.connection) if pin.connection else "",
        "status": "removed" if pin.removed_at else pin.status,
        "status_label": REMOVED if pin.removed_at else STATUS_LABELS[PinStatus(pin.status)],
        "when_at": moment,
        "when_text": local_text(moment),
        **_outlook(pin, tell(pin)),
    }


def _outlook(pin: Pin, told: Told) -> dict[str, str]:
    """What becomes of it, as a card or a row tells it beside the status."""
    note = pin.problem
    if told.mark or pin.problem == HELD_TEXT:
        # What was the matter then is not what is the matter now.
        note = told.text if told.prospect.cause is not Cause.NO_ANSWER else pin.problem
    return {"level": told.level.value, "mark": told.mark, "note": note, "remedy": told.remedy}


def kind_words(pin: Pin) -> dict[str, str] | None:
    """The icon and the words for what is more than a plain picture."""
    if pin.kind == PinKind.CAROUSEL:
        return {"icon": "images", "words": f"Carousel of {pin.slide_count}"}
    if pin.video is not None:
        return {"icon": "video", "words": f"Video, {pin.video.length}"}
    return None


def pin_facts(pin: Pin) -> dict[str, Any]:
    """What a Pin's own page shows."""
    status, told, failure = PinStatus(pin.status), tell(pin), _failure(pin)
    return {
        **pin_card(pin),
        "id": str(pin.pk),
        "description": pin.description,
        "keywords": pin.keywords,
        "link": pin.link,
        "link_url": web_link(pin.link),
        "host": shown(plain_host_of(pin.link)),
        "status_text": _whole_text(pin, told, has_failure=failure is not None),
        "refresh_every": _refresh_every(pin, now=timezone.now()),
        "is_editable": pin.is_editable,
        "scheduled_at": pin.scheduled_at,
        "scheduled_local": local_text(pin.scheduled_at),
        "goes_out_at": pin.due_at if _has_countdown(status, told.prospect) else None,
        "goes_out_local": local_text(pin.due_at),
        "time_zone": timezone.get_current_timezone_name(),
        "published_at": pin.published_at,
        "published_local": local_text(pin.published_at),
        "pinterest_url": pin.pinterest_url,
        "removed_at": pin.removed_at,
        "removed_local": local_text(pin.removed_at),
        "failure": failure,
        "retry_at": pin.due_at if status is PinStatus.SCHEDULED and pin.problem else None,
        "retry_local": local_text(pin.due_at),
        "created_by": pin.created_by,
    }


def question(pin: Pin) -> dict[str, Any] | None:
    """What only a person can say of a Pin in doubt; `candidates` are Pins that may be it."""
    if not pin.question:
        return None
    last = Look.objects.filter(attempt__pin=pin).order_by("-looked_at", "-pk").first()
    return {
        "reason": _QUESTIONS[AskReason(pin.question)],
        "candidates": [
            {"id": each, "url": pin_page_url(each)} for each in (last.candidates if last else [])
        ],
        "answer_url": reverse("pin_answer", args=[pin.pk]),
    }


def web_link(link: str) -> str:
    """A link that a page may lead to; empty for any other."""
    return link if link.lower().startswith(_WEB) else ""


def cover_url(pin: Pin) -> str:
    """Where a member's browser gets what a Pin shows: its picture, or a frame of its video."""
    if pin.media is None and pin.video_id is not None and pin.cover_second is not None:
        return reverse("video_still", args=[pin.video_id, pin.cover_second])
    return picture_url(pin.media)


def _whole_text(pin: Pin, told: Told, *, has_failure: bool) -> str:
    """What the page says below the status: what becomes of it, until when, and what to do."""
    parts = [told.text]
    if told.prospect.fate is Fate.IN_DOUBT:
        parts.append(_known_text(pin))
    if told.prospect.fate in {Fate.GOES, Fate.UNDER_WAY}:
        parts.append(_room_text(pin))
    if not has_failure:
        parts.append(told.remedy)
    return " ".join(part for part in parts if part)


def _known_text(pin: Pin) -> str:
    """When it is known at the latest what became of a Pin in doubt."""
    foreseen = foresee_end(pin, now=timezone.now())
    if foreseen is None:
        return ""
    then = "it is sent once more" if foreseen.sent_again else "you are asked"
    at = local_text(foreseen.at)
    return f"It is known by {at} if Pinterest answers: found, it counts as published; else {then}."


def _room_text(pin: Pin) -> str:
    """When a Pin that is due goes out, where Pinterest's limits make it wait."""
    at = room_for(pin, now=timezone.now())
    if at is None:
        return ""
    return (
        f"It is due, and waits for Pinterest's limit: {pin.connection} may send again from "
        f"{moment_words(at, TO_THE_SECOND)} on. It goes out then, in its turn."
    )


def _has_countdown(status: PinStatus, prospect: Prospect) -> bool:
    """Whether the page counts down to the moment it goes out: only where it does."""
    return status is PinStatus.SCHEDULED and prospect.fate in {Fate.GOES, Fate.AT_RISK}


def _is_connected(pin: Pin) -> bool:
    return pin.connection is not None and pin.connection.is_active


def _failure(pin: Pin) -> dict[str, str] | None:
    """What went wrong and what to do, unless somebody has done it already."""
    if pin.problem == PREPARING_TEXT:
        return None
    if not pin.problem or (pin.problem == HELD_TEXT and _is_connected(pin)):
        return None
    return {"message": pin.problem, "remedy": pin.remedy, "tone": _tone(pin)}


def _tone(pin: Pin) -> str:
    """How loudly a Pin's trouble is told."""
    if pin.is_in_doubt or pin.problem == SPACED_TEXT:
        return "warn"
    return "calm" if pin.status == PinStatus.HELD else "bad"


def _refresh_every(pin: Pin, *, now: datetime) -> str:
    """How often the page should look again, as htmx writes it; empty when only people move it."""
    if pin.is_moving:
        return "2s"
    if pin.is_in_doubt and pin.due_at is not None:
        return "30s" if pin.due_at - now > SOON else "2s"
    if pin.status != PinStatus.SCHEDULED or pin.due_at is None:
        return ""
    if pin.due_at - now < SOON:
        return "2s"
    return "5s" if pin.preflighted_at is None else "30s"
