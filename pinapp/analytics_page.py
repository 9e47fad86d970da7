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
from analytics.policy.hours import Hour, hours_of
from analytics.policy.windows import REACH, utc_day
from analytics.selectors.pins import boards_of, pins_by_id, publications_of
from analytics.selectors.series import has_digest, snapshots_of, top_pins_of
from analytics.views.merges import merge_facts
from analytics.views.pin_facts import (
    best_hour_text,
    best_pin_facts,
    board_facts,
    hour_facts,
)
from analytics.views.reading_facts import reading_facts
from analytics.views.report_facts import report_facts, snapshot_facts
from analytics.views.reports import Report, read_report
from foundation.spans.spans import Span
from interactions.selectors.results import recent_sums_of
from pinapp.funnels import funnel_facts
from publishing.pins.selectors.published import board_names, published_between

SHOWN = 10
_FILES = ("pins", "best-pins", "boards", "hours", "followers")


@require_GET
@member_view()
def analytics(request: MemberRequest) -> HttpResponse:
    """Figures of an account, with our own Pins marked on the time line."""
    report = read_report(request)
    start, end = _moments(report.asked.span)
    hours = hours_in(request, report)
    published = published_between(request.workspace, report.question.account_id, start, end)
    context = {
        **report_facts(report, marks=Counter(map(utc_day, published))),
        **reading_facts(report, request.membership, now=timezone.now()),
        "merges": merge_facts(request, report.question.account_id),
        "best_pins": _best_pins(request, report),
        "boards": _boards(request, report),
        "hours": hour_facts(hours),
        "best_hour": best_hour_text(hours),
        "zone": request.workspace.time_zone,
        "pin_its": funnel_facts(recent_sums_of(request.workspace, since=start, until=end)),
        "exports": _exports(report),
        "has_digest": has_digest(request.workspace, request.user),
        "digest_url": f"{reverse('analytics_digest')}?{report.query()}",
        "followers": snapshot_facts(followers_in(request, report)),
        "connections_url": reverse("connections"),
    }
    status = 422 if report.asked.problem else 200
    return render(request, "analytics/analytics.html", context, status=status)


def hours_in(request: MemberRequest, report: Report) -> list[Hour]:
    """The hours of the workspace's day at which the account's Pins of 90 days went out."""
    since = timezone.now() - REACH
    found = publications_of(request.workspace, report.question.account_id, since=since)
    return hours_of(found, zone=ZoneInfo(request.workspace.time_zone))


def followers_in(request: MemberRequest, report: Report) -> list[Any]:
    """Followers and monthly views, day by day."""
    span, account_id = report.asked.span, report.question.account_id
    return snapshots_of(request.workspace.pk, account_id, first=span.first, last=span.last)


def _best_pins(request: MemberRequest, report: Report) -> dict[str, Any] | None:
    if report.series is None:
        return None
    rows = top_pins_of(report.series, sort_by=report.question.order, most=SHOWN)
    ids = [row.pin_id for row in rows]
    known = pins_by_id(request.workspace.pk, report.question.account_id, ids)
    return best_pin_facts(report, rows, known) if rows else None


def _boards(request: MemberRequest, report: Report) -> list[dict[str, Any]]:
    rows = boards_of(request.workspace, report.question.account_id, most=SHOWN)
    names = board_names(request.workspace, [row["board_id"] for row in rows])
    return board_facts(rows, names)


def _exports(report: Report) -> list[dict[str, Any]]:
    """Links to the same as files: the days, and what stands below them."""
    query = report.query()
    days = {
        "label": "Days",
        "csv": f"{reverse('analytics_csv')}?{query}",
        "json": f"{reverse('analytics_json')}?{query}",
    }
    others = [
        {
            "label": name.replace("-", " ").capitalize(),
            "csv": f"{reverse('analytics_file', args=[name, 'csv'])}?{query}",
            "json": f"{reverse('analytics_file', args=[name, 'json'])}?{query}",
        }
        for name in _FILES
    ]
    return [days, *others]


def _moments(span: Span) -> tuple[datetime, datetime]:
    """The first moment of the span and the first after it, in UTC."""
    end = span.last + timedelta(days=1)
    return datetime.combine(span.first, time(), UTC), datetime.combine(end, time(), UTC)
