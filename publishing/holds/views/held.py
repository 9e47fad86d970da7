"""The page of Pins on hold, and the answers people give there."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member_view
from accounts.policy import Role, role_allows
from foundation.leases.nudge import nudge
from publishing.choices.statuses import HoldReason
from publishing.delivery.tasks import hand_out_due_pins
from publishing.holds.forms import SpacingForm
from publishing.holds.policy.late_times import spaced_times
from publishing.holds.selectors.held import (
    HeldChoice,
    HeldGroup,
    chosen_pin_ids,
    held_among,
    held_groups,
    held_pins,
)
from publishing.holds.services import holds
from publishing.holds.services.holds import HeldAnswer, can_go_out
from publishing.holds.views import held_text
from publishing.models import Pin
from publishing.outlook.views.cards import pin_card
from publishing.pins.selectors.preferences import preferences_of
from publishing.pins.views.formats import local_text
from publishing.pins.views.sections import section_nav
from publishing.schedule.selectors.repeats import repeating_at
from publishing.schedule.views.repeat_text import IF_MEANT, has_seen, many_words

PAGE_SIZE = 100
NOTHING_CHOSEN = "Choose at least one Pin first, then say what becomes of it."
REPEATS = "Repeats a link or a picture too soon."
NOT_AN_ANSWER = "Choose one of the answers: publish now, as planned, new times, or back to draft."


@require_GET
@member_view()
def held_page(request: MemberRequest) -> HttpResponse:
    """The workspace's Pins on hold, by reason and account."""
    reason, account = _narrowed(request.GET)
    groups = held_groups(request.workspace)
    found = held_pins(request.workspace, reason=reason, account=account)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    query = _query(reason, account)
    context = {
        "sections": section_nav(request),
        "page": page,
        "groups": _cards(groups, page),
        "tabs": _tabs(groups, chosen=account),
        "is_narrowed": bool(query),
        "query": f"{query}&" if query else "",
        "answer_url": _address("held_answer", query),
        "space_url": _address("held_space", query),
        "can_edit": role_allows(request.membership.role, needed=Role.EDITOR),
    }
    return render(request, "publishing/holds/held.html", context)


@require_POST
@member_view(Role.EDITOR)
def held_answer(request: MemberRequest) -> HttpResponse:
    """Publish the chosen Pins now, let them go out as planned, or make them drafts."""
    chosen, now = _chosen(request), timezone.now()
    answer = request.POST.get("answer", "")
    if answer not in {"publish", "keep", "drop"}:
        messages.error(request, NOT_AN_ANSWER)
    elif not chosen:
        messages.error(request, NOTHING_CHOSEN)
    elif answer == "publish":
        done = holds.publish_held(
            workspace=request.workspace, pin_ids=chosen, by=request.user, now=now
        )
        nudge(hand_out_due_pins)
        _tell(request, "publish", done)
    elif answer == "keep":
        done = holds.keep_held(
            workspace=request.workspace, pin_ids=chosen, by=request.user, now=now
        )
        _tell(request, "keep", done)
    else:
        done = holds.drop_held(
            workspace=request.workspace, pin_ids=chosen, by=request.user, now=now
        )
        _tell(request, "drop", done)
    return _back(request)


@require_POST
@member_view(Role.EDITOR)
def held_space(request: MemberRequest) -> HttpResponse:
    """Show the times that the chosen Pins would get; changes nothing."""
    chosen = _chosen(request)
    if not chosen:
        messages.error(request, NOTHING_CHOSEN)
        return _back(request)
    pins = held_among(request.workspace, chosen)
    filled_in = "start_date" in request.POST
    form = _spacing_form(request, pins, data=request.POST if filled_in else None)
    return _show_times(request, form, pins)


@require_POST
@member_view(Role.EDITOR)
def held_space_give(request: MemberRequest) -> HttpResponse:
    """Give the chosen Pins the times they were shown.

    The times are shown again where more Pins would repeat something too soon than was said.
    """
    pins = held_among(request.workspace, _chosen(request))
    form = _spacing_form(request, pins, data=request.POST)
    if not form.is_valid():
        return _show_times(request, form, pins)
    repeating = repeating_at(request.workspace, _times_of(form, [p for p in pins if can_go_out(p)]))
    if not has_seen(request.POST, count=len(repeating)):
        return _show_times(request, form, pins, asked_again=True)
    done = holds.space_held(
        workspace=request.workspace,
        pin_ids=[pin.pk for pin in pins],
        by=request.user,
        start=form.start,
        step=form.step,
        zone=form.zone,
        now=form.now,
    )
    nudge(hand_out_due_pins)
    _tell(request, "space", done)
    return _back(request)


def _show_times(
    request: MemberRequest, form: SpacingForm, pins: list[Pin], *, asked_again: bool = False
) -> HttpResponse:
    ready = [pin for pin in pins if can_go_out(pin)]
    query = _query(*_narrowed(request.GET))
    new = _times_of(form, ready)
    repeating = repeating_at(request.workspace, new)
    times = [_row_with_time(pin, new[pin.pk], repeating) for pin in ready if pin.pk in new]
    context = {
        "form": form,
        "times": times,
        "summary": held_text.times_words(times),
        "repeats": {
            "count": len(repeating),
            "words": many_words(len(repeating), of=len(ready)),
            "text": IF_MEANT,
            "asked_again": asked_again,
        },
        "waiting": [_row(pin) for pin in pins if not can_go_out(pin)],
        "chosen": ",".join(str(pin.pk) for pin in pins),
        "time_zone": form.zone,
        "back_url": _address("held_pins", query),
        "preview_url": _address("held_space", query),
        "give_url": _address("held_space_give", query),
    }
    return render(request, "publishing/holds/held_space.html", context)


