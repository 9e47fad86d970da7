"""Holding what leads where Pinterest has just seen spam, before it is blocked as well."""

from __future__ import annotations

import logging
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from publishing.models import Pin
from publishing.policy.events import EventKind
from publishing.policy.statuses import HoldReason, PinStatus
from publishing.services.events import note_all

logger = logging.getLogger(__name__)

SPAM_REMEDY = (
    "Open the page it leads to and see what may look like spam: redirects, a new site, or too "
    "many Pins of one page in a short time. "
    "Then publish this Pin, give it a new time, or change its link."
)


def hold_same_destination(*, pin: Pin, now: datetime) -> int:
    """Put the account's other planned Pins to the site of `pin` on hold; returns how many.

    None for a Pin without a link. Pins that are being sent are past holding.
    """
    host = _host(pin.link)
    if not host:
        return 0
    planned = Pin.objects.filter(
        connection=pin.connection, status__in=[PinStatus.SCHEDULED, PinStatus.CLAIMED]
    ).exclude(pk=pin.pk)
    links = planned.filter(link__icontains=host).values_list("pk", "link")
    same = [pin_id for pin_id, link in links if _host(link) == host]
    text = f"Pinterest took a Pin that leads to {host} for spam, so this one waits."
    with transaction.atomic():
        held = list(planned.select_for_update().filter(pk__in=same).values_list("pk", flat=True))
        planned.filter(pk__in=held).update(
            status=PinStatus.HELD,
            held_reason=HoldReason.SPAM,
            due_at=None,
            claimed_at=None,
            problem=text,
            remedy=SPAM_REMEDY,
            updated_at=now,
        )
        note_all(pin_ids=held, kind=EventKind.HELD, by=None, now=now, text=text)
    if held:
        logger.warning("pins_held_for_spam connection=%s pins=%s", pin.connection_id, len(held))
    return len(held)


def _host(link: str) -> str:
    """The site a link leads to, however it is written."""
    return (urlsplit(link).hostname or "").removeprefix("www.")
