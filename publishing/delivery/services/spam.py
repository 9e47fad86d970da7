"""Holding what leads where Pinterest has just seen spam, before it is blocked as well."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from foundation.fetching.hosts import plain_host_of, shown
from publishing.choices.events import EventKind
from publishing.choices.statuses import HoldReason, PinStatus
from publishing.models import Pin
from publishing.pins.notifications import PIN_HELD
from publishing.pins.services.events import note_all
from publishing.pins.services.telling import tell_of_pins

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
    host = plain_host_of(pin.link)
    if not host:
        return 0
    planned = Pin.objects.filter(
        connection=pin.connection, status__in=[PinStatus.SCHEDULED, PinStatus.CLAIMED]
    ).exclude(pk=pin.pk)
    # A host can be written in many ways, so the database can't tell.
    links = planned.exclude(link="").values_list("pk", "link")
    same = [pin_id for pin_id, link in links if plain_host_of(link) == host]
    text = f"Pinterest took a Pin that leads to {shown(host)} for spam, so this one waits."
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
        tell_of_pins(PIN_HELD, pin_ids=held, now=now)
    if held:
        logger.warning("pins_held_for_spam connection=%s pins=%s", pin.connection_id, len(held))
    return len(held)
