"""Days, hours and cards of the calendar, prepared for its templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from foundation.spans.clocks import which_of_two
from publishing.choices.statuses import EDITABLE, PinKind, PinStatus
from publishing.models import STATUS_LABELS, Pin
from publishing.outlook.views.cards import cover_url
from publishing.outlook.views.prospect_text import tell
from publishing.pins.policy.prospects import Level
from publishing.pins.selectors.completeness import missing_from
from publishing.schedule.policy.calendars import ClockChange, Hour, clock_change_on
from publishing.schedule.policy.moves import clock_on
from publishing.schedule.policy.times import MissingHour, resolve_local_time
from publishing.schedule.selectors.calendar import Stretch

STATUS_ICONS = {
    PinStatus.DRAFT: "file-pen-line",
    PinStatus.SCHEDULED: "clock",
    PinStatus.CLAIMED: "loader-circle",
    PinStatus.SENDING: "loader-circle",
    PinStatus.PUBLISHED: "check",
    PinStatus.FAILED: "circle-alert",
    PinStatus.UNCERTAIN: "circle-help",
    PinStatus.HELD: "circle-pause",
}
KIND_ICONS = {PinKind.CAROUSEL: "images", PinKind.VIDEO: "video"}


@dataclass(frozen=True, slots=True)
class Frame:
    """What all cells of a page share: the zone, the present, and what the person may do."""

    zone: str
    now: datetime
    can_edit: bool
    day_urls: Mapping[date, str]
    is_day: bool = False

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    def more_url(self, day: date) -> str:
        """Where all Pins of a day are: in the day view, and when that is full in the list."""
        if not self.is_day:
            return self.day_urls[day]
        return f"{reverse('pin_list')}?from={day.isoformat()}&to={day.isoformat()}"


def calendar_card(pin: Pin, *, can_edit: bool) -> dict[str, Any]:
    """What a card in the calendar or the tray shows."""
    status = PinStatus(pin.status)
    local = timezone.localtime(pin.scheduled_at) if pin.scheduled_at else None
    movable = can_edit and status in EDITABLE
    told = tell(pin)
    return {
        "id": str(pin.pk),
        "url": reverse("pin_detail", args=[pin.pk]),
        "move_url": reverse("pin_move", args=[pin.pk]) if movable else "",
        "title": pin.title or "Untitled Pin",
        "picture_url": cover_url(pin),
        "board_name": pin.board.name if pin.board else "No board yet",
        "account": str(pin.connection) if pin.connection else "",
        "status": status.value,
        "status_label": STATUS_LABELS[status],
        "icon": STATUS_ICONS[status],
        "moves": status in {PinStatus.CLAIMED, PinStatus.SENDING},
        "kind_icon": KIND_ICONS.get(PinKind(pin.kind), ""),
        "kind_label": pin.kind.title(),
        "when_at": pin.scheduled_at,
        "date": f"{local:%Y-%m-%d}" if local else "",
        "clock": f"{local:%H:%M}" if local else "",
        "which": which_of_two(local) if local else "",
        "again": bool(local and local.fold),
        "lacks": missing_from(pin) if status is PinStatus.DRAFT else "",
        "level": told.level.value,
        "mark": told.mark,
    }


def day_cell(
    day: date, stretch: Stretch, *, frame: Frame, month: int | None = None
) -> dict[str, Any]:
    """A day of the month; `month` is the one that is shown, other days are paler."""
    return {
        **day_head(day, frame=frame),
        "outside": month is not None and day.month != month,
        "count": stretch.count,
        "cards": [calendar_card(pin, can_edit=frame.can_edit) for pin in stretch.pins],
        **_more(stretch),
    }


def day_head(day: date, *, frame: Frame) -> dict[str, Any]:
    """A day's name and what is special about it."""
    change = clock_change_on(day, zone=frame.zone)
    return {
        "date": day.isoformat(),
        "number": day.day,
        "weekday": date_format(day, "D"),
        "month_name": date_format(day, "M") if day.day == 1 else "",
        "name": date_format(day, "l j F"),
        "short_name": date_format(day, "D j M"),
        "url": frame.day_urls[day],
        "new_url": "" if day < frame.today else _new_url(day, frame=frame),
        "is_today": day == frame.today,
        "is_past": day < frame.today,
        "is_weekend": day.weekday() > 4,
        "change": change_words(change) if change else None,
    }


def _new_url(day: date, *, frame: Frame) -> str:
    """Where a Pin is written for a day: in the morning, or soon where it is the present day."""
    clock = clock_on(day, planned=None, now=frame.now, zone=frame.zone)
    try:
        at = resolve_local_time(datetime.combine(day, clock), zone=frame.zone).instant
    except MissingHour as missing:
        at = resolve_local_time(missing.next_valid, zone=frame.zone).instant
    return f"{reverse('pin_new')}?{urlencode({'at': at.isoformat()})}"


def change_words(change: ClockChange) -> dict[str, str]:
    """A change of the clocks in words, short and long."""
    before, after = f"{change.before:%H:%M}", f"{change.after:%H:%M}"
    if change.is_forward:
        return {
            "title": f"Clocks go forward at {before}",
            "text": f"The clock jumps from {before} to {after}; the time between does not exist.",
        }
    return {
        "title": f"Clocks go back at {before}",
        "text": f"After {before} it is {after} again: the time between comes twice.",
    }


def hour_cell(hour: Hour, stretch: Stretch, *, day: date, frame: Frame) -> dict[str, Any]:
    """An hour of a day, as something to drop a Pin on."""
    clock = f"{hour.clock:%H:%M}"
    return {
        "exists": True,
        "date": day.isoformat(),
        "clock": clock,
        "again": hour.again,
        "label": f"{clock} again" if hour.again else clock,
        "is_now": hour.span.start <= frame.now < hour.span.end,
        "is_past": hour.span.end <= frame.now,
        "count": stretch.count,
        "cards": [calendar_card(pin, can_edit=frame.can_edit) for pin in stretch.pins],
        "more_url": frame.more_url(day),
        **_more(stretch),
    }


def missing_cell(clock: time, *, day: date, skipped: bool) -> dict[str, Any]:
    """Where a week has a row that this day lacks; `skipped` when its clocks jump over it."""
    return {
        "exists": False,
        "date": day.isoformat(),
        "label": f"{clock:%H:%M}",
        "skipped": skipped,
        "cards": [],
        "count": 0,
    }


def _more(stretch: Stretch) -> dict[str, Any]:
    """How many Pins stay unseen, and whether one of those needs a person."""
    seen = sum(tell(pin).level is Level.STOPPED for pin in stretch.pins)
    return {
        "more": max(stretch.count - len(stretch.pins), 0),
        "more_attention": max(stretch.attention - seen, 0),
    }
