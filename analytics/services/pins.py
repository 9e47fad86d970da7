"""Numbers of single Pins: all of an account by its lists, and one exactly when somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from accounts.models import Connection
from accounts.services.tokens import call_pinterest
from analytics.models import PinRow, Series
from analytics.policy.figures import as_count
from analytics.policy.windows import utc_day
from analytics.selectors.pins import pins_by_id
from analytics.services import leases
from pinterest import types as wire
from pinterest.client import PinterestClient
from pinterest.figures import (
    PIN_METRICS,
    VIDEO_METRICS,
    Figures,
    Metrics,
    listed_figures,
)

PAGE: Final = 250
MOST_PINS: Final = 2_500
"""The newest Pins of an account that are read: ten pages."""

EXACT_DAYS: Final = 90
_FOR_EVER: Final = ("TOTAL_COMMENTS", "TOTAL_REACTIONS")
"""What stands only among the numbers of a Pin's whole life."""

_PICTURE_WIDTH: Final = 236
_RECENT: Final = {
    "impression": "impression",
    "pin_click": "pin_click",
    "outbound_click": "clickthrough",
}
_EVER: Final = {
    "ever_impression": "impression",
    "ever_pin_click": "pin_click",
    "ever_outbound_click": "clickthrough",
    "reactions": "reaction",
    "comments": "comment",
}
"""Our columns, and what they are among the numbers of a list."""

_COLUMNS: Final = (
    *("board_id", "title", "picture_url", "published_at"),
    *(*_RECENT, *_EVER, "counted_at", "read_at", "gone_at"),
)


@dataclass(frozen=True, slots=True)
class ExactFigures:
    """A Pin's figures of up to 90 days, and what Pinterest counts for ever, side by side."""

    figures: Figures
    merged: Metrics


@dataclass(frozen=True, slots=True)
class ListedPins:
    """An account's Pins, the newest first; `is_all`: there are no others."""

    pins: Sequence[wire.Pin]
    is_all: bool


def read_pins(client: PinterestClient, *, on_page: Callable[[int], None]) -> ListedPins:
    """The account's newest Pins with their numbers, at no cost of the limit for figures.

    `on_page` is told the number of pages read so far. Raises PinterestError.
    """
    pins: list[wire.Pin] = []
    for pin in client.iter_own_pins(page_size=PAGE, with_figures=True):
        if len(pins) == MOST_PINS:
            return ListedPins(pins, is_all=False)
        pins.append(pin)
        if len(pins) % PAGE == 0:
            on_page(len(pins) // PAGE)
    return ListedPins(pins, is_all=True)


@transaction.atomic
def keep_pins(series: Series, listed: ListedPins, *, now: datetime) -> None:
    """Write down what the lists told, and which Pins they have no more. No number that was told
    once is replaced by none.

    Raises LeaseLost before anything is written.
    """
    leases.keep_hold(series)
    known = pins_by_id(series.workspace_id, series.account_id, {pin.id for pin in listed.pins})
    rows = {pin.id: _row(series, pin, known.get(pin.id), now) for pin in listed.pins}
    PinRow.objects.bulk_create(
        rows.values(),
        batch_size=PAGE,
        update_conflicts=True,
        unique_fields=["workspace", "account_id", "pin_id"],
        update_fields=_COLUMNS,
    )
    _mark_gone(series, listed, now)


def _mark_gone(series: Series, listed: ListedPins, now: datetime) -> None:
    """Pins that were not listed are gone, as far back as the lists were read.

    In which order they come is not promised, so it is what the last page begins with that counts,
    and not the oldest of all.
    """
    missing = PinRow.objects.filter(
        workspace=series.workspace_id,
        account_id=series.account_id,
        gone_at=None,
        read_at__lt=now,
    )
    if not listed.is_all:
        last_page = listed.pins[-PAGE:]
        reached = max((pin.created_at for pin in last_page if pin.created_at), default=now)
        missing = missing.filter(published_at__gt=reached)
    missing.update(gone_at=now)


def exact_figures(*, connection: Connection, pin_id: str, now: datetime) -> ExactFigures:
    """Ask Pinterest for one Pin. Raises ConnectionLost and PinterestError.

    Comments and reactions stand only among what is counted for ever, all else only in the sums:
    the two are merged, and neither stands in for the other.
    """
    today = utc_day(now)

    def read(client: PinterestClient) -> Figures:
        pin = client.get_pin(pin_id)
        is_video = pin.media is not None and pin.media.media_type == "video"
        return client.get_pin_figures(
            pin_id,
            start=today - timedelta(days=EXACT_DAYS - 1),
            end=today,
            metrics=VIDEO_METRICS if is_video else PIN_METRICS,
        )

    figures = call_pinterest(connection_id=connection.pk, now=now, call=read)
    told = {name: figures.lifetime.get(name) for name in _FOR_EVER}
    ever = {name: value for name, value in told.items() if value is not None}
    return ExactFigures(figures, {**figures.summary, **ever})


def _row(series: Series, pin: wire.Pin, kept: PinRow | None, now: datetime) -> PinRow:
    recent = _counts(pin, "90d", _RECENT)
    row = PinRow(
        workspace_id=series.workspace_id,
        account_id=series.account_id,
        pin_id=pin.id,
        board_id=pin.board_id or "",
        title=(pin.title or "").replace("\x00", "")[:200],
        picture_url=_picture_url(pin),
        published_at=pin.created_at,
        counted_at=now if any(value is not None for value in recent.values()) else None,
        read_at=now,
        **recent,
        **_counts(pin, "lifetime_metrics", _EVER),
    )
    if kept is not None:
        _fill_in(row, kept)
    return row


def _counts(pin: wire.Pin, span: str, names: Mapping[str, str]) -> dict[str, int | None]:
    told = listed_figures(pin.pin_metrics, span)
    return {column: as_count(told.get(name)) for column, name in names.items()}


def _fill_in(row: PinRow, kept: PinRow) -> None:
    """What is not told now stays what it was, and 90 days with an old count among them are old."""
    missing = [name for name in (*_RECENT, *_EVER) if getattr(row, name) is None]
    filled = [name for name in missing if getattr(kept, name) is not None]
    for name in filled:
        setattr(row, name, getattr(kept, name))
    if not _RECENT.keys().isdisjoint(filled):
        row.counted_at = kept.counted_at


def _picture_url(pin: wire.Pin) -> str:
    """The narrowest rendition that is wide enough for a list."""
    images = pin.images
    fit = next((each for each in images if each.width >= _PICTURE_WIDTH), None)
    chosen = fit or (images[-1] if images else None)
    return chosen.url if chosen and len(chosen.url) <= 2048 else ""
