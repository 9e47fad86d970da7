"""Best Pins, boards and hours prepared for templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from analytics.models import PinRow, TopPin
from analytics.policy.charts import HEIGHT
from analytics.policy.figures import COUNTS, LABELS, column_of
from analytics.policy.hours import Hour
from analytics.services.best_pins import SORTS
from analytics.views.report_facts import text
from analytics.views.reports import Report


def best_pin_facts(
    report: Report, rows: Sequence[TopPin], known: Mapping[str, PinRow]
) -> dict[str, Any]:
    """The best Pins in the order asked for, with what the account's lists say of them."""
    order = report.question.order.lower()
    # The order's own numbers first: on a phone the others are out of sight.
    names = [order, *(name for name in COUNTS if name != order)]
    values = [_count(row, order) or 0 for row in rows]
    return {
        "orders": [
            {
                "label": LABELS[sort_by.lower()],
                "url": f"?{report.query(best=sort_by)}#best-pins",
                "active": sort_by == report.question.order,
            }
            for sort_by in SORTS
        ],
        "columns": [{"label": LABELS[name], "is_order": name == order} for name in names],
        "rows": [
            {
                "title": pin_title(known.get(row.pin_id), row.pin_id),
                "picture_url": known[row.pin_id].picture_url if row.pin_id in known else "",
                "url": reverse("analytics_pin", args=[report.question.account_id, row.pin_id]),
                "counts": [text(_count(row, name)) for name in names],
                "value": value,
                "most": max(values) or 1,
            }
            for row, value in zip(rows, values, strict=True)
        ],
    }


def pin_title(row: PinRow | None, pin_id: str) -> str:
    """A Pin's title; its number where it has none."""
    return row.title if row and row.title else f"Pin {pin_id}"


def board_facts(
    rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Boards by the impressions of their Pins; `names` by Pinterest's ids."""
    most = max((row["impressions"] or 0 for row in rows), default=0)
    return [
        {
            "name": board_name(names, row["board_id"]),
            "pins": f"{row['pins']:,}",
            "impressions": text(row["impressions"]),
            "clicks": text(row["clicks"]),
            "outbound": text(row["outbound"]),
            "value": row["impressions"] or 0,
            "most": most or 1,
        }
        for row in rows
    ]


def board_name(names: Mapping[str, str], board_id: str) -> str:
    """A board's name, or why it has none."""
    return names.get(board_id) or "A board that is not yours, or gone"


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
            "title": _hour_title(each),
            "x": each.hour * 14,
            "height": round(HEIGHT * (each.impressions or 0) / top, 2),
            "y": round(HEIGHT * (1 - (each.impressions or 0) / top), 2),
        }
        for each in hours
    ]


def best_hour_text(hours: Sequence[Hour]) -> str:
    """The best hour in words; nothing where no hour has enough Pins to say anything."""
    told = [each for each in hours if each.impressions is not None]
    if not told:
        return ""
    return f"Best: {_hour_title(max(told, key=lambda each: each.impressions or 0))}"


def _hour_title(hour: Hour) -> str:
    pins = "1 Pin" if hour.pins == 1 else f"{hour.pins} Pins"
    if hour.impressions is None:
        return f"{hour.hour:02}:00: {pins}, too few to say."
    return f"{hour.hour:02}:00: {hour.impressions:,.0f} impressions, the median of {pins}."


def _count(row: TopPin, name: str) -> int | None:
    value: int | None = getattr(row, column_of(name))
    return value
