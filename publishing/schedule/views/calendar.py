"""The calendar: what goes out when, by month, week and day, in the zone of who looks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_view
from accounts.policy import Role, role_allows
from publishing.choices.statuses import PinStatus
from publishing.models import STATUS_LABELS
from publishing.pins.views.sections import section_nav
from publishing.schedule.policy import calendars
from publishing.schedule.policy.calendars import Hour
from publishing.schedule.selectors.calendar import Stretch, drafts_of, pins_in
from publishing.schedule.views.calendar_cells import (
    STATUS_ICONS,
    Frame,
    calendar_card,
    day_cell,
    day_head,
    hour_cell,
    missing_cell,
)
from publishing.schedule.views.filters import Chosen, chosen_in, filter_fields, link_to

VIEWS = {"month": "Month", "week": "Week", "day": "Day"}
SHOWN_IN_MONTH = 3
SHOWN_IN_WEEK = 3
SHOWN_IN_DAY = 40
"""Cards in a day of the month, in an hour of the week, in an hour of the day."""

DRAFTS_SHOWN = 20

_DAY = timedelta(days=1)


@require_GET
@member_view()
def pin_calendar(request: MemberRequest) -> HttpResponse:
    """A month, a week or a day of Pins."""
    view = request.GET.get("view", "month")
    view = view if view in VIEWS else "month"
    day = calendars.as_day(request.GET.get("date", ""), otherwise=timezone.localdate())
    chosen = chosen_in(request.GET)
    can_edit = role_allows(request.membership.role, needed=Role.EDITOR)
    frame = Frame(
        zone=timezone.get_current_timezone_name(),
        now=timezone.now(),
        can_edit=can_edit,
        day_urls=_DayUrls(chosen),
        is_day=view == "day",
    )
    grids = {"month": _month, "week": _week, "day": _single_day}
    context = {
        **grids[view](request, day, chosen, frame),
        **_navigation(view, day, chosen, today=frame.today),
        "view": view,
        "filters": filter_fields(request.workspace, chosen),
        "tray": _tray(request, chosen, can_edit=can_edit),
        "can_edit": can_edit,
        "time_zone_name": frame.zone,
        "sections": section_nav(request),
        "legend": _LEGEND,
    }
    return render(request, "publishing/schedule/calendar.html", context)


class _DayUrls(dict[date, str]):
    """Addresses of the day view, with the filters that are set."""

    def __init__(self, chosen: Chosen) -> None:
        super().__init__()
        self.chosen = chosen

    def __missing__(self, day: date) -> str:
        self[day] = url = _address("day", day, self.chosen)
        return url


def _month(request: MemberRequest, day: date, chosen: Chosen, frame: Frame) -> dict[str, Any]:
    days = calendars.month_of(day)
    spans = [calendars.day_span(each, zone=frame.zone) for each in days]
    stretches = pins_in(request.workspace, spans, chosen=chosen.pin_filter, shown=SHOWN_IN_MONTH)
    cells = [
        day_cell(each, stretch, frame=frame, month=day.month)
        for each, stretch in zip(days, stretches, strict=True)
    ]
    return {
        "title": date_format(day, "F Y"),
        "days": cells,
        "weekdays": [date_format(each, "l") for each in days[:7]],
        "is_empty": not any(cell["count"] for cell in cells),
    }


def _week(request: MemberRequest, day: date, chosen: Chosen, frame: Frame) -> dict[str, Any]:
    days = calendars.week_of(day)
    first, last = days[0], days[-1]
    start = date_format(first, "j F Y" if first.year != last.year else "j F")
    if first.month == last.month:
        start = str(first.day)
    return {
        "title": f"{start} – {date_format(last, 'j F Y')}",
        **_hour_grid(request, days, chosen, frame, shown=SHOWN_IN_WEEK),
    }


def _single_day(request: MemberRequest, day: date, chosen: Chosen, frame: Frame) -> dict[str, Any]:
    return {
        "title": date_format(day, "l j F Y"),
        **_hour_grid(request, [day], chosen, frame, shown=SHOWN_IN_DAY),
    }


def _hour_grid(
    request: MemberRequest, days: list[date], chosen: Chosen, frame: Frame, *, shown: int
) -> dict[str, Any]:
    """Columns of days that have the same rows: a day lacks those that its clocks do not show."""
    hours = [(day, hour) for day in days for hour in calendars.hours_of(day, zone=frame.zone)]
    stretches = pins_in(
        request.workspace,
        [hour.span for _, hour in hours],
        chosen=chosen.pin_filter,
        shown=shown,
    )
    found = {
        (day, hour.clock, hour.again): (hour, stretch)
        for (day, hour), stretch in zip(hours, stretches, strict=True)
    }
    rows = sorted({(clock, again) for _, clock, again in found})
    columns = [
        {
            **day_head(day, frame=frame),
            "hours": [_cell(day, clock, again, found, frame) for clock, again in rows],
            "count": sum(s.count for (d, _, _), (_, s) in found.items() if d == day),
        }
        for day in days
    ]
    return {
        "columns": columns,
        "rows": [{"label": f"{clock:%H:%M}", "again": again} for clock, again in rows],
        "is_empty": not any(column["count"] for column in columns),
    }


def _cell(
    day: date,
    clock: time,
    again: bool,  # noqa: FBT001 - a part of the row's name
    found: dict[tuple[date, time, bool], tuple[Hour, Stretch]],
    frame: Frame,
) -> dict[str, Any]:
    if (day, clock, again) in found:
        hour, stretch = found[day, clock, again]
        return hour_cell(hour, stretch, day=day, frame=frame)
    change = calendars.clock_change_on(day, zone=frame.zone)
    shown = datetime.combine(day, clock)
    skipped = change is not None and change.before <= shown < change.after
    return missing_cell(clock, day=day, skipped=skipped and not again)


def _navigation(view: str, day: date, chosen: Chosen, *, today: date) -> dict[str, Any]:
    earlier, later = {
        "month": (calendars.month_before(day), calendars.following_month(day)),
        "week": (day - 7 * _DAY, day + 7 * _DAY),
        "day": (day - _DAY, day + _DAY),
    }[view]
    shows_today = (
        today
        in {
            "month": calendars.month_of(day),
            "week": calendars.week_of(day),
            "day": [day],
        }[view]
    )
    return {
        "date": day.isoformat(),
        "earlier": _address(view, earlier, chosen) if earlier >= calendars.EARLIEST_DAY else "",
        "later": _address(view, later, chosen) if later <= calendars.LATEST_DAY else "",
        "today_url": _address(view, today, chosen),
        "shows_today": shows_today,
        "view_tabs": [
            {"label": words, "url": _address(name, day, chosen), "active": name == view}
            for name, words in VIEWS.items()
        ],
        "clear_url": _address(view, day, Chosen()),
    }


def _address(view: str, day: date, chosen: Chosen) -> str:
    return link_to({"view": view, "date": day.isoformat()}, chosen.parameters)


def _tray(request: MemberRequest, chosen: Chosen, *, can_edit: bool) -> dict[str, Any]:
    drafts, has_more = drafts_of(request.workspace, chosen=chosen.pin_filter, limit=DRAFTS_SHOWN)
    return {
        "cards": [calendar_card(pin, can_edit=can_edit) for pin in drafts],
        "has_more": has_more,
        "all_url": reverse("pin_list") + link_to({"show": "drafts"}),
    }


_LEGEND: list[dict[str, str]] = [
    {"status": status.value, "icon": STATUS_ICONS[status], "label": STATUS_LABELS[status]}
    for status in (
        PinStatus.SCHEDULED,
        PinStatus.PUBLISHED,
        PinStatus.HELD,
        PinStatus.UNCERTAIN,
        PinStatus.FAILED,
    )
]
