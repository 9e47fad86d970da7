"""One day of figures, and the sums of days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from sandbox.call import SignedCall
from sandbox.traffic import COUNTS, counts_of_day

Json = dict[str, object]
_RATES: Final = {
    "ENGAGEMENT_RATE": "ENGAGEMENT",
    "SAVE_RATE": "SAVE",
    "PIN_CLICK_RATE": "PIN_CLICK",
    "OUTBOUND_CLICK_RATE": "OUTBOUND_CLICK",
}
_STARTS: Final = "VIDEO_START"
_WATCHED: Final = "VIDEO_V50_WATCH_TIME"
_WATCHED_EACH: Final = "VIDEO_AVG_WATCH_TIME"
_WATCH_MS: Final = 4200
_VIDEO_COUNTS: Final = {
    _STARTS: 0.6,
    "VIDEO_MRC_VIEW": 0.35,
    "VIDEO_10S_VIEW": 0.2,
    "QUARTILE_95_PERCENT_VIEW": 0.08,
}


@dataclass(frozen=True, slots=True)
class Counted:
    """Whose figures: the seed of their chance, from when on there are any, and which part."""

    seed: str
    since: datetime | None
    share: float


def day_row(call: SignedCall, day: date, wanted: Iterable[str], counted: Counted) -> Json:
    """One day of `daily_metrics`: its status, and the metrics that are known by now."""
    status = _status(call, day, counted.since)
    if status not in ("READY", "ESTIMATE"):
        metrics: Json = {}
    else:
        counts = counts_of_day(call, day, counted.seed, share=counted.share)
        rates = {name: _rate(counts[part], counts["IMPRESSION"]) for name, part in _RATES.items()}
        every = {**counts, **rates, **_video_figures(counts)}
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


def sums_of(rows: Sequence[Json], wanted: Iterable[str]) -> Json:
    """`summary_metrics` of the rows."""
    sums: dict[str, float] = {}
    for row in rows:
        metrics = row["metrics"]
        assert isinstance(metrics, dict)  # noqa: S101 - made above
        for name in (*COUNTS, *_VIDEO_COUNTS, _WATCHED):
            sums[name] = sums.get(name, 0) + _int(metrics.get(name))
    rates = {
        name: _rate(sums.get(part, 0), sums.get("IMPRESSION", 0)) for name, part in _RATES.items()
    }
    every = {**sums, **rates, _WATCHED_EACH: _rate(sums.get(_WATCHED, 0), sums.get(_STARTS, 0))}
    return {name: every.get(name, 0) for name in wanted}


def _video_figures(counts: Mapping[str, int]) -> dict[str, float]:
    """What a video's impressions come to; times are in milliseconds."""
    seen = {name: int(counts["IMPRESSION"] * part) for name, part in _VIDEO_COUNTS.items()}
    watched = seen[_STARTS] * _WATCH_MS
    return {**seen, _WATCHED: watched, _WATCHED_EACH: _rate(watched, seen[_STARTS])}


def _rate(part: float, whole: float) -> float:
    return part / whole if whole else 0


def _int(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 0
