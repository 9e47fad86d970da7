"""Reports prepared for templates: words, numbers, drawings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from analytics.models import Claimed, ContentType, PinRow, Snapshot, Source, TopPin
from analytics.policy import figures as rules
from analytics.policy.charts import HEIGHT, draw
from analytics.policy.figures import Day
from analytics.policy.hours import Hour
from analytics.policy.statuses import NOT_READ, is_settled, reason_of
from analytics.views.reports import Report

_SNAPSHOTS = {"followers": "Followers", "monthly_views": "Monthly views"}
_DEFAULTS = "Pinterest counts ads and other people's Pins of your site too, unless you choose."


def report_facts(report: Report, *, marks: Mapping[date, int]) -> dict[str, Any]:
    """Everything a page of a report shows. `marks`: Pins of ours that went out, by UTC day."""
    now, before = rules.sum_up(report.days), rules.sum_up(report.before)
    found = {day.date: day for day in report.days}
    return {
        "accounts": [
            {"value": account_id, "label": f"@{name}", "selected": account_id == report.account_id}
            for account_id, name in report.accounts
        ],
        "selects": [
            _select("content", "Ads", ContentType, report.filters.content_type),
            _select("source", "Whose Pins", Source, report.filters.source),
            _select("claimed", "Claimed sites", Claimed, report.filters.claimed),
        ],
        "filters_note": _DEFAULTS,
        "range": report.asked.facts,
        "figures": [_figure(name, now, before) for name in rules.COUNTS],
        "charts": [_chart(name, report, found, marks) for name in rules.LABELS],
        "rows": [_row(day, found.get(day), marks.get(day, 0)) for day in reversed(report.dates)],
        "gaps": _gaps(report, found),
        "seams": _seams(report.days),
        "has_any": any(value is not None for value in now.values()),
        "kept_since": report.kept_since,
        "pulled_at": report.series.pulled_at if report.series else None,
        "problem": report.series.problem if report.series else "",
        "is_reading": report.series is not None and report.series.pulled_at is None,
    }


def top_pin_facts(rows: Sequence[TopPin], known: Mapping[str, PinRow]) -> list[dict[str, Any]]:
    """The best Pins, with what the account's lists say of them."""
    return [
        {
            "title": pin_title(known.get(row.pin_id), row.pin_id),
            "picture_url": known[row.pin_id].picture_url if row.pin_id in known else "",
            "url": reverse("analytics_pin", args=[row.series.account_id, row.pin_id]),
            "impression": _text(row.impression),
            "save": _text(row.save_count),
            "outbound_click": _text(row.outbound_click),
            "value": row.impression or 0,
            "most": rows[0].impression or 1,
        }
        for row in rows
    ]


def snapshot_facts(found: Sequence[Snapshot]) -> list[dict[str, Any]]:
    """Followers and the like as they were last, and by how much they changed in these days."""
    if not found:
        return []
    return [
        {"label": label, "value": _text(getattr(found[-1], name)), "note": _gained(found, name)}
        for name, label in _SNAPSHOTS.items()
    ]


def _gained(found: Sequence[Snapshot], name: str) -> str:
    first, last = getattr(found[0], name), getattr(found[-1], name)
    if first is None or last is None or len(found) == 1:
        return ""
    return f"{last - first:+,} since {found[0].date:%-d %B}"


def pin_title(row: PinRow | None, pin_id: str) -> str:
    """A Pin's title; its number where it has none."""
    return row.title if row and row.title else f"Pin {pin_id}"


def board_facts(
    rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Boards by the impressions of their Pins; `names` by Pinterest's ids."""
    most = rows[0]["impressions"] if rows else 0
    return [
        {
            "name": names.get(row["board_id"]) or "A board that is not yours, or gone",
            "pins": f"{row['pins']:,}",
            "impressions": _text(row["impressions"]),
            "outbound": _text(row["outbound"]),
            "value": row["impressions"] or 0,
            "most": most or 1,
        }
        for row in rows
    ]


def hour_facts(hours: Sequence[Hour]) -> list[dict[str, Any]]:
    """The hours of a day as bars; empty where no hour has enough Pins to say anything."""
    told = [each.impressions for each in hours if each.impressions is not None]
    if not told:
        return []
    top = max(*told, 1)
    return [
        {
            "label": f"{each.hour:02}:00",
            "pins": each.pins,
            "text": "–" if each.impressions is None else f"{each.impressions:,.0f}",
            "x": each.hour * 14,
            "height": round(HEIGHT * (each.impressions or 0) / top, 2),
            "y": round(HEIGHT * (1 - (each.impressions or 0) / top), 2),
        }
        for each in hours
    ]


def _chart(
    name: str, report: Report, found: Mapping[date, Day], marks: Mapping[date, int]
) -> dict[str, Any]:
    label = rules.LABELS[name]
    chart = draw(report.dates, found, count=name, label=label, marks=marks)
    return {
        "id": name.replace("_", "-"),
        "label": label,
        "chart": chart,
        "top_text": f"{chart.top:,}",
    }


def _select(name: str, label: str, choices: Any, chosen: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "options": [
            {"value": value, "label": words, "selected": value == chosen}
            for value, words in choices.choices
        ],
    }


def _figure(
    name: str, now: Mapping[str, int | None], before: Mapping[str, int | None]
) -> dict[str, Any]:
    share = rules.rate(now[name], now["impression"]) if name != "impression" else None
    rate = f"{share:.2%} of impressions. " if share is not None else ""
    change = rules.change(now[name], before[name])
    to_before = (
        f"{change:+.0%} to the days before ({before[name]:,})." if change is not None else ""
    )
    return {"label": rules.LABELS[name], "value": _text(now[name]), "note": f"{rate}{to_before}"}


def _row(day: date, here: Day | None, pins: int) -> dict[str, Any]:
    status = here.status if here else NOT_READ
    return {
        "date": day,
        "counts": [_text(here.counts.get(name)) if here else "–" for name in rules.COUNTS],
        "note": "" if is_settled(status) else reason_of(status),
        "pins": pins or "",
    }


def _gaps(report: Report, found: Mapping[date, Day]) -> list[dict[str, Any]]:
    """Days without figures, those of one reason in a row together."""
    gaps: list[dict[str, Any]] = []
    for day in report.dates:
        here = found.get(day)
        if here is not None and here.counts.get("impression") is not None:
            continue
        reason = reason_of(here.status if here else NOT_READ)
        last = gaps[-1] if gaps else None
        if last and last["reason"] == reason and (day - last["last"]).days == 1:
            last["last"] = day
        else:
            gaps.append({"first": day, "last": day, "reason": reason})
    return gaps


def _seams(days: Any) -> list[dict[str, Any]]:
    """Where one account's history goes over into another's."""
    seams: list[dict[str, Any]] = []
    account = ""
    for day in days:
        if account and day.account != account:
            seams.append({"date": day.date, "earlier": account, "later": day.account})
        account = day.account
    return seams


def _text(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"
