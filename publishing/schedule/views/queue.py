"""The queue's page: an account's slots through the week, and what stands in the coming ones."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member_view
from accounts.forms import time_zone_options
from accounts.models import Connection
from accounts.policy import Role, role_allows
from accounts.selectors import connections_of
from publishing.choices.slots import WEEKDAYS
from publishing.models import PublishingPreferences, Slot
from publishing.outlook.views.cards import pin_card
from publishing.pins.selectors.preferences import preferences_of
from publishing.pins.views.queries import row_of, text_of
from publishing.pins.views.sections import section_nav
from publishing.schedule.forms.queue import CopyDayForm, PresetForm, SlotForm
from publishing.schedule.policy.slots import coming_shifts, days_with_changed_clocks, explain
from publishing.schedule.selectors.queue import Place, clock_rules, queue_of, slot_times, slots_of
from publishing.schedule.services import slots
from publishing.schedule.services.slots import TooManySlots

_WEEKS, _MOST_WEEKS = 2, 12


@require_GET
@member_view()
def queue(request: MemberRequest) -> HttpResponse:
    """An account's slots and its coming Pins."""
    accounts = list(connections_of(request.workspace))
    chosen = text_of(request.GET, "account")
    if chosen:
        connection: Connection | None = row_of(connections_of(request.workspace), chosen)
    else:
        connection = accounts[0] if accounts else None
    return _page(request, connection, accounts=accounts)


@require_POST
@member_view(Role.EDITOR)
def queue_slot_add(request: MemberRequest, connection_id: UUID) -> HttpResponse:
    """Add one time on several days."""
    connection = _account(request, connection_id)
    form = SlotForm(request.POST)
    if not form.is_valid():
        return _page(request, connection, slot_form=form)
    added = _count(
        request,
        lambda: slots.add_slots(
            connection=connection,
            weekdays=form.cleaned_data["weekdays"],
            clock=form.cleaned_data["clock"],
            zone=form.cleaned_data["time_zone"],
        ),
    )
    return _back(request, connection, added)


@require_POST
@member_view(Role.EDITOR)
def queue_day_copy(request: MemberRequest, connection_id: UUID) -> HttpResponse:
    """Give other days the slots of one."""
    connection = _account(request, connection_id)
    form = CopyDayForm(request.POST)
    if not form.is_valid():
        return _page(request, connection, copy_form=form)
    added = _count(
        request,
        lambda: slots.copy_day(
            connection=connection,
            weekday=form.cleaned_data["weekday"],
            to=form.cleaned_data["to"],
        ),
    )
    return _back(request, connection, added)


@require_POST
@member_view(Role.EDITOR)
def queue_preset(request: MemberRequest, connection_id: UUID) -> HttpResponse:
    """Add a week of slots to start from."""
    connection = _account(request, connection_id)
    form = PresetForm(request.POST)
    if not form.is_valid():
        return _page(request, connection, preset_form=form)
    added = _count(
        request,
        lambda: slots.apply_preset(
            connection=connection, preset=form.chosen, zone=request.workspace.time_zone
        ),
    )
    return _back(request, connection, added)


@require_POST
@member_view(Role.EDITOR)
def queue_slot_remove(request: MemberRequest, connection_id: UUID, slot_id: int) -> HttpResponse:
    """Remove a slot; its Pins keep their times."""
    connection = _account(request, connection_id)
    slot = get_object_or_404(Slot.objects.select_related("connection__workspace"), pk=slot_id)
    if slot.connection_id != connection.pk:
        return _back(request, connection, None)
    staying = slots.remove_slot(slot=slot, now=timezone.now())
    text, many = f"{slot} is no slot any more.", f"{staying} Pins keep their times"
    if staying:
        pins = "The Pin in it keeps its time" if staying == 1 else many
        text += f" {pins}; rearrange the queue to move what is in no slot."
    messages.success(request, text)
    return _back(request, connection, None)


def _account(request: MemberRequest, connection_id: UUID) -> Connection:
    rows = connections_of(request.workspace).select_related("workspace")
    return get_object_or_404(rows, pk=connection_id)


def _count(request: MemberRequest, add: Any) -> int | None:
    """Run a service that adds slots; None where it refused, which the person was told."""
    try:
        added: int = add()
    except TooManySlots as refused:
        messages.error(request, str(refused))
        return None
    return added


def _back(request: MemberRequest, connection: Connection, added: int | None) -> HttpResponse:
    if added == 0:
        messages.info(request, "These slots were all there already.")
    elif added:
        messages.success(request, f"{added} slot{'' if added == 1 else 's'} added.")
    return redirect(queue_url(connection))


def queue_url(connection: Connection) -> str:
    """The queue's page of an account."""
    return f"{reverse('queue')}?{urlencode({'account': connection.pk})}"


