"""`/user_account/analytics`, its `/top_pins`, `/pins/{id}/analytics`: from a seeded model."""

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from pinterest.sandbox import errors
from pinterest.sandbox.call import SignedCall
from pinterest.sandbox.guard import check_acting_account
from pinterest.sandbox.listing import check_choice
from pinterest.sandbox.records import Pin
from pinterest.sandbox.traffic import COUNTS, counts_of_day, listed_counts, responses
from pinterest.sandbox.wire import Response, json_response

Json = dict[str, object]
LONGEST_DAYS: Final = 90
METRICS: Final = (
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
_PIN_METRICS: Final = (
    *("IMPRESSION", "OUTBOUND_CLICK", "PIN_CLICK", "SAVE", "SAVE_RATE"),
    *("TOTAL_COMMENTS", "TOTAL_REACTIONS", "USER_FOLLOW", "PROFILE_VISIT"),
)
_VIDEO_METRICS: Final = (
    *("VIDEO_MRC_VIEW", "VIDEO_10S_VIEW", "QUARTILE_95_PERCENT_VIEW"),
    *("VIDEO_V50_WATCH_TIME", "VIDEO_START", "VIDEO_AVG_WATCH_TIME"),
)
_SORTS: Final = ("ENGAGEMENT", "IMPRESSION", "OUTBOUND_CLICK", "PIN_CLICK", "SAVE")
_RATES: Final = {
    "ENGAGEMENT_RATE": "ENGAGEMENT",
    "SAVE_RATE": "SAVE",
    "PIN_CLICK_RATE": "PIN_CLICK",
    "OUTBOUND_CLICK_RATE": "OUTBOUND_CLICK",
}
# Which part of everything each choice of a filter shows.
_SHARES: Final = {
    "content_type": {"ALL": 1.0, "ORGANIC": 0.8, "PAID": 0.2},
    "source": {"ALL": 1.0, "YOUR_PINS": 0.85, "OTHER_PINS": 0.15},
    "from_claimed_content": {"BOTH": 1.0, "CLAIMED": 0.6, "OTHER": 0.4},
}
_OTHER_CHOICES: Final = {
    "pin_format": (
        *("ALL", "ORGANIC_IMAGE", "ORGANIC_PRODUCT", "ORGANIC_VIDEO"),
        *("ADS_STANDARD", "ADS_PRODUCT", "ADS_VIDEO", "ADS_IDEA"),
    ),
    "app_types": ("ALL", "MOBILE", "TABLET", "WEB"),
    "split_field": ("NO_SPLIT",),
}
_LIFETIME: Final = ("TOTAL_COMMENTS", "TOTAL_REACTIONS")


def account_figures(call: SignedCall) -> Response:
    """`GET /user_account/analytics`."""
    check_acting_account(call)
    days = _span(call)
    wanted = _wanted(call, METRICS, required=False)
    since = call.account.business_since
    rows = [_day(call, day, wanted, seed=call.account.id, since=since) for day in days]
    return json_response(
        200, {"all": {"summary_metrics": _sums(rows, wanted), "daily_metrics": rows}}
    )


def top_pins(call: SignedCall) -> Response:
    """`GET /user_account/analytics/top_pins`."""
    check_acting_account(call)
    days = _span(call)
    wanted = _wanted(call, METRICS, required=False)
    sort_by = call.request.parameter("sort_by")
    if sort_by not in _SORTS:
        raise errors.invalid_parameter("sort_by", sort_by or "", _SORTS)
    count = _count(call.request.parameter("num_of_pins") or "10")
    own = [pin for pin in call.records.pins.values() if pin.account_id == call.account.id]
    found = [(_pin_sums(call, pin, days, METRICS), pin) for pin in own]
    found.sort(key=lambda each: (-_int(each[0].get(sort_by)), each[1].id))
    latest = datetime.combine(call.now.date(), time(), UTC) - timedelta(milliseconds=1)
    return json_response(
        200,
        {
            "date_availability": {
                "latest_available_timestamp": int(latest.timestamp() * 1000),
                "is_realtime": False,
            },
            "sort_by": sort_by,
            "pins": [
                {
                    "pin_id": pin.id,
                    "metrics": {name: sums[name] for name in wanted if name in sums},
                    "data_status": dict.fromkeys(wanted, "READY"),
                }
                for sums, pin in found[:count]
            ],
        },
    )


def pin_figures(call: SignedCall) -> Response:
    """`GET /pins/{id}/analytics`: counts of ever in `lifetime_metrics`, others in the summary."""
    check_acting_account(call)
    pin = call.records.pins.get(call.path["pin_id"])
    if pin is None:
        raise errors.pin_not_found()
    if pin.account_id != call.account.id:
        raise errors.not_permitted()
    days = _span(call)
    is_video = pin.creative_type(call.now) == "VIDEO"
    allowed = (*_PIN_METRICS, *(_VIDEO_METRICS if is_video else ()))
    wanted = [name for name in _wanted(call, allowed, required=True) if name not in _LIFETIME]
    rows = [_day(call, day, wanted, seed=pin.id, since=pin.created_at) for day in days]
    for row in rows:
        if row["data_status"] == "BEFORE_BUSINESS_CREATED":
            row["data_status"] = "BEFORE_PIN_CREATED"
    _, ever = listed_counts(call, pin)
    lifetime = dict(zip(_LIFETIME, responses(ever), strict=True))
    return json_response(
        200,
        {
            "all": {
                "summary_metrics": _sums(rows, wanted),
                "daily_metrics": rows,
                "lifetime_metrics": lifetime,
            }
        },
    )


def _span(call: SignedCall) -> list[date]:
    """The days asked for. Refuses what Pinterest has forgotten, and what is no span."""
    start, end = (_date(call, name) for name in ("start_date", "end_date"))
    today = call.now.astimezone(UTC).date()
    for name, shares in _SHARES.items():
        check_choice(call, name, tuple(shares))
    for name, choices in _OTHER_CHOICES.items():
        check_choice(call, name, choices)
    if start < today - timedelta(days=LONGEST_DAYS):
        raise errors.invalid("You can only get data from the last 90 days")
    if end < start:
        raise errors.invalid("'end_date' must not be before 'start_date'")
    if end > start + timedelta(days=LONGEST_DAYS):
        raise errors.invalid("The dates must not be more than 90 days apart")
    last = min(end, today)
    return [start + timedelta(days=number) for number in range((last - start).days + 1)]


def _date(call: SignedCall, name: str) -> date:
    text = call.request.parameter(name)
    if text is None:
        raise errors.invalid(f"'{name}' is a required property")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise errors.invalid(f"'{text}' is not a 'date'") from None


def _wanted(call: SignedCall, allowed: Sequence[str], *, required: bool) -> list[str]:
    text = call.request.parameter("metric_types")
    if not text:
        if required:
            raise errors.invalid("'metric_types' is a required property")
        return list(allowed)
    names = text.split(",")
    for name in names:
        if name not in allowed:
            raise errors.invalid_parameter("metric_types", name, allowed)
    return names


def _count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 50:
        raise errors.invalid_parameter("num_of_pins", text, ("1 to 50",))
    return int(text)


def _day(
    call: SignedCall, day: date, wanted: Iterable[str], *, seed: str, since: datetime | None
) -> Json:
    status = _status(call, day, since)
    if status not in ("READY", "ESTIMATE"):
        metrics: Json = {}
    else:
        counts = counts_of_day(call, day, seed, share=_share(call))
        rates = {name: _rate(counts[part], counts["IMPRESSION"]) for name, part in _RATES.items()}
        every = {**counts, **rates}
        metrics = {name: every.get(name, 0) for name in wanted}
    if call.quirk("sparse_metrics") and metrics:
        metrics = {name: None if name == "SAVE" else metrics[name] for name in list(metrics)[:4]}
    if call.quirk("unknown_values"):
        status = "NEW_STATUS_OF_TOMORROW"
    return {"date": day.isoformat(), "data_status": status, "metrics": metrics}


def _status(call: SignedCall, day: date, since: datetime | None) -> str:
    today = call.now.astimezone(UTC).date()
    if since is not None and day < since.astimezone(UTC).date():
        return "BEFORE_BUSINESS_CREATED"
    late = call.quirk("late_metrics")
    if late is not None and (today - day).days * 86_400 < late.seconds:
        return "PROCESSING"
    if (today - day).days <= 1:
        return "ESTIMATE"
    return "PROCESSING" if (today - day).days == 2 and call.now.hour < 6 else "READY"


def _share(call: SignedCall) -> float:
    shares = (
        each[call.request.parameter(name) or next(iter(each))] for name, each in _SHARES.items()
    )
    return math.prod(shares)


def _sums(rows: Sequence[Json], wanted: Iterable[str]) -> Json:
    sums: dict[str, float] = {}
    for row in rows:
        metrics = row["metrics"]
        assert isinstance(metrics, dict)  # noqa: S101 - made above
        for name in COUNTS:
            sums[name] = sums.get(name, 0) + _int(metrics.get(name))
    rates = {
        name: _rate(sums.get(part, 0), sums.get("IMPRESSION", 0)) for name, part in _RATES.items()
    }
    every = {**sums, **rates}
    return {name: every.get(name, 0) for name in wanted}


def _pin_sums(call: SignedCall, pin: Pin, days: Sequence[date], wanted: Iterable[str]) -> Json:
    return _sums(
        [_day(call, day, wanted, seed=pin.id, since=pin.created_at) for day in days], wanted
    )


def _rate(part: float, whole: float) -> float:
    return part / whole if whole else 0


def _int(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 0
