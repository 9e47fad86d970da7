"""Rearranging a queue: what would move where, then the button that does it."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
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
from accounts.selectors import connections_of
from publishing.models import Pin
from publishing.outlook.views.cards import pin_card
from publishing.pins.views.formats import local_text
from publishing.pins.views.queries import text_of
from publishing.schedule.policy.rearranging import Move, digest
from publishing.schedule.selectors.queue import queued_pins
from publishing.schedule.selectors.rearranging import plan_rearrangement
from publishing.schedule.services.rearranging import QueueChanged, rearrange_queue
from publishing.schedule.views.queue import queue_url


@require_http_methods(["GET", "POST"])
@member_view(Role.EDITOR)
def queue_arrange(request: MemberRequest, connection_id: UUID) -> HttpResponse:
    """Show what rearranging moves; a POST of what was seen does it."""
    rows = connections_of(request.workspace).select_related("workspace")
    connection = get_object_or_404(rows, pk=connection_id)
    now = timezone.now()
    if request.method != "POST":
        return _preview(request, connection, seed=text_of(request.GET, "seed"), now=now)
    seed = text_of(request.POST, "seed")
    try:
        moved = rearrange_queue(
            connection=connection,
            by=request.user,
            seed=seed,
            seen=text_of(request.POST, "seen"),
            now=now,
        )
    except QueueChanged as changed:
        messages.error(request, str(changed))
        return _preview(request, connection, seed=seed, now=now, status=409)
    messages.success(request, f"{moved} Pin{'' if moved == 1 else 's'} moved.")
    return redirect(queue_url(connection))


def _preview(
    request: MemberRequest, connection: Connection, *, seed: str, now: datetime, status: int = 200
) -> HttpResponse:
    pins = queued_pins(connection, after=now)
    moves = plan_rearrangement(connection, pins, seed=seed, now=now)
    by_id = {str(pin.pk): pin for pin in pins}
    url = reverse("queue_arrange", args=[connection.pk])
    shuffle_url = f"{url}?{urlencode({'seed': secrets.token_hex(4)})}"
    context = {
        "connection": connection,
        "back_url": queue_url(connection),
        "arrange_url": url,
        "seed": seed,
        "seen": digest(moves),
        "orders": [
            {"label": "Keep the order", "url": url, "active": not seed, "count": None},
            {"label": "Shuffle", "url": shuffle_url, "active": bool(seed), "count": None},
        ],
        "shuffle_url": shuffle_url,
        "moves": [_row(move, by_id[move.pin_id]) for move in sorted(moves, key=_after)],
        "moving_count": sum(1 for move in moves if move.before != move.after),
    }
    return render(request, "publishing/schedule/queue_arrange.html", context, status=status)


def _after(move: Move) -> datetime:
    return move.after


def _row(move: Move, pin: Pin) -> dict[str, Any]:
    return {
        "pin": pin_card(pin),
        "before": local_text(move.before),
        "after": local_text(move.after),
        "stays": move.before == move.after,
    }
