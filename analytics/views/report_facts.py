"""Reports prepared for templates: words, numbers, drawings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from analytics.models import Claimed, ContentType, Snapshot, Source
from analytics.policy import figures as rules
from analytics.policy.charts import draw, when_of
from analytics.policy.figures import Day
from analytics.policy.names import labels_of
from analytics.policy.points import Point, days_to_a_point, points_of
from analytics.policy.statuses import may_grow, reason_of
from analytics.views.reports import Report
from foundation.percents import percent

_SNAPSHOTS = {"followers": "Followers", "monthly_views": "Monthly views"}
_DEFAULTS = "Pinterest counts ads and other people's Pins of your site too, unless you choose."
_LONGEST_STEP = 28
_STEPS = {1: "", 7: "Each bar is a week.", 28: "Each bar is four weeks."}


def report_facts(report: Report, *, marks: Mapping[date, int]) -> dict[str, Any]:
    """What a page shows of the days. `marks`: Pins of ours that went out, by UTC day."""
    found = report.standing
    question = report.question
    return {
        "accounts": [
            {"value": key, "label": label, "selected": key == question.account_id}
            for key, label in labels_of(question.accounts).items()
        ],
        "selects": [
            _select("content", "Ads", ContentType, question.filters.content_type),
            _select("source", "Whose Pins", Source, question.filters.source),
            _select("claimed", "Claimed sites", Claimed, question.filters.claimed),
        ],
        "told": _told(report),
        "compares": question.compares,
        "order": question.order,
        "days_asked": [{"name": key, "value": value} for key, value in report.asked.params.items()],
        "filters_note": _DEFAULTS,
        "range": report.asked.facts,
        "figures": [_figure(name, report) for name in rules.COUNTS],
        "charts": _charts(report, found, marks),
        "step_note": _STEPS[days_to_a_point(report.asked.span.days)],
        "rows": _rows(report, found, marks),
        "gaps": _gaps(found.values()),
        "seams": _seams(report.days),
        "has_any": any(value is not None for value in rules.sum_up(report.days).values()),
        "growing": _growing(found.values()),
        "kept_since": report.kept_since,
        "pulled_at": report.series.pulled_at if report.series else None,
    }


def snapshot_facts(found: Sequence[Snapshot]) -> list[dict[str, Any]]:
    """Followers and the like as they were last, and by how much they changed in these days."""
    return [_snapshot(found, name, label) for name, label in _SNAPSHOTS.items()] if found else []


def text(value: int | None) -> str:
    """A number for people; a dash for what is missing."""
    return "–" if value is None else f"{value:,}"


def _snapshot(found: Sequence[Snapshot], name: str, label: str) -> dict[str, Any]:
    """Of the days that tell it: one that leaves it out says nothing of it."""
    told = [(day.date, value) for day in found if (value := getattr(day, name)) is not None]
    if not told:
        return {"label": label, "value": text(None), "note": ""}
    (since, first), (until, last) = told[0], told[-1]
    notes = []
    if len(told) > 1:
        notes.append(f"{last - first:+,} since {since:%-d %B}")
    if until != found[-1].date:
        notes.append(f"told last on {until:%-d %B}")
    return {"label": label, "value": text(last), "note": ", ".join(notes)}


def _growing(days: Iterable[Day]) -> str:
    """A warning that sums will rise; nothing where all days are settled."""
    count = sum(may_grow(day.status) for day in days)
    if not count:
        return ""
    if count == 1:
        return "One of these days still grows, and so will the sums."
    return f"{count} of these days still grow, and so will the sums."


def _charts(
    report: Report, found: Mapping[date, Day], marks: Mapping[date, int]
) -> list[dict[str, Any]]:
    earlier = report.standing_before if report.question.compares else {}
    charts = []
    for name, label in rules.LABELS.items():
        points = points_of(report.dates, found, count=name, pins=marks)
        before: Sequence[Point] = []
        if report.question.compares:
            before = points_of(report.dates_before, earlier, count=name)
        chart = draw(points, before, label=label)
        charts.append(
            {
                "id": name.replace("_", "-"),
                "label": label,
                "chart": chart,
                "top_text": f"{chart.top:,}",
                "best_text": _best(points),
                "first": points[0].first,
                "last": points[-1].last,
            }
        )
    return charts


def _best(points: Sequence[Point]) -> str:
    """The highest point in words. That nothing was told is not that there was nothing."""
    told = [(point.value, point) for point in points if point.value is not None]
    if not told:
        return "No figures in these days."
    value, point = max(told, key=lambda pair: pair[0])
    return f"Highest: {value:,}, {when_of(point)}." if value else "None in these days."


def _told(report: Report) -> str:
    """Whose figures these are and which: for paper, which has no controls."""
    question, span = report.question, report.asked.span
    filters = question.filters
    choices = (
        ContentType(filters.content_type),
        Source(filters.source),
        Claimed(filters.claimed),
    )
    words = "; ".join(str(choice.label) for choice in choices)
    return f"@{question.username}, {span.first:%-d %B %Y} to {span.last:%-d %B %Y}. {words}."


def _select(name: str, label: str, choices: Any, chosen: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "options": [
            {"value": value, "label": words, "selected": value == chosen}
            for value, words in choices.choices
        ],
    }


def _figure(name: str, report: Report) -> dict[str, Any]:
    sums = rules.sum_up(report.days)
    share = rules.rate_of(report.days, name) if name != "impression" else None
    rate = f"{percent(share, 2)} of impressions." if share is not None else ""
    note = " ".join(each for each in (rate, _beside(name, report)) if each)
    return {"label": rules.LABELS[name], "value": text(sums[name]), "note": note}


def _beside(name: str, report: Report) -> str:
    """How it compares to the days before, over those that both tell for good; and how many."""
    in_all = len(report.dates)
    found = rules.compare(report.days, report.before, name, apart=timedelta(days=in_all))
    if found.change is None:
        return ""
    span = "day" if in_all == 1 else f"{in_all} days"
    change = f"{percent(found.change, signed=True)} to the {span} before"
    if found.days == in_all:
        return f"{change} ({found.before:,})."
    return f"{change}, by {found.days} settled {'day' if found.days == 1 else 'days'}."


def _rows(
    report: Report, found: Mapping[date, Day], marks: Mapping[date, int]
) -> list[dict[str, Any]]:
    """The table, the newest first: by days, or as the chart has them where those were thousands."""
    step = days_to_a_point(report.asked.span.days)
    by_count = [
        points_of(
            report.dates, found, count=name, pins=marks, step=1 if step < _LONGEST_STEP else step
        )
        for name in rules.COUNTS
    ]
    return [
        {
            "when": when_of(row[0]),
            "counts": [text(point.value) for point in row],
            "note": row[0].note,
            "pins": row[0].pins or "",
        }
        for row in reversed(list(zip(*by_count, strict=True)))
    ]


def _gaps(days: Iterable[Day]) -> list[dict[str, Any]]:
    """Days without figures, those of one reason in a row together."""
    gaps: list[dict[str, Any]] = []
    for day in days:
        if day.counts.get("impression") is not None:
            continue
        reason = reason_of(day.status)
        last = gaps[-1] if gaps else None
        if last and last["reason"] == reason and (day.date - last["last"]).days == 1:
            last["last"] = day.date
        else:
            gaps.append({"first": day.date, "last": day.date, "reason": reason})
    return gaps


def _seams(days: Sequence[Day]) -> list[dict[str, Any]]:
    """Where one account's history goes over into another's."""
    labels = labels_of((day.account_id, day.username) for day in days)
    return [
        {
            "date": day.date,
            "earlier": labels[before.account_id],
            "later": labels[day.account_id],
        }
        for before, day in pairwise(days)
        if before.account_id != day.account_id
    ]
