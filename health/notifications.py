"""What people are told about the server itself."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from accounts.notifications.kinds import Audience, Kind, MailWay, register


def _dashboard(_ids: Sequence[str]) -> str:
    return reverse("dashboard")


PINS_MISSED = Kind(
    code="pins_missed",
    label="Pins don’t go out though nothing is in their way",
    one="Pins do not go out",
    many="Pins did not go out {count} times",
    icon="clock-alert",
    tone="bad",
    action="See where things stand",
    link=_dashboard,
    audience=Audience.OWNERS,
    # The alarm mails by itself: it is for when no worker is there to send other mails.
    mail=MailWay.NEVER,
)

register(PINS_MISSED)
