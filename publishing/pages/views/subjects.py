"""How things stand with Pins, imports and the server, for inboxes and mails: the pages' words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q

from accounts.notifications.subjects import Subject, Words, register_subject
from publishing.choices.statuses import HoldReason, PinStatus
from publishing.imports.selectors.imports import NOT_IMPORTED
from publishing.imports.services.work import left_over_words
from publishing.models import Import, ImportRow, Pin
from publishing.outlook.views.prospect_text import tell
from publishing.pins.notifications import (
    PIN_ASKS,
    PIN_FAILED,
    PIN_GONE,
    PIN_HELD,
    PIN_LATE,
    PUBLISHING_STOPPED,
)
from publishing.pins.selectors.prospects import with_prospects
from publishing.pins.selectors.stops import current_stop
from publishing.pins.services.telling import pin_facts

_STILL: Final[Mapping[str, Q]] = {
    PIN_FAILED.code: Q(status=PinStatus.FAILED),
    PIN_ASKS.code: Q(status=PinStatus.UNCERTAIN) & ~Q(question=""),
    PIN_HELD.code: Q(status=PinStatus.HELD),
    PIN_LATE.code: Q(status=PinStatus.HELD, held_reason=HoldReason.LATE),
    PIN_GONE.code: Q(removed_at__isnull=False),
}


def _pins_still(kind: str, ids: Sequence[str]) -> set[str]:
    found = Pin.objects.filter(_STILL.get(kind, Q()), pk__in=ids)
    return {str(pk) for pk in found.values_list("pk", flat=True)}


def _tell_pins(_kind: str, ids: Sequence[str]) -> dict[str, Words]:
    pins = with_prospects(Pin.objects.filter(pk__in=ids))
    return {
        str(pin.pk): {**_facts(pin), **_pin_words(pin)}
        for pin in pins.select_related("connection", "board", "section")
    }


def _facts(pin: Pin) -> Words:
    return pin_facts(
        title=pin.title,
        account=pin.connection.username if pin.connection else None,
        board=pin.board.name if pin.board else None,
        planned=pin.scheduled_at,
    )


def _pin_words(pin: Pin) -> Words:
    """Why a refused Pin was refused, then what becomes of it, as its page says it."""
    told = tell(pin)
    why = f"{pin.problem} " if pin.status == PinStatus.FAILED and pin.problem else ""
    return {"problem": f"{why}{told.text}", "remedy": told.remedy}


def _imports_still(_kind: str, ids: Sequence[str]) -> set[str]:
    rows = ImportRow.objects.filter(batch=OuterRef("pk"), status__in=NOT_IMPORTED)
    found = Import.objects.filter(Exists(rows), pk__in=ids)
    return {str(pk) for pk in found.values_list("pk", flat=True)}


def _tell_imports(_kind: str, ids: Sequence[str]) -> dict[str, Words]:
    to_mend = Count("rows", filter=Q(rows__status__in=NOT_IMPORTED))
    counted = Import.objects.filter(pk__in=ids).annotate(to_mend=to_mend)
    return {str(pk): left_over_words(count) for pk, count in counted.values_list("pk", "to_mend")}


def _server_still(kind: str, ids: Sequence[str]) -> set[str]:
    is_stopped = current_stop() is not None
    return set(ids) if is_stopped is (kind == PUBLISHING_STOPPED.code) else set()


def _tell_server(kind: str, ids: Sequence[str]) -> dict[str, Words]:
    stop = current_stop()
    words: Words = {}
    if stop is not None:
        words = {"problem": stop.message, "remedy": stop.remedy}
    elif kind == PUBLISHING_STOPPED.code:
        words = {"problem": "It goes on again.", "remedy": ""}
    return dict.fromkeys(ids, words)


register_subject("pin", Subject(still=_pins_still, tell=_tell_pins))
register_subject("import", Subject(still=_imports_still, tell=_tell_imports))
register_subject("server", Subject(still=_server_still, tell=_tell_server))
