"""Wall clocks, instants, and which of them a Pin may be planned for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

PAST_GRACE = timedelta(seconds=60)
"""A time in the running minute counts as now: clocks on pages have no seconds."""

LATEST_AHEAD = timedelta(days=3650)
"""How far ahead a Pin may be planned: beyond it are slips of the keyboard (the year 20226)."""

_SPANS = [
    ("year", 365 * 86400),
    ("month", 30.4 * 86400),
    ("day", 86400),
    ("hour", 3600),
    ("minute", 60),
]


class MissingHour(ValueError):
    """A wall-clock time that the zone skips when its clocks go forward."""

    def __init__(self, *, wall: datetime, zone: str, next_valid: datetime) -> None:
        self.next_valid = next_valid
        # Some zones skip the last hour of a day, and Samoa once skipped a whole one.
        day = "" if next_valid.date() == wall.date() else f" on {next_valid:%-d %B %Y}"
        super().__init__(
            f"{wall:%H:%M} does not exist on {wall:%-d %B %Y} in {zone}: the clocks go forward "
            f"then. Choose {next_valid:%H:%M}{day} or another time."
        )


@dataclass(frozen=True, slots=True)
class ResolvedTime:
    """An instant found for a wall-clock time; `doubled` when the clock shows it twice."""

    instant: datetime
    doubled: bool


def resolve_local_time(wall: datetime, *, zone: str, second: bool = False) -> ResolvedTime:
    """The UTC instant of a wall-clock time in an IANA zone.

    In the hour that occurs twice the first occurrence is meant, or the `second`. Raises
    MissingHour in the hour that the zone skips.
    """
    place = ZoneInfo(zone)
    first = wall.replace(tzinfo=place, fold=0)
    again = wall.replace(tzinfo=place, fold=1)
    instant = first.astimezone(UTC)
    back = instant.astimezone(place).replace(tzinfo=None)
    if back != wall:
        raise MissingHour(wall=wall, zone=zone, next_valid=back)
    doubled = first.utcoffset() != again.utcoffset()
    return ResolvedTime(
        instant=again.astimezone(UTC) if doubled and second else instant, doubled=doubled
    )


def first_time_after_gap(wall: datetime, *, zone: str) -> datetime:
    """The instant at which the clocks jump over `wall`, a time that the zone skips."""
    place = ZoneInfo(zone)
    # Read with the offset of after the jump it lies before it, and the other way round.
    before = wall.replace(tzinfo=place, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=place, fold=0).astimezone(UTC)
    old_offset = before.astimezone(place).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(place).utcoffset() == old_offset:
            before = middle
        else:
            after = middle
    return after


def second_of(wall: datetime, *, zone: str) -> datetime:
    """The second of the two instants in which the clock shows a time of a doubled hour."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC)


def is_past(instant: datetime, *, now: datetime) -> bool:
    """Whether a chosen time has gone by."""
    return instant < now - PAST_GRACE


def is_too_far_ahead(instant: datetime, *, now: datetime) -> bool:
    """Whether a chosen time is so far away that it can only be a slip."""
    return instant > now + LATEST_AHEAD


def distance_text(at: datetime, *, now: datetime) -> str:
    """How far away an instant is, as people say it: "in 4 months", "in 20 minutes", "now"."""
    seconds = (at - now).total_seconds()
    for name, length in _SPANS:
        if seconds >= length:
            count = int(seconds // length)
            return f"in {count} {name}{'' if count == 1 else 's'}"
    return "now"
