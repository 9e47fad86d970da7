"""Giving a Pin another time: dragged in the calendar, or with a form."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, member_view
from accounts.policy import Role
from publishing.choices.statuses import PinStatus
from publishing.models import STATUS_LABELS, Pin
from publishing.outlook.views.cards import pin_card
from publishing.pins.selectors.pins import pins_of
from publishing.pins.services.pins import PinLocked, unschedule_pin
from publishing.pins.views.formats import local_text
from publishing.schedule.forms.moves import MoveForm
from publishing.schedule.policy.moves import clock_on
from publishing.schedule.policy.times import is_past
from publishing.schedule.services.moves import MoveRefused, reschedule_pin
from publishing.schedule.views.filters import link_to
from publishing.schedule.views.repeat_text import moved_warning

_TWICE = " The clocks go back that night and show this hour twice; the first one is meant."


@require_http_methods(["GET", "POST"])
@member_view(Role.EDITOR)
def pin_move(request: MemberRequest, pin_id: UUID) -> HttpResponse:
    """Plan a Pin for a time of the clock on the wall, or take its time away (`draft=1`).

    What repeats another Pin too soon is moved all the same, and told: undoing is one step away.
    Scripts get JSON: 200 with the new time and how to undo it, 422 for a time that can't be, 409
    for a Pin that is out of our hands.
    """
    pin = get_object_or_404(pins_of(request.workspace), pk=pin_id)
    if request.method != "POST":
        if pin.is_editable:
            return _page(request, pin, _form(pin, initial=_first_values(pin)))
        messages.error(request, str(PinLocked(pin)))
        return redirect("pin_detail", pin.pk)
    if request.POST.get("draft"):
        return _take_time_away(request, pin)
    form = _form(pin, request.POST)
    was = _Before(pin)
    if not form.is_valid():
        return _refuse(request, pin, form, code=_first_code(form), status=422)
    try:
        reschedule_pin(pin=pin, by=request.user, at=form.at, now=form.now, time_zone=form.zone)
    except MoveRefused as refused:
        form.add_error("date" if refused.code == "out_of_range" else None, str(refused))
        return _refuse(request, pin, form, code=refused.code, status=422)
    except PinLocked as locked:
        form.add_error(None, str(locked))
        return _refuse(request, pin, form, code="locked", status=409)
    return _done(request, pin, was, _moved_words(pin, was, doubled=form.doubled_hour))


class _Before:
    """Where a Pin was, to bring it back there."""

    def __init__(self, pin: Pin) -> None:
        self.status, self.at = pin.status, pin.scheduled_at

    def undo(self, pin: Pin, *, now: datetime) -> dict[str, str] | None:
        """What to POST to undo a move; None for what can't be brought back."""
        if self.status == PinStatus.DRAFT:
            return {"draft": "1"}
        comes_back = self.status == PinStatus.SCHEDULED or self.status == pin.status
        if self.at is None or not comes_back or is_past(self.at, now=now):
            return None
        return _wall(self.at)


def _take_time_away(request: MemberRequest, pin: Pin) -> HttpResponse:
    was = _Before(pin)
    try:
        unschedule_pin(pin=pin, by=request.user, now=timezone.now())
    except PinLocked as locked:
        form = _form(pin, initial=_first_values(pin))
        if _wants_json(request):
            return JsonResponse({"code": "locked", "message": str(locked)}, status=409)
        messages.error(request, str(locked))
        return _page(request, pin, form, status=409)
    return _done(request, pin, was, "The Pin is a draft now.")


def _done(request: MemberRequest, pin: Pin, was: _Before, message: str) -> HttpResponse:
    repeat = moved_warning(pin)
    if not _wants_json(request):
        messages.success(request, message)
        if repeat:
            messages.warning(request, _with_link(repeat))
        return redirect(_back(request, pin))
    wall = _wall(pin.scheduled_at) if pin.scheduled_at else {"date": "", "clock": "", "again": ""}
    return JsonResponse(
        {
            **wall,
            "status": pin.status,
            "status_label": STATUS_LABELS[PinStatus(pin.status)],
            "message": message,
            "repeat": repeat,
            "undo": was.undo(pin, now=timezone.now()),
        }
    )


def _with_link(repeat: dict[str, str]) -> str:
    return format_html('{} <a href="{}">{}</a>', repeat["text"], repeat["url"], repeat["title"])


def _refuse(
    request: MemberRequest, pin: Pin, form: MoveForm, *, code: str, status: int
) -> HttpResponse:
    if not _wants_json(request):
        return _page(request, pin, form, status=status)
    sentences = [str(error) for errors in form.errors.values() for error in errors]
    answer: dict[str, Any] = {"code": code, "message": " ".join(sentences)}
    if form.next_valid:
        answer["next"] = {
            "date": f"{form.next_valid:%Y-%m-%d}",
            "clock": f"{form.next_valid:%H:%M}",
        }
    if code == "incomplete":
        answer["edit_url"] = reverse("pin_edit", args=[pin.pk])
    return JsonResponse(answer, status=status)


def _page(request: MemberRequest, pin: Pin, form: MoveForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "pin": pin_card(pin),
        "back": _back(request, pin),
        "time_zone_name": form.zone,
        "local_now": local_text(form.now),
        "move_url": reverse("pin_move", args=[pin.pk]),
    }
    return render(request, "publishing/schedule/pin_move.html", context, status=status)


def _form(pin: Pin, data: Any = None, **kwargs: Any) -> MoveForm:
    return MoveForm(
        data, pin=pin, zone=timezone.get_current_timezone_name(), now=timezone.now(), **kwargs
    )


def _first_values(pin: Pin) -> dict[str, Any]:
    zone, now = timezone.get_current_timezone_name(), timezone.now()
    day = timezone.localdate(pin.scheduled_at or now)
    return {"date": day, "clock": clock_on(day, planned=pin.scheduled_at, now=now, zone=zone)}


def _moved_words(pin: Pin, was: _Before, *, doubled: bool) -> str:
    when = local_text(pin.scheduled_at)
    if pin.status == PinStatus.HELD:
        words = f"Moved to {when}. It stays on hold."
    elif was.status == PinStatus.SCHEDULED:
        words = f"Moved to {when}."
    else:
        words = f"Scheduled for {when}."
    return words + _TWICE if doubled else words


def _wall(moment: datetime) -> dict[str, str]:
    """An instant as this endpoint takes it."""
    local = timezone.localtime(moment)
    clock = local.time().isoformat("seconds" if local.second else "minutes")
    return {
        "date": f"{local:%Y-%m-%d}",
        "clock": clock,
        "again": "1" if local.fold else "",
    }


def _back(request: MemberRequest, pin: Pin) -> str:
    """Where a person goes afterwards: where they came from, or the Pin's day in the calendar."""
    asked = request.POST.get("back") or request.GET.get("back", "")
    if url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    day = timezone.localdate(pin.scheduled_at) if pin.scheduled_at else timezone.localdate()
    return reverse("pin_calendar") + link_to({"view": "month", "date": day.isoformat()})


def _first_code(form: MoveForm) -> str:
    codes = [error.code for errors in form.errors.as_data().values() for error in errors]
    return "missing_hour" if "missing_hour" in codes else "invalid"


def _wants_json(request: MemberRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
