"""Writing a Pin: the composer, for a new Pin and for one that is edited."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, member_view
from accounts.models import Connection
from accounts.policy import Role
from accounts.selectors import active_connections_of
from foundation.leases.nudge import nudge
from publishing.boards.views import boards
from publishing.composer.forms.pin import PinForm, initial_from
from publishing.composer.forms.plan_values import (
    WHEN_AT,
    WHEN_DRAFT,
    WHEN_NOW,
    WHEN_SLOT,
    initial_plan,
    take_alternative,
)
from publishing.composer.views.content import is_arranging, showing_context, take_files
from publishing.composer.views.schedule import (
    asked_time,
    done_text,
    pace_warnings,
    planning_context,
)
from publishing.delivery.tasks import hand_out_due_pins
from publishing.models import Pin
from publishing.pins.selectors.pins import pins_of
from publishing.pins.services import pins
from publishing.pins.services.pins import PinLocked
from publishing.pins.views.formats import local_text
from publishing.pins.views.queries import text_of
from publishing.preflight.tasks import preflight_pins
from publishing.schedule.services.queue import NoFreeSlot, rewrite_in_slot
from publishing.schedule.services.series import write_pins


@require_http_methods(["GET", "POST"])
@member_view(Role.EDITOR)
def pin_new(request: MemberRequest) -> HttpResponse:
    """Write a new Pin."""
    if request.method != "POST":
        return _render(request, _form(request, initial=_first_values(request)))
    form = _submitted(request)
    if is_arranging(request) or not form.is_valid():
        return _render(request, form)
    try:
        made = write_pins(
            workspace=request.workspace,
            by=request.user,
            entries=form.entries(form.content),
            now=form.now,
        )
    except NoFreeSlot as full:
        form.add_error("when", str(full))
        return _render(request, form)
    return _done(request, form, made)


@require_http_methods(["GET", "POST"])
@member_view(Role.EDITOR)
def pin_edit(request: MemberRequest, pin_id: UUID) -> HttpResponse:
    """Change a Pin that is not on its way yet."""
    pin = get_object_or_404(pins_of(request.workspace), pk=pin_id)
    if request.method != "POST":
        if not pin.is_editable:
            messages.error(request, str(PinLocked(pin)))
            return redirect("pin_detail", pin.pk)
        local = timezone.localtime(pin.scheduled_at) if pin.scheduled_at else None
        return _render(
            request, _form(request, initial=initial_from(pin, local_schedule=local), pin=pin), pin
        )
    form = _submitted(request, pin)
    if is_arranging(request) or not form.is_valid():
        return _render(request, form, pin)
    # What was typed stays on the page when a worker was quicker.
    try:
        rewrite = rewrite_in_slot if form.plan.slot_at else pins.rewrite_pin
        rewrite(pin=pin, by=request.user, content=form.content, plan=form.plan, now=form.now)
    except NoFreeSlot as full:
        form.add_error("when", str(full))
        return _render(request, form, pin)
    except PinLocked as locked:
        form.add_error(None, str(locked))
        return _render(request, form, pin, status=409)
    return _done(request, form, [pin])


def _form(request: MemberRequest, data: Any = None, **kwargs: Any) -> PinForm:
    return PinForm(
        data,
        workspace=request.workspace,
        zone=timezone.get_current_timezone_name(),
        now=timezone.now(),
        **kwargs,
    )


def _submitted(request: MemberRequest, pin: Pin | None = None) -> PinForm:
    """The posted form. Its picture is stored first, so that no other mistake loses it."""
    data, problems = take_files(request)
    take_alternative(data, zone=timezone.get_current_timezone_name())
    form = _form(request, data, pin=pin)
    if problems:
        form.is_valid()
        form.errors.pop("image", None)
    for field, text in problems:
        form.add_error(field, text)
    if is_arranging(request):
        form.errors.clear()
    return form


def _first_values(request: MemberRequest) -> dict[str, Any]:
    """What the page's address asks for, or the next full hour: better than an empty field."""
    connections = active_connections_of(request.workspace)
    asked = text_of(request.GET, "account")
    connection = next((c for c in connections if str(c.pk) == asked), None) or connections.first()
    local = asked_time(request) or timezone.localtime() + timedelta(hours=1)
    if not asked_time(request):
        local = local.replace(minute=0)
    return {
        "connection": connection.pk if connection else None,
        **initial_plan(local.replace(second=0, microsecond=0)),
        "when": WHEN_SLOT if request.GET.get("when") == WHEN_SLOT else WHEN_AT,
    }


def _render(
    request: MemberRequest, form: PinForm, pin: Pin | None = None, *, status: int | None = None
) -> HttpResponse:
    connection = _connection_of(request, form)
    context = {
        "form": form,
        "pin": pin,
        "has_connections": active_connections_of(request.workspace).exists(),
        "connection": connection,
        "connection_name": connection.title if connection else "",
        "time_zone_name": form.zone,
        "local_now": local_text(form.now),
        "boards_url": reverse("board_options"),
        "boards_refresh_url": reverse("boards_refresh"),
        "connections_url": reverse("connections"),
        "cancel_url": reverse("pin_detail", args=[pin.pk]) if pin else reverse("pin_list"),
        **planning_context(form, connection),
        **showing_context(request, form),
        **boards.picker(
            connection, text="", chosen=str(form["board"].value() or "").replace("\x00", "")
        ),
    }
    if status is None:
        status = 422 if form.errors else 200
    return render(request, "publishing/composer/pin_form.html", context, status=status)


def _connection_of(request: MemberRequest, form: PinForm) -> Connection | None:
    connections = active_connections_of(request.workspace)
    chosen = str(form["connection"].value() or "")
    return next((c for c in connections if str(c.pk) == chosen), None) or connections.first()


def _done(request: MemberRequest, form: PinForm, made: list[Pin]) -> HttpResponse:
    if form.cleaned_data["when"] == WHEN_NOW:
        nudge(hand_out_due_pins)
    elif form.cleaned_data["when"] != WHEN_DRAFT:
        nudge(preflight_pins)
    messages.success(request, done_text(form, made))
    for warning in pace_warnings(form, made=made):
        messages.warning(request, warning)
    return redirect("pin_detail", made[0].pk)
