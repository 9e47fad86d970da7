"""Pins as files to take away: what a list shows, whole, or as Pinterest's bulk upload takes it."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import cast

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_view
from foundation.tables.downloads import csv_answer, file_answer
from publishing.exports.policy import pinterest_files
from publishing.exports.selectors.exports import bulk_columns, bulk_rows, json_parts
from publishing.exports.selectors.pinterest_exports import (
    PinterestExport,
    part_lines,
    part_name,
    pinterest_export,
    write_archive,
)
from publishing.exports.views.export_text import export_facts
from publishing.imports.policy import bulk_csv
from publishing.models import Pin
from publishing.pages.views.pin_list import listed_pins
from publishing.pins.selectors.filters import filtered
from publishing.pins.views.sections import section_nav
from publishing.schedule.views.filters import chosen_in, link_to

_IN_MEMORY = 5 * 1024 * 1024


@require_GET
@member_view()
def export_page(request: MemberRequest) -> HttpResponse:
    """The files that can be had of a list, each with what is in it and what becomes of it."""
    chosen, _ = listed_pins(request)
    here = link_to({"show": chosen.show}, chosen.parameters)
    context = {
        "export": export_facts(
            _for_pinterest(request), query=_query(request), zone=request.workspace.time_zone
        ),
        "back_url": reverse("pin_list") + here,
        "sections": section_nav(request),
    }
    return render(request, "publishing/exports/export.html", context)


@require_GET
@member_view()
def export_for_pinterest(request: MemberRequest) -> HttpResponse:
    """One of the files for Pinterest: the one whose number is `part`, counted from 1."""
    export, part = _for_pinterest(request), request.GET.get("part", "1")
    number = int(part) if part.isascii() and part.isdigit() and len(part) < 6 else 0
    if not 1 <= number <= len(export.packing.parts):
        raise Http404
    return csv_answer(part_lines(export, number), name=part_name(export, number))


@require_GET
@member_view()
def export_archive(request: MemberRequest) -> HttpResponse:
    """All files for Pinterest in one."""
    export = _for_pinterest(request)
    if not export.packing.parts:
        raise Http404
    file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the answer closes it
    write_archive(export, file)
    file.seek(0)
    answer = FileResponse(file, as_attachment=True, filename="pins-for-pinterest-utc.zip")
    answer["Cache-Control"] = "no-store"
    # Views promise HttpResponse; to Django and its middleware the two are the same.
    return cast("HttpResponse", answer)


@require_GET
@member_view()
def export_csv(request: MemberRequest) -> HttpResponse:
    """The whole list in Pinterest's bulk columns, and the account where there are several.

    Each time has its offset: that of the workspace's zone, or UTC's for `times=utc`.
    """
    pins, is_utc = _chosen(request), request.GET.get("times") == "utc"
    rows = bulk_rows(
        pins,
        zone="UTC" if is_utc else request.workspace.time_zone,
        until=timezone.now() + pinterest_files.PICTURES_OUTLAST,
    )
    lines = bulk_csv.write_sheet(rows, more=bulk_columns(pins))
    return csv_answer(lines, name="pins-utc.csv" if is_utc else "pins.csv")


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


def _for_pinterest(request: MemberRequest) -> PinterestExport:
    return pinterest_export(_chosen(request), now=timezone.now())


def _query(request: MemberRequest) -> str:
    """The list's filters as the files' addresses have them."""
    query = request.GET.copy()
    for name in ("part", "times", "page"):
        query.pop(name, None)
    return query.urlencode()
