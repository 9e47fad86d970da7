"""What the composer says about when Pins go out: live while one chooses, and once it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member_view
from accounts.models import Connection
from accounts.policy import Role
from accounts.selectors import active_connections_of
from foundation.spans.clocks import zone_name
from publishing.boards.selectors.boards import boards_for_more
from publishing.composer.forms.pin import PinForm
from publishing.composer.forms.plan_values import FIRST, SECOND, WHEN_DRAFT, WHEN_NOW, WHEN_SLOT
from publishing.composer.forms.schedule import Outing
from publishing.composer.views.repeat_offers import alternatives, repeats_facts
from publishing.models import Pin
from publishing.pins.selectors.pins import pins_of
from publishing.pins.views.formats import local_text
from publishing.pins.views.queries import row_of, text_of
from publishing.schedule.policy.daily_advice import NEWCOMER_PINS
from publishing.schedule.policy.slots import explain
from publishing.schedule.policy.times import PAST_GRACE, distance_text
from publishing.schedule.selectors.daily_advice import crowded_days_of
from publishing.schedule.selectors.queue import free_slots


@require_POST
@member_view(Role.EDITOR)
def plan_preview(request: MemberRequest) -> HttpResponse:
    """Say when and where the Pin in the half-filled composer would go out."""
    pin = None
    if request.POST.get("pin"):
        pin = row_of(pins_of(request.workspace), request.POST["pin"])
    form = PinForm(
        request.POST,
        workspace=request.workspace,
        zone=timezone.get_current_timezone_name(),
        now=timezone.now(),
        pin=pin,
    )
    form.is_valid()
    context = planning_context(form, form.cleaned_data.get("connection"))
    problems = [
        str(text)
        for name in ("when", "scheduled_date", "scheduled_clock", "more_boards")
        for text in form.errors.get(name, [])
    ]
    context["plan"]["problems"] = problems
    return render(
        request, "publishing/composer/_plan.html", {"form": form, "swap": True, **context}
    )


@require_GET
@member_view()
def more_boards(request: MemberRequest) -> HttpResponse:
    """Boards of the account to tick, those that are ticked first."""
    connections = active_connections_of(request.workspace)
    asked = request.GET.get("connection", "")
    connection = row_of(connections, asked) if asked else connections.first()
    context = {
        "more_options": _more_options(
            connection, text_of(request.GET, "more_q"), request.GET.getlist("more_boards")
        )
    }
    return render(request, "publishing/composer/_more_boards_options.html", context)


def planning_context(form: PinForm, connection: Connection | None) -> dict[str, Any]:
    """Context of the composer's when and where; `plan` is what `_plan.html` shows."""
    checked = form if form.is_bound else _as_if_sent(form)
    chosen = [str(each) for each in (form["more_boards"].value() or [])]
    return {
        "plan": {
            "outings": [_outing(checked, each) for each in checked.outings if each.at],
            "doubled": _doubled(checked),
            **repeats_facts(checked),
            "may_repeat": bool(checked.found_repeats) or bool(checked["repeats"].value()),
            "on_purpose": bool(checked["repeats"].value()),
            "alternatives": alternatives(checked, connection),
            "warnings": pace_warnings(checked),
            "problems": [],
        },
        "plan_url": reverse("plan_preview"),
        "more_boards_url": reverse("more_boards"),
        "more_options": _more_options(connection, "", chosen) if form.pin is None else [],
        "more_open": bool(chosen),
        "next_slot": _next_slot(checked, connection),
        "queue_url": f"{reverse('queue')}?account={connection.pk}" if connection else "",
    }


def asked_time(request: MemberRequest) -> datetime | None:
    """The local time that the page's address asks for (`at`, an instant), where it is to come."""
    try:
        at = datetime.fromisoformat(text_of(request.GET, "at").replace(" ", "+"))
        if at.tzinfo is None or at < timezone.now() - PAST_GRACE:
            return None
        return timezone.localtime(at)
    except (ValueError, OverflowError):
        return None


