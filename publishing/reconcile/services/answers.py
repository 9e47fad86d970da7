"""What a person says of a Pin that looking could not settle."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from accounts.models import User
from publishing.choices.events import EventKind
from publishing.choices.statuses import PinStatus
from publishing.models import Pin
from publishing.pins.services.events import note
from publishing.reconcile.services.reconcile import adopt

_ADDRESS = re.compile(r"(?:https?://[^/\s]+/pin/)?(\d{1,30})/?(?:[?#].*)?", re.ASCII)


class AnswerRefused(Exception):
    """The answer can't be taken; the text says why and what to do."""


class NothingAsked(AnswerRefused):
    """The Pin was settled meanwhile."""

    def __init__(self) -> None:
        super().__init__("This Pin has been settled meanwhile, so there is nothing to answer.")


def say_found(*, pin: Pin, by: User, address: str, now: datetime) -> None:
    """The Pin is at Pinterest at `address` (or has that id). Raises AnswerRefused."""
    found = _ADDRESS.fullmatch(address.strip())
    if found is None:
        raise AnswerRefused(
            "Copy the Pin's address from Pinterest. It looks like "
            "https://www.pinterest.com/pin/123456789/."
        )
    with transaction.atomic():
        locked = _lock(pin)
        if Pin.objects.filter(pinterest_id=found[1]).exists():
            raise AnswerRefused(
                "That is another Pin of yours in PinApp. Look for a second one on the board."
            )
        adopt(pin=locked, pinterest_id=found[1], now=now)
        note(pin_id=pin.pk, kind=EventKind.SAID_FOUND, by=by, now=now, text=found[1])


def say_absent(*, pin: Pin, by: User, send: bool, now: datetime) -> None:
    """The Pin is not at Pinterest: send it again, or make it a draft. Raises AnswerRefused."""
    with transaction.atomic():
        _lock(pin)
        Pin.objects.filter(pk=pin.pk, status=PinStatus.UNCERTAIN).update(
            status=PinStatus.SCHEDULED if send else PinStatus.DRAFT,
            # A new plan is a new start: what was tried before it no longer counts.
            scheduled_at=now if send else None,
            due_at=now if send else None,
            question="",
            problem="",
            remedy="",
            updated_at=now,
        )
        said = "send" if send else "draft"
        note(pin_id=pin.pk, kind=EventKind.SAID_ABSENT, by=by, now=now, text=said)


def _lock(pin: Pin) -> Pin:
    locked = Pin.objects.select_for_update().filter(pk=pin.pk).exclude(question="").first()
    if locked is None:
        raise NothingAsked
    return locked
