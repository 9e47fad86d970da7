"""What people are told about Pins, imports and the publishing of this server."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from accounts.notifications.kinds import Audience, Kind, MailWay, register


def _pin(ids: Sequence[str]) -> str:
    """The Pin's page, or the list of all that needs somebody."""
    if len(ids) == 1:
        return reverse("pin_detail", args=ids)
    return f"{reverse('pin_list')}?show=stopped"


def _held(_ids: Sequence[str]) -> str:
    return reverse("held_pins")


def _published(ids: Sequence[str]) -> str:
    if len(ids) == 1:
        return reverse("pin_detail", args=ids)
    return f"{reverse('pin_list')}?show=published"


def _import(ids: Sequence[str]) -> str:
    """The file whose rows need somebody, or where all files are."""
    return reverse("import_detail", args=ids) if len(ids) == 1 else reverse("pin_import")


def _dashboard(_ids: Sequence[str]) -> str:
    return reverse("dashboard")


PUBLISHING_STOPPED = Kind(
    code="publishing_stopped",
    label="Pinterest stops this server",
    one="Publishing is stopped",
    many="Publishing was stopped {count} times",
    icon="triangle-alert",
    tone="bad",
    action="See what to do",
    link=_dashboard,
    audience=Audience.OWNERS,
)
PUBLISHING_RESUMED = Kind(
    code="publishing_resumed",
    label="Publishing goes on after a stop",
    one="Publishing goes on",
    many="Publishing went on {count} times",
    icon="circle-play",
    tone="good",
    action="See where things stand",
    link=_dashboard,
    audience=Audience.OWNERS,
)
PIN_FAILED = Kind(
    code="pin_failed",
    label="A Pin is refused or can’t be published",
    one="A Pin was not published",
    many="{count} Pins were not published",
    icon="circle-x",
    tone="bad",
    action="See what to do",
    link=_pin,
)
PIN_ASKS = Kind(
    code="pin_asks",
    label="PinApp can’t find out whether a Pin was published",
    one="A Pin needs your answer: was it published?",
    many="{count} Pins need your answer: were they published?",
    icon="circle-help",
    tone="warn",
    action="Answer",
    link=_pin,
)
PIN_HELD = Kind(
    code="pin_held",
    label="Pins are put on hold",
    one="A Pin was put on hold",
    many="{count} Pins were put on hold",
    icon="circle-pause",
    tone="warn",
    action="Decide what becomes of them",
    link=_held,
)
PIN_LATE = Kind(
    code="pin_late",
    label="Pins are too late to go out unasked",
    one="A Pin missed its time and waits for you",
    many="{count} Pins missed their time and wait for you",
    icon="clock-alert",
    tone="warn",
    action="Decide what becomes of them",
    link=_held,
)
IMPORT_NEEDS_YOU = Kind(
    code="import_needs_you",
    label="Your import has rows that need you",
    one="An import has rows that need you",
    many="{count} imports have rows that need you",
    icon="upload",
    tone="warn",
    action="Mend the rows",
    link=_import,
    audience=Audience.CONCERNED,
)
PIN_GONE = Kind(
    code="pin_gone",
    label="A published Pin disappears from Pinterest",
    one="A Pin is no longer on Pinterest",
    many="{count} Pins are no longer on Pinterest",
    icon="image-off",
    tone="neutral",
    action="Look at it",
    link=_published,
    mail=MailWay.ON_WISH,
)

register(
    PUBLISHING_STOPPED,
    PUBLISHING_RESUMED,
    PIN_FAILED,
    PIN_ASKS,
    PIN_HELD,
    PIN_LATE,
    IMPORT_NEEDS_YOU,
    PIN_GONE,
)
