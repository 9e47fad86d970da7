"""One change of many Pins of the list: first what it would do, then doing it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, member_view
from accounts.models import Connection
from accounts.policy import Role
from accounts.selectors import active_connections_of
from publishing.boards.views import boards
from publishing.bulk.forms import BoardForm, ShiftForm
from publishing.bulk.policy.bulk import (
    BULK_LIMIT,
    BulkAction,
    BulkOrder,
    BulkRow,
    Refusal,
    refusal_of,
)
from publishing.bulk.selectors.bulk import bulk_rows
from publishing.bulk.selectors.repeats import repeating_after
from publishing.bulk.services.bulk import apply_to_many
from publishing.bulk.views.bulk_text import (
    ASKING,
    EXPLAINING,
    REASONS,
    count_words,
    done_words,
    left_words,
)
from publishing.bulk.views.list_filters import list_chosen_in
from publishing.holds.forms import SpacingForm
from publishing.outlook.views.cards import pin_card
from publishing.pins.selectors.filters import filtered
from publishing.pins.selectors.pins import pins_of
from publishing.pins.views.formats import local_text
from publishing.schedule.views.repeat_text import IF_MEANT, has_seen, many_words

SHOWN = 12
"""Pins that the question shows of those that take the change, and of those that are left alone."""

NOTHING_CHOSEN = "Choose at least one Pin first, then say what becomes of it."
TOO_MANY = (
    f"At most {BULK_LIMIT:,} Pins can be changed at once. Narrow the list with a filter first."
)


@require_POST
@member_view(Role.EDITOR)
def pin_bulk(request: MemberRequest) -> HttpResponse:
    """Ask about a change of the chosen Pins, and with `sure` carry it out.

    The Pins are those in `pins`, or with `all` those that the list at `back` has. It is asked
    again where more of them would repeat something too soon than the question has said.
    """
    action = request.POST.get("action", "")
    pin_ids = _chosen_ids(request)
    problem = ""
    if action not in list(BulkAction):
        problem = "Say what becomes of the chosen Pins."
    elif not pin_ids:
        problem = NOTHING_CHOSEN
    elif len(pin_ids) > BULK_LIMIT:
        problem = TOO_MANY
    if problem:
        messages.error(request, problem)
        return redirect(_back(request))
    question = _Question(request, BulkAction(action), pin_ids)
    if not request.POST.get("sure"):
        return question.page()
    if question.form is not None and not question.form.is_valid():
        return question.page(status=422)
    if not has_seen(request.POST, count=len(question.repeating)):
        return question.page()
    return _carry_out(request, question)


def _carry_out(request: MemberRequest, question: _Question) -> HttpResponse:
    order, place = question.order()
    outcome = apply_to_many(
        workspace=request.workspace,
        pin_ids=question.pin_ids,
        order=order,
        by=request.user,
        now=timezone.now(),
        zone=timezone.get_current_timezone_name(),
        **place,
    )
    if outcome.done:
        board = str(place.get("board", ""))
        messages.success(request, done_words(order, outcome.done, board=board))
    if left := left_words(outcome.left):
        messages.warning(request, left)
    return redirect(_back(request))


class _Question:
    """A change before it is made: its Pins, its form where it needs to know more."""

    def __init__(self, request: MemberRequest, action: BulkAction, pin_ids: list[UUID]) -> None:
        self.request, self.action, self.pin_ids = request, action, pin_ids
        self.rows = bulk_rows(request.workspace, pin_ids)
        self.accounts = self._accounts()
        self.connection = self._connection()
        self.first = BulkOrder(
            action, connection_id=self.connection.pk if self.connection else None
        )
        self.taken, self.left = self._parted()
        self.form = self._form()
        self.repeating = self._repeating()

    def order(self) -> tuple[BulkOrder, dict[str, Any]]:
        """What to carry out, of a valid form, and the board that it is about."""
        form = self.form
        if isinstance(form, ShiftForm):
            days, hours = form.days_and_hours
            return replace(self.first, days=days, hours=hours), {}
        if isinstance(form, SpacingForm):
            return replace(self.first, start=form.start, step=form.step), {}
        if isinstance(form, BoardForm) and form.found:
            board, section = form.found
            return self.first, {"board": board, "section": section}
        return self.first, {}

    def page(self, *, status: int = 200) -> HttpResponse:
        heading, button = ASKING[self.action]
        count = count_words(len(self.taken))
        shown = self._cards([row.pin_id for row in self.taken[:SHOWN]])
        left = dict(self.left[:SHOWN])
        context = {
            "action": self.action.value,
            "title": heading.format(count if self.taken else "these Pins"),
            "button": button.format(count),
            "text": EXPLAINING[self.action],
            "danger": self.action is BulkAction.DELETE,
            "taken": shown,
            "more_taken": len(self.taken) - len(shown),
            "left": [
                {**card, "reason": REASONS[left[UUID(card["id"])]]} for card in self._cards(left)
            ],
            "left_text": left_words(self.left),
            "repeats": {
                "count": len(self.repeating),
                "words": many_words(len(self.repeating), of=len(self.taken)),
                "text": IF_MEANT,
                "pins": self._cards(self.repeating[:SHOWN]),
                "more": max(len(self.repeating) - SHOWN, 0),
                "asked_again": bool(self.request.POST.get("sure")),
            },
            "pins": ",".join(str(pk) for pk in self.pin_ids),
            "back": _back(self.request),
            "bulk_url": reverse("pin_bulk"),
            "form": self.form,
            "time_zone": timezone.get_current_timezone_name(),
            "local_now": local_text(timezone.now()),
            **self._board_context(),
        }
        return render(self.request, "publishing/bulk/pin_bulk.html", context, status=status)

    def _parted(self) -> tuple[list[BulkRow], list[tuple[UUID, Refusal]]]:
        now = timezone.now()
        taken, left = [], []
        for row in self.rows:
            reason = refusal_of(row, self.first, now=now)
            if reason is None:
                taken.append(row)
            else:
                left.append((row.pin_id, reason))
        return taken, left

    def _repeating(self) -> list[UUID]:
        """Those that would repeat something too soon, as far as the form says what becomes."""
        by_form = self.action is not BulkAction.BOARD
        if by_form and (self.form is None or not self.form.is_valid()):
            return []
        order, _ = self.order()
        return repeating_after(
            self.request.workspace,
            self.rows,
            order,
            now=timezone.now(),
            zone=timezone.get_current_timezone_name(),
        )

    def _form(self) -> Form | None:
        data = self.request.POST if self.request.POST.get("sure") else None
        if self.action is BulkAction.SHIFT:
            return ShiftForm(data)
        if self.action is BulkAction.SPREAD:
            now = timezone.now()
            soon = timezone.localtime(now + timedelta(hours=1))
            first_values = {
                "start_date": soon.date(),
                "start_clock": soon.time().replace(minute=0, second=0, microsecond=0),
                "minutes": 60,
            }
            return SpacingForm(
                first_values if data is None else data,
                zone=timezone.get_current_timezone_name(),
                count=len(self.taken),
                now=now,
            )
        if self.action is BulkAction.BOARD and self.connection:
            return BoardForm(data, connection=self.connection)
        return None

    def _accounts(self) -> list[Connection]:
        """The accounts of the chosen Pins that can be asked for their boards."""
        if self.action is not BulkAction.BOARD:
            return []
        theirs = {row.connection_id for row in self.rows}
        return [each for each in active_connections_of(self.request.workspace) if each.pk in theirs]

    def _connection(self) -> Connection | None:
        asked = self.request.POST.get("connection", "")
        named = [each for each in self.accounts if str(each.pk) == asked]
        return next(iter([*named, *self.accounts]), None)

    def _board_context(self) -> dict[str, Any]:
        if not isinstance(self.form, BoardForm):
            return {}
        return {
            "connection": self.connection,
            "accounts": self.accounts,
            "boards_url": reverse("board_options"),
            "boards_refresh_url": reverse("boards_refresh"),
            **boards.picker(self.connection, text="", chosen=self.form["board"].value() or ""),
        }

    def _cards(self, pin_ids: Any) -> list[dict[str, Any]]:
        found = {pin.pk: pin for pin in pins_of(self.request.workspace).filter(pk__in=pin_ids)}
        return [{**pin_card(found[pk]), "id": str(pk)} for pk in pin_ids if pk in found]


def _chosen_ids(request: MemberRequest) -> list[UUID]:
    """Ids of the chosen Pins; those of a whole list are read from it, one more than may be."""
    if request.POST.get("all"):
        query = QueryDict(_back(request).partition("?")[2])
        found = filtered(request.workspace.pins.all(), list_chosen_in(query).pin_filter())
        return list(found.order_by("pk").values_list("pk", flat=True)[: BULK_LIMIT + 1])
    ids = []
    for text in ",".join(request.POST.getlist("pins")).split(","):
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(ids))


def _back(request: MemberRequest) -> str:
    """The list that the Pins were chosen in, as it was."""
    asked = request.POST.get("back", "")
    here = reverse("pin_list")
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if safe and asked.partition("?")[0] == here else here
