"""Pins as files to take away: what a list shows, whole."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_view
from accounts.downloads import csv_answer, file_answer
from publishing.models import Pin
from publishing.policy import bulk_csv
from publishing.selectors.exports import bulk_columns, bulk_rows, json_parts
from publishing.selectors.filters import filtered
from publishing.views.filters import chosen_in
from publishing.views.pin_list import listed_pins


@require_GET
@member_view()
def export_csv(request: MemberRequest) -> HttpResponse:
    """The list's Pins in Pinterest's own bulk columns, and the account where there are several."""
    pins = _chosen(request)
    rows = bulk_rows(pins, zone=request.workspace.time_zone)
    return csv_answer(bulk_csv.write_sheet(rows, more=bulk_columns(pins)), name="pins.csv")


@require_GET
@member_view()
def export_json(request: MemberRequest) -> HttpResponse:
    """The list's Pins with all that is known of them."""
    parts = json_parts(_chosen(request), workspace=request.workspace, now=timezone.now())
    return file_answer(parts, name="pins.json", content_type="application/json")


def _chosen(request: MemberRequest) -> QuerySet[Pin]:
    """What the list shows, narrowed to the account, board and status the address names."""
    _, pins = listed_pins(request)
    return filtered(pins, chosen_in(request.GET).pin_filter)
