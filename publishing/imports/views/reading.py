"""Saying how an uploaded file is to be read: its encoding, columns, zone and order of dates."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, member_view
from accounts.policy import Role
from foundation.tables.sheets import FileRejected
from publishing.imports.services import imports, reading
from publishing.imports.services.imports import ImportUnderWay
from publishing.imports.services.reading import ReadingSettled
from publishing.imports.views.pages import back_to, import_of
from publishing.models import Import

_MOST_COLUMNS = 200


@require_POST
@member_view(Role.EDITOR)
def import_encoding(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Read the file in another encoding."""
    encoding = request.POST.get("encoding", "")
    return _say(
        request,
        import_of(request, import_id),
        lambda batch: reading.change_encoding(batch=batch, encoding=encoding, now=timezone.now()),
    )


@require_POST
@member_view(Role.EDITOR)
def import_columns(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Say what each column is, for all files with this header row."""
    chosen = {
        number: column
        for number in range(_MOST_COLUMNS)
        if (column := request.POST.get(f"column-{number}", ""))
    }
    return _say(
        request,
        import_of(request, import_id),
        lambda batch: reading.assign_columns(batch=batch, chosen=chosen, now=timezone.now()),
    )


@require_POST
@member_view(Role.EDITOR)
def import_zone(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Say in which zone the file's times are."""
    zone = request.POST.get("zone", "")
    return _say(
        request,
        import_of(request, import_id),
        lambda batch: reading.say_zone(batch=batch, zone=zone, now=timezone.now()),
    )


@require_POST
@member_view(Role.EDITOR)
def import_day_order(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Say whether days stand before months."""
    order = request.POST.get("order", "")
    return _say(
        request,
        import_of(request, import_id),
        lambda batch: reading.say_day_order(batch=batch, order=order, now=timezone.now()),
    )


@require_POST
@member_view(Role.EDITOR)
def import_repeats(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Say that rows repeat a link or a picture on purpose: the row `number`, or all that ask."""
    number = request.POST.get("number", "")
    is_row = number.isascii() and number.isdigit() and len(number) < 8
    return _say(
        request,
        import_of(request, import_id),
        lambda batch: imports.mean_repeats(
            batch=batch, now=timezone.now(), number=int(number) if is_row else None
        ),
        anchor=f"row-{number}" if is_row else "",
    )


def _say(
    request: MemberRequest,
    batch: Import,
    change: Callable[[Import], object],
    *,
    anchor: str = "",
) -> HttpResponse:
    try:
        change(batch)
    except (FileRejected, ImportUnderWay, ReadingSettled) as error:
        messages.error(request, str(error))
    return back_to(request, batch, anchor=anchor)
