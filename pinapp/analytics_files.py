"""What the page of analytics shows below the days, as files: whole, not the first ten."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_view
from analytics.policy.figures import COUNTS, column_of
from analytics.selectors.pins import boards_of, pins_by_id, pins_of
from analytics.selectors.series import top_pins_of
from analytics.services.best_pins import BEST_COUNT
from analytics.views.reports import Report, read_file_report
from foundation.tables.downloads import csv_answer, json_answer, refused_answer
from foundation.tables.sheets import write_table
from pinapp.analytics_page import followers_in, hours_in
from publishing.pins.selectors.published import board_names

Row = Mapping[str, Any]
_NAMES = {
    "pin_id": "pin_id",
    "title": "title",
    "board_id": "board_id",
    "published_at": "published_at",
    "impression": "impression_90_days",
    "pin_click": "pin_click_90_days",
    "outbound_click": "outbound_click_90_days",
    "ever_impression": "impression_ever",
    "ever_pin_click": "pin_click_ever",
    "ever_outbound_click": "outbound_click_ever",
    "reactions": "reactions_ever",
    "comments": "comments_ever",
    "counted_at": "counted_90_days_at",
    "read_at": "read_at",
}


@require_GET
@member_view()
def analytics_file(request: MemberRequest, name: str, kind: str) -> HttpResponse:
    """One of the tables, as CSV or as JSON; what Pinterest did not tell is empty or null."""
    report = read_file_report(request)
    if report.asked.problem:
        return refused_answer(report.asked.problem)
    rows = _TABLES[name](request, report)
    if kind == "json":
        return json_answer(rows, name=f"{name}.json")
    table = [list(rows[0]), *(row.values() for row in rows)] if rows else []
    return csv_answer(write_table(table, for_spreadsheets=True), name=f"{name}.csv")


def _pins(request: MemberRequest, report: Report) -> list[Row]:
    rows = list(
        pins_of(request.workspace, report.question.account_id)
        .order_by("-published_at", "pin_id")
        .values(*_NAMES)
    )
    names = board_names(request.workspace, {row["board_id"] for row in rows})
    return [
        {
            **{_NAMES[name]: value for name, value in row.items()},
            "board": names.get(row["board_id"], ""),
        }
        for row in rows
    ]


def _best_pins(request: MemberRequest, report: Report) -> list[Row]:
    if report.series is None:
        return []
    order = report.question.order
    rows = top_pins_of(report.series, sort_by=order, most=BEST_COUNT)
    account_id, ids = report.question.account_id, [row.pin_id for row in rows]
    known = pins_by_id(request.workspace.pk, account_id, ids)
    return [
        {
            "rank": row.rank,
            "by": order.lower(),
            "pin_id": row.pin_id,
            "title": known[row.pin_id].title if row.pin_id in known else "",
            **{name: getattr(row, column_of(name)) for name in COUNTS},
        }
        for row in rows
    ]


def _boards(request: MemberRequest, report: Report) -> list[Row]:
    rows = boards_of(request.workspace, report.question.account_id, most=None)
    names = board_names(request.workspace, [row["board_id"] for row in rows])
    return [
        {
            "board_id": row["board_id"],
            "board": names.get(row["board_id"], ""),
            "pins": row["pins"],
            "impression_90_days": row["impressions"],
            "pin_click_90_days": row["clicks"],
            "outbound_click_90_days": row["outbound"],
        }
        for row in rows
    ]


def _hours(request: MemberRequest, report: Report) -> list[Row]:
    return [
        {
            "hour": hour.hour,
            "time_zone": request.workspace.time_zone,
            "pins": hour.pins,
            "impressions_median": hour.impressions,
        }
        for hour in hours_in(request, report)
    ]


def _followers(request: MemberRequest, report: Report) -> list[Row]:
    return [
        {
            "date": each.date,
            "followers": each.followers,
            "monthly_views": each.monthly_views,
            "pins": each.pins,
            "boards": each.boards,
        }
        for each in followers_in(request, report)
    ]


_TABLES: Mapping[str, Callable[[MemberRequest, Report], Sequence[Row]]] = {
    "pins": _pins,
    "best-pins": _best_pins,
    "boards": _boards,
    "hours": _hours,
    "followers": _followers,
}
