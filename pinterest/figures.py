"""Figures of an account, a Pin and the best Pins, as Pinterest tells them.

What is missing is not zero: a metric that Pinterest leaves out or sends as null is None here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

from pinterest.answers import RawAnswer
from pinterest.decode import UnreadableAnswerError

ACCOUNT_METRICS: Final = (
    "ENGAGEMENT",
    "ENGAGEMENT_RATE",
    "IMPRESSION",
    "OUTBOUND_CLICK",
    "OUTBOUND_CLICK_RATE",
    "PIN_CLICK",
    "PIN_CLICK_RATE",
    "SAVE",
    "SAVE_RATE",
)
"""The nine that `/user_account/analytics` takes; any other is refused."""

PIN_METRICS: Final = (
    "IMPRESSION",
    "OUTBOUND_CLICK",
    "PIN_CLICK",
    "SAVE",
    "SAVE_RATE",
    "TOTAL_COMMENTS",
    "TOTAL_REACTIONS",
    "USER_FOLLOW",
    "PROFILE_VISIT",
)
VIDEO_METRICS: Final = (
    "IMPRESSION",
    "OUTBOUND_CLICK",
    "PIN_CLICK",
    "SAVE",
    "SAVE_RATE",
    "VIDEO_MRC_VIEW",
    "VIDEO_10S_VIEW",
    "QUARTILE_95_PERCENT_VIEW",
    "VIDEO_V50_WATCH_TIME",
    "VIDEO_START",
    "VIDEO_AVG_WATCH_TIME",
    "TOTAL_COMMENTS",
    "TOTAL_REACTIONS",
)
"""A video's set; asked for a picture's Pin, Pinterest may refuse it."""

Metrics = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Filters:
    """What is counted. Pinterest's defaults include paid figures and other people's Pins.

    `content_type`: ALL, ORGANIC, PAID; `source`: ALL, YOUR_PINS, OTHER_PINS; `claimed`: BOTH,
    CLAIMED, OTHER.
    """

    content_type: str = "ALL"
    source: str = "ALL"
    claimed: str = "BOTH"

    def to_params(self) -> dict[str, str]:
        """As query parameters."""
        return {
            "content_type": self.content_type,
            "source": self.source,
            "from_claimed_content": self.claimed,
        }


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One UTC day. Only READY is settled; `status` is an open list of words."""

    date: date
    status: str
    metrics: Metrics = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figures:
    """An account's figures, or a Pin's. `lifetime` holds what Pinterest counts for ever, which is
    comments and reactions: read both, one never stands in for the other."""

    summary: Metrics
    days: tuple[DayFigures, ...]
    lifetime: Metrics = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TopPin:
    """One of the best Pins."""

    pin_id: str
    metrics: Metrics


@dataclass(frozen=True, slots=True)
class TopPins:
    """The best Pins, the best first, and until when Pinterest has counted."""

    pins: tuple[TopPin, ...]
    counted_until: datetime | None


def listed_figures(pin_metrics: Any, span: str) -> Metrics:
    """What `pin_metrics` of a listed Pin says for `span`: "90d" or "lifetime_metrics"."""
    return _metrics(pin_metrics.get(span)) if isinstance(pin_metrics, dict) else {}


def decode_figures(answer: RawAnswer) -> Figures:
    """Read what is under `all`. Raises UnreadableAnswerError."""
    whole = answer.fields().get("all")
    if not isinstance(whole, dict) or not isinstance(whole.get("daily_metrics"), list):
        raise UnreadableAnswerError("no daily metrics")
    return Figures(
        summary=_metrics(whole.get("summary_metrics")),
        days=tuple(_day(each) for each in whole["daily_metrics"]),
        lifetime=_metrics(whole.get("lifetime_metrics")),
    )


def decode_top_pins(answer: RawAnswer) -> TopPins:
    """Read the best Pins. Raises UnreadableAnswerError."""
    body = answer.fields()
    pins = body.get("pins")
    if not isinstance(pins, list):
        raise UnreadableAnswerError("no list of Pins")
    return TopPins(tuple(_top_pin(each) for each in pins), _counted_until(body))


def _day(value: Any) -> DayFigures:
    if not isinstance(value, dict):
        raise UnreadableAnswerError("a day is no object")
    try:
        day = date.fromisoformat(str(value.get("date"))[:10])
    except ValueError:
        raise UnreadableAnswerError("a day has no date") from None
    return DayFigures(day, str(value.get("data_status") or ""), _metrics(value.get("metrics")))


def _top_pin(value: Any) -> TopPin:
    pin_id = str(value.get("pin_id") or "") if isinstance(value, dict) else ""
    if not pin_id.isdigit():
        raise UnreadableAnswerError("a Pin has no id")
    return TopPin(pin_id, _metrics(value.get("metrics")))


def _metrics(value: Any) -> Metrics:
    if not isinstance(value, dict):
        return {}
    return {str(name): _number(each) for name, each in value.items()}


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    with contextlib.suppress(ValueError, OverflowError):
        number = float(value)
        return number if number == number and abs(number) != float("inf") else None
    return None


def _counted_until(body: Mapping[str, Any]) -> datetime | None:
    availability = body.get("date_availability")
    stamp = availability.get("latest_available_timestamp") if isinstance(availability, dict) else 0
    number = _number(stamp)
    with contextlib.suppress(ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(number / 1000, UTC) if number else None
    return None
