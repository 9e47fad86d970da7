"""How a file is read, for templates: what was found out, what is asked, what can change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from foundation.documents.encodings import ENCODINGS
from publishing.imports.policy import column_names
from publishing.imports.policy.date_texts import Order
from publishing.imports.policy.publish_dates import DateAsks, DateRejected, read_publish_date
from publishing.imports.views.times import in_zone
from publishing.models import DayOrder, Import

UTC_ZONE = "UTC"
_NO_COLUMN = "Not used"
_COLUMN_WORDS = {
    column_names.SECTION: "Section of the board",
    column_names.TIME: "Time of the publish date",
}


def reading_facts(batch: Import, *, can_read_anew: bool, zones: Iterable[str]) -> dict[str, Any]:
    """Context of `_import_reading.html`; `zones` are what its times may be in besides UTC."""
    zone, order = _zone_facts(batch, zones), _order_facts(batch)
    return {
        "can_read_anew": can_read_anew,
        "encoding": _encoding_facts(batch),
        "columns": _columns_facts(batch),
        "zone": zone,
        "order": order,
        "is_open": not batch.has_known_columns
        or any(part and part["is_open"] for part in (zone, order)),
    }


def _encoding_facts(batch: Import) -> dict[str, Any]:
    return {
        "url": reverse("import_encoding", args=[batch.pk]),
        "words": ENCODINGS.get(batch.encoding, batch.encoding),
        "is_sure": batch.is_encoding_sure,
        "lines": batch.lines,
        "options": [
            {"value": name, "label": words, "selected": name == batch.encoding}
            for name, words in ENCODINGS.items()
        ],
    }


def _columns_facts(batch: Import) -> dict[str, Any]:
    missing = column_names.missing_in(batch.columns)
    return {
        "url": reverse("import_columns", args=[batch.pk]),
        "is_open": not batch.has_known_columns,
        "missing": " and ".join(f"“{name}”" for name in missing),
        "names": [
            {
                "id": f"column-{number}",
                "name": name.strip() or f"Column {number + 1}",
                "samples": ", ".join(cells),
                "is_known": bool(column),
                "options": [{"value": "", "label": _NO_COLUMN, "selected": not column}]
                + [
                    {
                        "value": each,
                        "label": _COLUMN_WORDS.get(each, each),
                        "selected": each == column,
                    }
                    for each in column_names.ASSIGNABLE
                ],
            }
            for number, (name, column, cells) in enumerate(
                zip(batch.header, batch.columns, batch.samples, strict=True)
            )
        ],
    }


def _zone_facts(batch: Import, zones: Iterable[str]) -> dict[str, Any] | None:
    """The question for the zone; None where every time says its own, or there is one zone only."""
    if not batch.local_date:
        return None
    offered = list(dict.fromkeys([UTC_ZONE, *filter(None, zones), batch.read_zone or UTC_ZONE]))
    if offered == [batch.read_zone]:
        return None
    return {
        "url": reverse("import_zone", args=[batch.pk]),
        "is_open": not batch.read_zone,
        "zone": batch.read_zone,
        "options": [
            {
                "value": zone,
                "label": "UTC, as in Pinterest’s own files" if zone == UTC_ZONE else zone,
                "text": _example(batch, zone),
                "checked": zone == batch.read_zone,
            }
            for zone in offered
        ],
    }


def _example(batch: Import, zone: str) -> str:
    """What the file's first time is in the workspace's zone when it is one of `zone`."""
    order = Order(batch.day_order) if batch.day_order else None
    try:
        at = read_publish_date(batch.local_date, zone=zone, order=order).at
    except (DateRejected, DateAsks):
        return ""
    other = UTC_ZONE if zone == batch.time_zone else batch.time_zone
    return f"“{batch.local_date}” is then {in_zone(at, other)}"


def _order_facts(batch: Import) -> dict[str, Any] | None:
    """The question for the order of day and month; None where the file itself settles it."""
    if not batch.two_way_date:
        return None
    return {
        "url": reverse("import_day_order", args=[batch.pk]),
        "is_open": not batch.day_order,
        "words": DayOrder(batch.day_order).label if batch.day_order else "",
        "options": [
            {
                "value": order.value,
                "label": order.label,
                "text": _order_example(batch, Order(order.value)),
                "checked": order == batch.day_order,
            }
            for order in DayOrder
        ],
    }


def _order_example(batch: Import, order: Order) -> str:
    try:
        at = read_publish_date(batch.two_way_date, zone=UTC_ZONE, order=order).at
    except (DateRejected, DateAsks):
        return ""
    return f"“{batch.two_way_date}” is then {at:%-d %B %Y}"
