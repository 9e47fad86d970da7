"""The page of analytics, which shows what several features know: figures, our Pins, Pin-its."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_view
from accounts.spans import Span
from analytics.policy.hours import hours_of
from analytics.selectors.pins import boards_of, pins_by_id, publications_of
from analytics.selectors.series import has_digest, snapshots_of, top_pins_of
from analytics.views.report_facts import (
    board_facts,
    hour_facts,
    report_facts,
    snapshot_facts,
    top_pin_facts,
)
from analytics.views.reports import Report, read_report
from interactions.selectors.results import recent_sums_of
from pinapp.funnels import funnel_facts
from publishing.selectors.published import board_names, published_between

TOP_SHOWN = 10


@require_GET
@member_view()
def analytics(request: MemberRequest) -> HttpResponse:
    """Figures of an account, with our own Pins marked on the time line."""
    report = read_report(request)
    start, end = _moments(report.asked.span)
    marks = Counter(
        moment.astimezone(UTC).date()
        for moment in published_between(request.workspace, report.account_id, start, end)
    )
    context = {
        **report_facts(report, marks=marks),
        "top_pins": _top_pins(request, report),
        "boards": _boards(request, report),
        "hours": _hours(request, report),
        "zone": request.workspace.time_zone,
        "pin_its": funnel_facts(recent_sums_of(request.workspace, since=start, until=end)),
        "exports": [
            {"label": "CSV", "url": f"{reverse('analytics_csv')}?{report.query}"},
            {"label": "JSON", "url": f"{reverse('analytics_json')}?{report.query}"},
        ],
        "query": report.query,
        "has_digest": has_digest(request.workspace, request.user),
        "digest_url": reverse("analytics_digest"),
        "followers": _followers(request, report),
        "connections_url": reverse("connections"),
    }
    status = 422 if report.asked.problem else 200
    return render(request, "analytics/analytics.html", context, status=status)


def _top_pins(request: MemberRequest, report: Report) -> list[dict[str, Any]]:
    if report.series is None:
        return []
    rows = top_pins_of(report.series, sort_by="IMPRESSION", most=TOP_SHOWN)
    ids = [row.pin_id for row in rows]
    return top_pin_facts(rows, pins_by_id(request.workspace, report.account_id, ids))


def _followers(request: MemberRequest, report: Report) -> list[dict[str, Any]]:
    span = report.asked.span
    found = snapshots_of(request.workspace.pk, report.account_id, first=span.first, last=span.last)
    return snapshot_facts(found)


def _boards(request: MemberRequest, report: Report) -> list[dict[str, Any]]:
    rows = boards_of(request.workspace, report.account_id, most=TOP_SHOWN)
    names = board_names(request.workspace, [row["board_id"] for row in rows])
    return board_facts(rows, names)


def _hours(request: MemberRequest, report: Report) -> list[dict[str, Any]]:
    since = timezone.now() - timedelta(days=90)
    found = publications_of(request.workspace, report.account_id, since=since)
    return hour_facts(hours_of(found, zone=ZoneInfo(request.workspace.time_zone)))


def _moments(span: Span) -> tuple[datetime, datetime]:
    """The first moment of the span and the first after it, in UTC."""
    end = span.last + timedelta(days=1)
    return datetime.combine(span.first, time(), UTC), datetime.combine(end, time(), UTC)