def _page(
    request: MemberRequest,
    connection: Connection | None,
    *,
    accounts: list[Connection] | None = None,
    slot_form: forms.Form | None = None,
    copy_form: forms.Form | None = None,
    preset_form: forms.Form | None = None,
) -> HttpResponse:
    if accounts is None:
        accounts = list(connections_of(request.workspace))
    may_edit = role_allows(request.membership.role, needed=Role.EDITOR)
    zone = request.workspace.time_zone
    context: dict[str, Any] = {
        "sections": section_nav(request),
        "accounts": [_tab(each, active=each == connection) for each in accounts],
        "connection": connection,
        "connections_url": reverse("connections"),
        "may_edit": may_edit,
        "time_zone_name": timezone.get_current_timezone_name(),
        "time_zones": time_zone_options() if may_edit else [],
        "slot_form": slot_form or SlotForm(initial={"time_zone": zone}),
        "copy_form": copy_form or CopyDayForm(),
        "preset_form": preset_form or PresetForm(),
    }
    if connection is not None:
        context |= _queue_context(request, connection, may_edit=may_edit)
    bad = any(form is not None for form in (slot_form, copy_form, preset_form))
    return render(request, "publishing/schedule/queue.html", context, status=422 if bad else 200)


def _queue_context(
    request: MemberRequest, connection: Connection, *, may_edit: bool
) -> dict[str, Any]:
    now, weeks = timezone.now(), _weeks(request)
    preferences = preferences_of(request.workspace)
    rows = slots_of(connection)
    until = now + timedelta(weeks=weeks)
    places = queue_of(connection, slots=rows, since=now, until=until, preferences=preferences)
    more = {"account": connection.pk, "weeks": weeks + _WEEKS}
    return {
        "slots": rows,
        "shifts": _shifts(rows, preferences),
        "week": _week(request, connection, rows),
        "days": _days(places, connection if may_edit and connection.is_active else None),
        "free_count": sum(1 for place in places if not place.pins),
        "pin_count": sum(len(place.pins) for place in places),
        "weeks": weeks,
        "more_url": f"?{urlencode(more)}#coming" if weeks < _MOST_WEEKS else "",
        "arrange_url": reverse("queue_arrange", args=[connection.pk])
        if may_edit and any(pin.slot_at for place in places for pin in place.pins)
        else None,
        "add_url": reverse("queue_slot_add", args=[connection.pk]),
        "copy_url": reverse("queue_day_copy", args=[connection.pk]),
        "preset_url": reverse("queue_preset", args=[connection.pk]),
    }


def _shifts(rows: list[Slot], preferences: PublishingPreferences) -> list[str]:
    """What the clocks do to the slots in the year to come, however far away that is."""
    today = timezone.localdate()
    shifts = coming_shifts(
        slot_times(rows),
        since=today,
        until=today + timedelta(days=365),
        rules=clock_rules(preferences),
    )
    return [
        f"{date_format(day, 'l j F Y')}, {slot.zone.replace('_', ' ')}: {words}"
        for day, slot, words in shifts
    ]


def _weeks(request: MemberRequest) -> int:
    try:
        weeks = int(text_of(request.GET, "weeks"))
    except ValueError:
        return _WEEKS
    return min(max(weeks, 1), _MOST_WEEKS)


def _tab(connection: Connection, *, active: bool) -> dict[str, Any]:
    return {
        "label": connection.title,
        "url": queue_url(connection),
        "active": active,
        "count": None,
    }


def _week(request: MemberRequest, connection: Connection, rows: list[Slot]) -> list[dict[str, Any]]:
    """The grid: each day with its slots; the zone is named where it is not the workspace's."""
    return [
        {
            "name": name,
            "slots": [
                {
                    "clock": f"{slot.clock:%H:%M}",
                    "zone": ""
                    if slot.time_zone == request.workspace.time_zone
                    else slot.time_zone.replace("_", " "),
                    "remove_url": reverse("queue_slot_remove", args=[connection.pk, slot.pk]),
                }
                for slot in rows
                if slot.weekday == weekday
            ],
        }
        for weekday, name in enumerate(WEEKDAYS)
    ]


def _days(places: list[Place], writable: Connection | None) -> list[dict[str, Any]]:
    """Coming places by the day on which they are in the current time zone.

    `writable`: the account, where a Pin may be written for its free slots.
    """
    if not places:
        return []
    zone = timezone.get_current_timezone_name()
    first, last = (timezone.localdate(places[end].at) for end in (0, -1))
    changes = days_with_changed_clocks(zone, since=first, until=last)
    return [
        {
            "title": date_format(day, "l j F"),
            "change": changes.get(day, ""),
            "places": [_place(place, writable) for place in there],
        }
        for day, there in groupby(places, key=_day_of)
    ]


def _day_of(place: Place) -> date:
    return timezone.localdate(place.at)


def _place(place: Place, writable: Connection | None) -> dict[str, Any]:
    local = timezone.localtime(place.at)
    return {
        "at": place.at,
        "clock": f"{local:%H:%M}",
        "note": _note(place),
        "is_gone": place.slot is None,
        "pins": [pin_card(pin) for pin in place.pins],
        "new_url": _new_pin_url(writable, place.at) if writable else "",
    }


def _note(place: Place) -> str:
    if place.slot is None:
        return ""
    words = explain(place.slot)
    elsewhere = place.slot.slot.zone != timezone.get_current_timezone_name()
    return f"{words} in {place.slot.slot.zone}" if words and elsewhere else words


def _new_pin_url(connection: Connection, at: datetime) -> str:
    query = urlencode({"account": connection.pk, "at": at.isoformat()})
    return f"{reverse('pin_new')}?{query}"
