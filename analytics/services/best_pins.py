"""The best Pins of the last 30 days, in each of Pinterest's orders."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from analytics.models import Series, TopPin
from analytics.policy.windows import utc_day
from analytics.services import leases
from analytics.services.days import counts_of
from pinterest.client import PinterestClient
from pinterest.figures import Filters, TopPins

SORTS: Final = ("IMPRESSION", "SAVE", "PIN_CLICK", "OUTBOUND_CLICK", "ENGAGEMENT")
BEST_DAYS: Final = 30
BEST_COUNT: Final = 50


def read_best_pins(
    client: PinterestClient, *, sort_by: str, filters: Filters, now: datetime
) -> TopPins:
    """Ask for the best Pins in one order. Raises PinterestError."""
    today = utc_day(now)
    return client.get_top_pins(
        start=today - timedelta(days=BEST_DAYS - 1),
        end=today,
        filters=filters,
        sort_by=sort_by,
        count=BEST_COUNT,
    )


@transaction.atomic
def keep_best_pins(series: Series, sort_by: str, best: TopPins) -> None:
    """Put them in the place of those before. Raises LeaseLost before anything is written."""
    leases.keep_hold(series)
    TopPin.objects.filter(series=series, sort_by=sort_by).delete()
    TopPin.objects.bulk_create(
        TopPin(
            series=series, sort_by=sort_by, rank=rank, pin_id=pin.pin_id, **counts_of(pin.metrics)
        )
        for rank, pin in enumerate(best.pins, start=1)
    )