def _spacing_form(request: MemberRequest, pins: list[Pin], *, data: Any) -> SpacingForm:
    now = timezone.now()
    soon = timezone.localtime(now + timedelta(minutes=75)).replace(minute=0)
    first_values = {
        "start_date": soon.date(),
        "start_clock": soon.time().replace(second=0, microsecond=0),
        "minutes": preferences_of(request.workspace).late_spacing_minutes,
    }
    count = sum(can_go_out(pin) for pin in pins)
    return SpacingForm(
        first_values if data is None else data,
        zone=timezone.get_current_timezone_name(),
        count=max(count, 1),
        now=now,
    )


def _times_of(form: SpacingForm, pins: list[Pin]) -> dict[UUID, datetime]:
    """The times that a form gives, by Pin; none where it is not valid."""
    if not form.is_valid():
        return {}
    new = spaced_times(form.start, step=form.step, count=len(pins))
    return {pin.pk: at for pin, at in zip(pins, new, strict=True)}


def _row_with_time(pin: Pin, at: datetime, repeating: Container[UUID]) -> dict[str, Any]:
    row = {**_row(pin), "new_at": at, "new_text": local_text(at)}
    return {**row, "note": REPEATS} if pin.pk in repeating else row


def _cards(groups: list[HeldGroup], pins: Iterable[Pin]) -> list[dict[str, Any]]:
    """The groups that have Pins on this page, each with these."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for pin in pins:
        rows.setdefault(_key(pin.held_reason, pin.connection_id), []).append(_row(pin))
    return [
        {
            **held_text.group_words(group),
            "key": key,
            "count": group.count,
            "count_text": held_text.count_pins(group.count),
            "reconnect_url": reverse("connections") if held_text.is_waiting(group) else None,
            "pins": rows[key],
        }
        for group in groups
        if (key := _key(group.reason, group.connection.pk if group.connection else None)) in rows
    ]


def _row(pin: Pin) -> dict[str, Any]:
    return {**pin_card(pin), "id": str(pin.pk), "note": held_text.row_note(pin)}


def _tabs(groups: list[HeldGroup], *, chosen: UUID | None) -> list[dict[str, Any]]:
    """One tab for each account, where there are several."""
    counts: dict[UUID, int] = {}
    names: dict[UUID, str] = {}
    for group in groups:
        if group.connection is not None:
            names[group.connection.pk] = str(group.connection)
            counts[group.connection.pk] = counts.get(group.connection.pk, 0) + group.count
    if len(names) < 2 and chosen is None:
        return []
    total = sum(group.count for group in groups)
    whole = {"label": "All accounts", "url": "?", "active": chosen is None, "count": total}
    return [whole] + [
        {"label": name, "url": f"?account={pk}", "active": pk == chosen, "count": counts[pk]}
        for pk, name in names.items()
    ]


def _tell(request: MemberRequest, answer: str, done: HeldAnswer) -> None:
    if done.done:
        messages.success(request, held_text.done_words(answer, done.done))
    for sentence in held_text.left_words(done):
        messages.warning(request, sentence)


def _back(request: MemberRequest) -> HttpResponseRedirect:
    return redirect(_address("held_pins", _query(*_narrowed(request.GET))))


def _chosen(request: MemberRequest) -> list[UUID]:
    """The ids of the Pins on hold that the form means, in the order they were planned in."""
    reason, account = _narrowed(request.GET)
    named = [*request.POST.getlist("pins"), *request.POST.get("chosen", "").split(",")]
    choice = HeldChoice(
        pin_ids=frozenset(each for each in map(_uuid, named) if each),
        groups=frozenset(filter(None, map(_group_of, request.POST.getlist("groups")))),
        everything="all" in request.POST,
    )
    pins = held_pins(request.workspace, reason=reason, account=account)
    return chosen_pin_ids(pins, choice)


def _narrowed(query: QueryDict) -> tuple[HoldReason | None, UUID | None]:
    """What the page's address narrows the list to; what it can't mean is left out."""
    reason = query.get("reason", "")
    known = HoldReason(reason) if reason in list(HoldReason) else None
    return known, _uuid(query.get("account", ""))


def _query(reason: HoldReason | None, account: UUID | None) -> str:
    return urlencode(
        {name: str(value) for name, value in (("reason", reason), ("account", account)) if value}
    )


def _address(name: str, query: str) -> str:
    return f"{reverse(name)}?{query}" if query else reverse(name)


def _key(reason: str, connection_id: UUID | None) -> str:
    """A group as a form's value."""
    return f"{reason}:{connection_id or ''}"


def _group_of(key: str) -> tuple[HoldReason, UUID | None] | None:
    reason, _, connection_id = key.partition(":")
    if reason not in list(HoldReason):
        return None
    return HoldReason(reason), _uuid(connection_id)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
