"""What came of the clicks on a site: the funnel by day, page and entity, and what is not known."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member_view
from foundation.spans.requested import AskedSpan, asked_span
from foundation.tables.downloads import csv_answer, json_answer, refused_answer
from foundation.tables.sheets import write_table
from interactions.models import Site
from interactions.policy import results as rules
from interactions.selectors import results
from interactions.views.result_facts import (
    entity_facts,
    file_rows,
    page_facts,
    step_facts,
    unknown_facts,
)
from interactions.views.sites import find_site

_TABLES = ("day", "page", "entity")


@require_GET
@member_view()
def site_results(request: MemberRequest, key: str) -> HttpResponse:
    """A site's funnel by day, page and entity, and how long Pinterest took."""
    site = find_site(request, key)
    zone, asked = _asked(request)
    within: dict[str, Any] = {"span": asked.span, "zone": zone}
    found = rules.fill_days(results.days_of(site, **within), asked.span)
    sums = {step: sum(getattr(day, step) for day in found) for step in rules.STEPS}
    clicked = results.clicked_sums_of(site, **within)
    before = results.sums_of(site, span=asked.span.before, zone=zone)
    path = reverse("site_results", args=[site.key])
    context = {
        "title": f"Results of {site}",
        "back_url": reverse("site_detail", args=[site.key]),
        "back_label": site.name,
        "range": asked.facts,
        "steps": [step_facts(name, sums, clicked, before) for name in rules.STEPS],
        "chart": rules.draw(found),
        "first": asked.span.first,
        "last": asked.span.last,
        "has_any": any(sums.values()),
        "days": [day for day in reversed(found) if day.clicked or day.verified or day.previewed],
        "tables": [
            {
                "id": "pages",
                "title": "By page",
                "heading": "Page",
                "rows": page_facts(results.pages_with_results(site, **within)),
            },
            {
                "id": "entities",
                "title": "By what was pinned",
                "heading": "Title",
                "rows": entity_facts(results.entities_with_results(site, **within)),
            },
        ],
        "delays": _delays(site, within),
        "unknowns": unknown_facts(results.unknowns_of(site, **within)),
        "records_url": f"{reverse('interaction_list')}?site={site.key}",
        "exports": [
            {"label": f"By {by}", "url": f"{path}by-{by}.csv?{asked.query}"} for by in _TABLES
        ]
        + [{"label": "All as JSON", "url": f"{path}results.json?{asked.query}"}],
        "zone": request.workspace.time_zone,
    }
    return render(
        request, "interactions/results.html", context, status=422 if asked.problem else 200
    )


@require_GET
@member_view()
def site_results_csv(request: MemberRequest, key: str, by: str) -> HttpResponse:
    """One of the tables as a file, whole."""
    site = find_site(request, key)
    zone, asked = _asked(request)
    if asked.problem:
        return refused_answer(asked.problem)
    rows = _tables(site, asked, zone)[by]
    table = [(by, *rules.STEPS), *(row.values() for row in rows)]
    return csv_answer(write_table(table, for_spreadsheets=True), name=f"pin-its-by-{by}.csv")


@require_GET
@member_view()
def site_results_json(request: MemberRequest, key: str) -> HttpResponse:
    """All tables, the delays and what is not known."""
    site = find_site(request, key)
    zone, asked = _asked(request)
    if asked.problem:
        return refused_answer(asked.problem)
    unknowns = results.unknowns_of(site, span=asked.span, zone=zone)
    body = {
        "site": site.key,
        "from": asked.span.first,
        "to": asked.span.last,
        "time_zone": zone.key,
        **{f"by_{by}": rows for by, rows in _tables(site, asked, zone).items()},
        "delays": dict(results.delays_of(site, span=asked.span, zone=zone)),
        "unknowns": {name: getattr(unknowns, name) for name in unknowns.__slots__},
    }
    return json_answer(body, name="pin-its.json")


def _asked(request: MemberRequest) -> tuple[ZoneInfo, AskedSpan]:
    """Days are the workspace's, so that all its members see the same figures."""
    zone = ZoneInfo(request.workspace.time_zone)
    return zone, asked_span(request, today=timezone.now().astimezone(zone).date())


def _tables(site: Site, asked: AskedSpan, zone: ZoneInfo) -> dict[str, list[dict[str, Any]]]:
    within: dict[str, Any] = {"span": asked.span, "zone": zone}
    days = rules.fill_days(results.days_of(site, **within), asked.span)
    pages = results.pages_with_results(site, **within, most=None)
    entities = results.entities_with_results(site, **within, most=None)
    by_day = [
        {"day": day.day.isoformat(), **{step: getattr(day, step) for step in rules.STEPS}}
        for day in days
    ]
    by_page = [{**row, "page": row["page_url"]} for row in pages]
    by_entity = [{**row, "entity": row["title"]} for row in entities]
    return {
        "day": by_day,
        "page": file_rows(by_page, name="page"),
        "entity": file_rows(by_entity, name="entity"),
    }


def _delays(site: Site, within: dict[str, Any]) -> list[dict[str, Any]]:
    found = results.delays_of(site, **within)
    most = max((number for _, number in found), default=0)
    return [{"words": words, "number": number, "most": most} for words, number in found]
