"""The rules of publishing: texts, times, and what follows from an outcome. Pure; `now` is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pinterest.errors import PinterestError, RefusalReason, Refused, Trouble, Unavailable

TITLE_LIMIT = 100
DESCRIPTION_LIMIT = 800
LINK_LIMIT = 2048
ALT_TEXT_LIMIT = 500
"""Lengths in characters, as `POST /pins` takes them (official description 5.23)."""

CLAIM_LEASE = timedelta(seconds=60)
"""How long a claimed Pin may wait for a worker before the claim is given back."""

SENDING_LEASE = timedelta(seconds=180)
"""How long a request to Pinterest can take at the very most, the token's renewal included."""

LOOK_LEASE = timedelta(seconds=120)
"""How long listing a board can take before another worker may look in its place."""

PAST_GRACE = timedelta(seconds=60)
"""A time in the running minute counts as now: clocks on pages have no seconds."""

GIVE_UP_AFTER = timedelta(hours=24)
"""How long after its time a Pin that could not be sent is tried again; then a person is asked."""

SHORTEST_WAIT = timedelta(seconds=5)
"""Waited before another try even where Pinterest says that no time is left to wait."""

LATEST_AHEAD = timedelta(days=3650)
"""How far ahead a Pin may be planned: beyond it are slips of the keyboard (the year 20226)."""

IMAGE_FETCH_TRIES = 3
"""Pinterest's "could not fetch the image" is sometimes transient (seen in production)."""


class PinStatus(StrEnum):
    """Where a Pin is on its way."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    CLAIMED = "claimed"
    SENDING = "sending"
    PUBLISHED = "published"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    HELD = "held"


APP_LEVEL = frozenset(
    {
        RefusalReason.TRIAL_ACCESS,
        RefusalReason.APP_NOT_APPROVED,
        RefusalReason.APP_CREDENTIALS_WRONG,
    }
)
"""Refusals of this server's app: nothing is wrong with the Pin, and publishing stops as a whole."""

TRANSITIONS: dict[PinStatus, frozenset[PinStatus]] = {
    PinStatus.DRAFT: frozenset({PinStatus.SCHEDULED}),
    PinStatus.SCHEDULED: frozenset({PinStatus.DRAFT, PinStatus.CLAIMED, PinStatus.HELD}),
    PinStatus.CLAIMED: frozenset(
        {PinStatus.SCHEDULED, PinStatus.SENDING, PinStatus.HELD, PinStatus.FAILED}
    ),
    PinStatus.SENDING: frozenset(
        {
            PinStatus.PUBLISHED,
            PinStatus.FAILED,
            PinStatus.UNCERTAIN,
            PinStatus.SCHEDULED,
            PinStatus.HELD,
        }
    ),
    PinStatus.UNCERTAIN: frozenset({PinStatus.PUBLISHED, PinStatus.SCHEDULED, PinStatus.DRAFT}),
    PinStatus.FAILED: frozenset({PinStatus.DRAFT, PinStatus.SCHEDULED}),
    PinStatus.HELD: frozenset({PinStatus.DRAFT, PinStatus.SCHEDULED}),
    PinStatus.PUBLISHED: frozenset(),
}
"""Where a Pin may go from each status. The database refuses every other change (see guards)."""

EDITABLE = frozenset({PinStatus.DRAFT, PinStatus.SCHEDULED, PinStatus.FAILED, PinStatus.HELD})
MOVING = frozenset({PinStatus.CLAIMED, PinStatus.SENDING})


class LinkRejected(ValueError):
    """The link can't be a Pin's destination; the text says what to do."""


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


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a Pin after an attempt: its status, and when to look at it again."""

    status: PinStatus
    due_at: datetime | None = None


def resolve_local_time(wall: datetime, *, zone: str) -> ResolvedTime:
    """The UTC instant of a wall-clock time in an IANA zone.

    In the hour that occurs twice the first occurrence is meant. Raises MissingHour in the hour
    that the zone skips.
    """
    place = ZoneInfo(zone)
    first = wall.replace(tzinfo=place, fold=0)
    second = wall.replace(tzinfo=place, fold=1)
    instant = first.astimezone(UTC)
    back = instant.astimezone(place).replace(tzinfo=None)
    if back != wall:
        raise MissingHour(wall=wall, zone=zone, next_valid=back)
    return ResolvedTime(instant=instant, doubled=first.utcoffset() != second.utcoffset())


def is_past(instant: datetime, *, now: datetime) -> bool:
    """Whether a chosen time has gone by."""
    return instant < now - PAST_GRACE


def is_too_far_ahead(instant: datetime, *, now: datetime) -> bool:
    """Whether a chosen time is so far away that it can only be a slip."""
    return instant > now + LATEST_AHEAD


def check_link(link: str) -> None:
    """Raise LinkRejected unless `link` is an absolute http or https address of a public name."""
    if not link.lower().startswith(("http://", "https://")):
        raise LinkRejected(
            "Start the link with https:// (or http://), such as https://example.com/page."
        )
    if not _names_a_place(link):
        raise LinkRejected(
            "This is not a complete web address. Copy it from the browser's address bar."
        )
    if "@" in urlsplit(link).netloc:
        raise LinkRejected("Leave the user name and password out of the link.")


def _names_a_place(link: str) -> bool:
    """Whether a link has a host of several labels, a possible port, and nothing invisible."""
    # `urlsplit` drops line breaks and tabs in silence; Pinterest and browsers may not.
    if any(char.isspace() or not char.isprintable() for char in link):
        return False
    try:
        parts = urlsplit(link)
        labels, _ = (parts.hostname or "").removesuffix(".").split("."), parts.port
    except ValueError:
        return False
    return len(labels) > 1 and all(labels) and "[" not in parts.netloc


def retry_delay(tries: int) -> timedelta:
    """How long to wait after `tries` sends that never reached Pinterest: 15 s up to 15 minutes."""
    return timedelta(seconds=min(15 * 2 ** max(tries - 1, 0), 900))


def judge_failure(
    error: PinterestError, *, tries: int, scheduled_at: datetime, now: datetime
) -> Verdict:
    """What follows from a failed attempt, the `tries`-th of this Pin.

    Only what proves that no Pin was made may be sent again: a request that never reached
    Pinterest, a rate limit, an image that Pinterest could not fetch.
    """
    if isinstance(error, Unavailable):
        until = now if error.reason is Trouble.RATE_LIMITED else scheduled_at
        return _try_again(error.retry_after, tries=tries, scheduled_at=until, now=now)
    if isinstance(error, Refused):
        if error.reason is RefusalReason.IMAGE_UNREACHABLE and tries < IMAGE_FETCH_TRIES:
            return Verdict(PinStatus.SCHEDULED, due_at=now + timedelta(minutes=5 * tries))
        if error.reason in APP_LEVEL:
            return Verdict(PinStatus.SCHEDULED, due_at=scheduled_at)
        return Verdict(PinStatus.FAILED)
    return Verdict(PinStatus.UNCERTAIN)


def _try_again(
    retry_after: float | None, *, tries: int, scheduled_at: datetime, now: datetime
) -> Verdict:
    wait = retry_delay(tries)
    if retry_after is not None:
        # Held below a limit, for no date is as far away as a garbled answer can name.
        wait = max(timedelta(seconds=min(retry_after, 10_000_000)), SHORTEST_WAIT)
    if now + wait > scheduled_at + GIVE_UP_AFTER:
        return Verdict(PinStatus.FAILED)
    return Verdict(PinStatus.SCHEDULED, due_at=now + wait)
