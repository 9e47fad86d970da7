"""Reports as files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_view
from analytics.policy.figures import COUNTS, RATES, rate, summary
from analytics.views.reports import Report, read_file_report
from foundation.tables.downloads import csv_answer, json_answer, refused_answer
from foundation.tables.sheets import write_table


@require_GET
@member_view()
def report_csv(request: MemberRequest) -> HttpResponse:
    """A row for each day that is kept; an empty cell is what Pinterest did not tell."""
    report = read_file_report(request)
    if report.asked.problem:
        return refused_answer(report.asked.problem)
    return csv_answer(write_table(_table(report), for_spreadsheets=True), name="analytics.csv")


@require_GET
@member_view()
def report_json(request: MemberRequest) -> HttpResponse:
    """The summary with its days, and the days before."""
    report = read_file_report(request)
    if report.asked.problem:
        return refused_answer(report.asked.problem)
    question, span = report.question, report.asked.span
    body = {
        "account_id": question.account_id,
        "from": span.first,
        "to": span.last,
        "filters": {
            "content_type": question.filters.content_type,
            "source": question.filters.source,
            "from_claimed_content": question.filters.claimed,
        },
        "analytics": summary(report.days),
        "before": {**summary(report.before), "from": span.before.first, "to": span.before.last},
    }
    return json_answer(body, name="analytics.json")


def _table(report: Report) -> Iterator[Iterable[object]]:
    yield (
        "date",
        "account",
        "account_id",
        *COUNTS,
        *(f"{name}_rate" for name in RATES),
        "data_status",
    )
    for day in report.days:
        seen = day.counts.get("impression")
        shares = [rate(day.counts.get(name), seen) for name in RATES]
        counts = [day.counts.get(name) for name in COUNTS]
        yield (day.date.isoformat(), day.username, day.account_id, *counts, *shares, day.status)
