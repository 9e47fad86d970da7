"""A Pin's timeline: on its page, and as files to take away."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_view
from foundation.tables.downloads import csv_answer
from foundation.tables.sheets import inert
from publishing.models import Pin
from publishing.pages.selectors.timeline import timeline_of
from publishing.pages.views.timeline_text import Line, facts_words, line_of, to_the_second
from publishing.pins.selectors.pins import pins_of

COLUMNS = (
    "at",
    "local_time",
    "who",
    "kind",
    "title",
    "text",
    "attempt",
    "outcome",
    "http_status",
    "code",
    "request_id",
    "finished_at",
    "board_id",
    "section_id",
    "candidates",
    "fingerprint",
)


@require_GET
@member_view()
def pin_timeline_json(request: MemberRequest, pin_id: UUID) -> HttpResponse:
    """All that happened to a Pin, oldest first, as JSON."""
    pin = _get(request, pin_id)
    zone = request.workspace.time_zone
    answer = JsonResponse(
        {
            "pin": {
                "id": str(pin.pk),
                "title": pin.title,
                "status": pin.status,
                "account": str(pin.connection) if pin.connection else None,
                "board": pin.board.name if pin.board else None,
                "pinterest_id": pin.pinterest_id or None,
            },
            "time_zone": zone,
            "timeline": [_facts(line, zone=zone) for line in _lines(pin)],
        },
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    answer["Content-Disposition"] = f'attachment; filename="pin-{pin.pk}-timeline.json"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
@member_view()
def pin_timeline_csv(request: MemberRequest, pin_id: UUID) -> HttpResponse:
    """The same as a table; values that a spreadsheet would take for formulas are marked as text."""
    pin = _get(request, pin_id)
    lines = _sheet(_lines(pin), zone=request.workspace.time_zone)
    return csv_answer(lines, name=f"pin-{pin.pk}-timeline.csv")


def timeline_facts(pin: Pin) -> dict[str, Any]:
    """Context of `_pin_timeline.html`: what happened, newest first."""
    return {
        "timeline": [
            {
                "at": line.at,
                "at_text": to_the_second(line.at),
                "who": line.who,
                "title": line.title,
                "text": line.text,
                "facts": facts_words(line),
                "tone": line.tone,
                "icon": line.icon,
            }
            for line in reversed(_lines(pin))
        ],
        "timeline_json_url": reverse("pin_timeline_json", args=[pin.pk]),
        "timeline_csv_url": reverse("pin_timeline_csv", args=[pin.pk]),
    }


def _get(request: MemberRequest, pin_id: UUID) -> Pin:
    return get_object_or_404(pins_of(request.workspace), pk=pin_id)


def _lines(pin: Pin) -> list[Line]:
    return [line_of(happening) for happening in timeline_of(pin)]


def _facts(line: Line, *, zone: str) -> dict[str, Any]:
    """A line as a record: instants in UTC, and the wall clock of the workspace beside."""
    shown = {each.name: getattr(line, each.name) for each in fields(line)}
    shown |= {**line.facts, "at": _utc(line.at), "local_time": _wall(line.at, zone=zone)}
    finished = line.facts.get("finished_at")
    if isinstance(finished, datetime):
        shown["finished_at"] = _utc(finished)
    return {name: shown.get(name) for name in COLUMNS}


def _sheet(lines: list[Line], *, zone: str) -> Iterator[str]:
    for row in [list(COLUMNS), *(_cells(line, zone=zone) for line in lines)]:
        text = io.StringIO(newline="")
        csv.writer(text, quoting=csv.QUOTE_ALL).writerow(row)
        yield text.getvalue()


def _cells(line: Line, *, zone: str) -> list[str]:
    cells = []
    for value in _facts(line, zone=zone).values():
        text = " ".join(map(str, value)) if isinstance(value, list) else str(value or "")
        cells.append(inert(text))
    return cells


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _wall(moment: datetime, *, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"