def done_text(form: PinForm, made: list[Pin]) -> str:
    """What was done, in words."""
    when = form.cleaned_data["when"]
    if len(made) > 1:
        return _series_text(when, made)
    if when == WHEN_DRAFT:
        return "Saved as a draft."
    if when == WHEN_NOW:
        return "On its way to Pinterest."
    text = f"Scheduled for {local_text(made[0].scheduled_at)}."
    if when == WHEN_SLOT:
        text = f"In the queue: it goes out {local_text(made[0].scheduled_at)}."
    if form.doubled_hour:
        which = "second" if form.means_second else "first"
        text += (
            f" The clocks go back that night and show this hour twice; the {which} one is meant."
        )
    return text


def pace_warnings(form: PinForm, *, made: Sequence[Pin] = ()) -> list[str]:
    """What Pinterest advises against; it goes out all the same. `made`: once they are there."""
    connection = form.cleaned_data.get("connection")
    times = [each.at for each in form.outings if each.at is not None]
    if connection is None:
        return []
    crowded = crowded_days_of(
        connection,
        times,
        zone=form.zone,
        now=form.now,
        without=[pin.pk for pin in (form.pin, *made) if pin],
    )
    return [
        f"{date_format(day, 'D j M')}: {count} Pins of {connection} that day, more than "
        f"Pinterest's own advice of about {limit}"
        + (" for an account that has just begun." if limit == NEWCOMER_PINS else ".")
        for day, (count, limit) in crowded.items()
    ]


def moment_text(at: datetime, *, now: datetime) -> str:
    """`Sun 29 March 2027, 03:30 (CEST), in 4 months` in the current time zone."""
    local = timezone.localtime(at)
    return (
        f"{date_format(local, 'D j F Y, H:i')} ({zone_name(local)}), {distance_text(at, now=now)}"
    )


def _as_if_sent(form: PinForm) -> PinForm:
    """A form that was just opened, checked as if it had been sent as it is."""
    data: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].value()
        if value is not None and value is not False:
            data[name] = value
    copy = PinForm(
        data,
        workspace=form.workspace,
        zone=form.zone,
        now=form.now,
        pin=form.pin,
        preferences=form.preferences,
    )
    copy.is_valid()
    return copy


def _outing(form: PinForm, outing: Outing) -> dict[str, str]:
    at = outing.at or form.now
    now = at == form.now
    words = explain(outing.slot) if outing.slot else ""
    board = outing.board.name if outing.board else ""
    return {
        "board": f"{board} / {outing.section.name}" if outing.section else board,
        "text": "as soon as you send it" if now else moment_text(at, now=form.now),
        "note": words,
    }


def _doubled(form: PinForm) -> list[dict[str, Any]]:
    """The two instants of a time that comes twice, to choose between."""
    second = form.cleaned_data.get("which") == SECOND
    return [
        {
            "value": value,
            "label": f"The {value} ({zone_name(timezone.localtime(at))})",
            "checked": (value == SECOND) is second,
        }
        for value, at in zip((FIRST, SECOND), form.doubled, strict=False)
    ]


def _next_slot(form: PinForm, connection: Connection | None) -> dict[str, str]:
    """Which slot is the next free one, in words."""
    if connection is None:
        return {"text": "", "missing": ""}
    free = free_slots(
        connection,
        after=form.now,
        preferences=form.preferences,
        without=[form.pin.pk] if form.pin else [],
    )
    slot = next(free, None)
    return {"text": local_text(slot.at) if slot else "", "missing": "" if slot else "yes"}


def _series_text(when: str, made: list[Pin]) -> str:
    if when == WHEN_DRAFT:
        return f"{len(made)} drafts saved, one for each board."
    first, last = made[0].scheduled_at, made[-1].scheduled_at
    return (
        f"{len(made)} Pins planned, one for each board: the first goes out {local_text(first)}, "
        f"the last {local_text(last)}."
    )


def _more_options(
    connection: Connection | None, text: str, chosen: list[str]
) -> list[dict[str, Any]]:
    """Boards and sections to tick: the ticked ones first, then those that match the search."""
    if connection is None:
        return []
    kept = [value for value in chosen if len(value) <= 70 and value.isprintable()]
    rows = boards_for_more(connection, text=text, keep=kept)
    options = [
        {"value": value, "label": label, "checked": value in kept}
        for board in rows
        for value, label in [
            (board.pinterest_id, board.name),
            *(
                (f"{board.pinterest_id}/{section.pinterest_id}", f"{board.name} / {section.name}")
                for section in board.sections.all()
            ),
        ]
    ]
    return sorted(options, key=lambda option: not option["checked"])
