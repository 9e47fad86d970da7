"""Figures of accounts and Pins, and which Pins did best: from a seeded model."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sandbox import errors
from sandbox.call import SignedCall
from sandbox.figure_days import Counted, day_row, sums_of
from sandbox.filters import ACCOUNT_SPLITS, PIN_SPLITS, Group, read_groups
from sandbox.guard import check_acting_account
from sandbox.parameters import check_choice, read_day, read_number
from sandbox.records import Pin
from sandbox.traffic import listed_counts, responses
from sandbox.wire import Response, json_response

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
_TOP_VIDEO_METRICS: Final = ("IMPRESSION", "SAVE", "OUTBOUND_CLICK", *_VIDEO_METRICS)
_PINS_AT_ONCE: Final = 100
_LIFETIME: Final = ("TOTAL_COMMENTS", "TOTAL_REACTIONS")


def account_figures(call: SignedCall) -> Response:
    """`GET /user_account/analytics`."""
    check_acting_account(call)
    groups, days = read_groups(call, ACCOUNT_SPLITS), _span(call)
    wanted = _wanted(call, METRICS, required=False)
    since = call.account.business_since
    answer: Json = {}
    for group in groups:
        counted = Counted(seed=call.account.id, since=since, share=group.share)
        rows = [day_row(call, day, wanted, counted) for day in days]
        answer[group.key] = {"summary_metrics": sums_of(rows, wanted), "daily_metrics": rows}
    return json_response(200, answer)


def top_pins(call: SignedCall) -> Response:
    """`GET /user_account/analytics/top_pins`."""
    return _top(call, _own_pins(call), metrics=METRICS, sorts=_SORTS)


def top_video_pins(call: SignedCall) -> Response:
    """`GET /user_account/analytics/top_video_pins`."""
    videos = [pin for pin in _own_pins(call) if pin.creative_type(call.now) == "VIDEO"]
    return _top(call, videos, metrics=_TOP_VIDEO_METRICS, sorts=_TOP_VIDEO_METRICS)


def pin_figures(call: SignedCall) -> Response:
    """`GET /pins/{id}/analytics`: counts of ever in `lifetime_metrics`, others in the summary."""
    check_acting_account(call)
    pin = call.records.pins.get(call.path["pin_id"])
    if pin is None:
        raise errors.pin_not_found()
    if pin.account_id != call.account.id:
        raise errors.not_permitted()
    groups, days = read_groups(call, PIN_SPLITS), _span(call)
    is_video = pin.creative_type(call.now) == "VIDEO"
    wanted = _wanted(call, (*_PIN_METRICS, *(_VIDEO_METRICS if is_video else ())), required=True)
    return json_response(200, _figures_of(call, pin, groups, days, wanted))


def figures_of_pins(call: SignedCall) -> Response:
    """`GET /pins/analytics` (beta): the same for up to 100 Pins; those that are not one's own
    are left out."""
    check_acting_account(call)
    ids = [value for name, value in call.request.parameters() if name == "pin_ids"]
    if not 1 <= len(ids) <= _PINS_AT_ONCE:
        raise errors.invalid(f"'pin_ids' must have from 1 to {_PINS_AT_ONCE} items")
    groups, days = read_groups(call, ("NO_SPLIT",)), _span(call)
    wanted = _wanted(call, (*_PIN_METRICS, *_VIDEO_METRICS), required=True)
    known = (call.records.pins.get(pin_id) for pin_id in ids)
    own = [pin for pin in known if pin is not None and pin.account_id == call.account.id]
    return json_response(200, {pin.id: _figures_of(call, pin, groups, days, wanted) for pin in own})


def _figures_of(
    call: SignedCall, pin: Pin, groups: Sequence[Group], days: Sequence[date], names: Sequence[str]
) -> Json:
    wanted = [name for name in names if name not in _LIFETIME]
    _, ever = listed_counts(call, pin)
    lifetime = dict(zip(_LIFETIME, responses(ever), strict=True))
    answer: Json = {}
    for group in groups:
        counted = Counted(seed=pin.id, since=pin.created_at, share=group.share)
        rows = [day_row(call, day, wanted, counted) for day in days]
        for row in rows:
            if row["data_status"] == "BEFORE_BUSINESS_CREATED":
                row["data_status"] = "BEFORE_PIN_CREATED"
        answer[group.key] = {
            "summary_metrics": sums_of(rows, wanted),
            "daily_metrics": rows,
            "lifetime_metrics": lifetime,
        }
    return answer


def _own_pins(call: SignedCall) -> list[Pin]:
    return [pin for pin in call.records.pins.values() if pin.account_id == call.account.id]


def _top(
    call: SignedCall, pins: Iterable[Pin], *, metrics: Sequence[str], sorts: Sequence[str]
) -> Response:
    check_acting_account(call)
    (group,) = read_groups(call, ("NO_SPLIT",))
    days = _span(call)
    wanted = _wanted(call, metrics, required=False)
    sort_by = call.request.parameter("sort_by")
    if sort_by is None or sort_by not in sorts:
        raise errors.invalid_parameter("sort_by", sort_by or "", sorts)
    count = read_number(call, "num_of_pins", default=10, most=50)
    if check_choice(call, "created_in_last_n_days", ("30",)):
        newest = call.now - timedelta(days=30)
        pins = [pin for pin in pins if pin.created_at >= newest]
    found = [(_pin_sums(call, pin, days, metrics, group), pin) for pin in pins]
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


def _pin_sums(
    call: SignedCall, pin: Pin, days: Sequence[date], wanted: Sequence[str], group: Group
) -> Json:
    counted = Counted(seed=pin.id, since=pin.created_at, share=group.share)
    return sums_of([day_row(call, day, wanted, counted) for day in days], wanted)


def _span(call: SignedCall) -> list[date]:
    """The days asked for. Refuses what Pinterest has forgotten, and what is no span."""
    start, end = (read_day(call, name) for name in ("start_date", "end_date"))
    today = call.now.astimezone(UTC).date()
    if start < today - timedelta(days=LONGEST_DAYS):
        raise errors.invalid("You can only get data from the last 90 days")
    if end < start:
        raise errors.invalid("'end_date' must not be before 'start_date'")
    if end > start + timedelta(days=LONGEST_DAYS):
        raise errors.invalid("The dates must not be more than 90 days apart")
    last = min(end, today)
    return [start + timedelta(days=number) for number in range((last - start).days + 1)]


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


def _int(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 0
