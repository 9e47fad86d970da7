"""What follows from an attempt that failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pinterest.errors import PinterestError, RefusalReason, Refused, Trouble, Unavailable
from publishing.choices.statuses import PinStatus

GIVE_UP_AFTER = timedelta(hours=24)
"""How long a Pin that could not be sent is tried again; then a person is asked."""

SHORTEST_WAIT = timedelta(seconds=5)
"""Waited before another try even where Pinterest says that no time is left to wait."""

FETCH_TRIES = 3
"""Pinterest's "could not fetch the image" and "unable to reach the URL" are sometimes transient
(seen in production)."""

UNREACHED = frozenset({RefusalReason.IMAGE_UNREACHABLE, RefusalReason.URL_UNREACHABLE})
"""Refusals because Pinterest could not get at something on the web just then."""

APP_LEVEL = frozenset(
    {
        RefusalReason.TRIAL_ACCESS,
        RefusalReason.APP_NOT_APPROVED,
        RefusalReason.APP_CREDENTIALS_WRONG,
    }
)
"""Refusals of this server's app: nothing is wrong with the Pin, and publishing stops as a whole."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a Pin after an attempt: its status, and when to look at it again."""

    status: PinStatus
    due_at: datetime | None = None


def retry_delay(tries: int) -> timedelta:
    """How long to wait after `tries` sends that never reached Pinterest: 15 s up to 15 minutes."""
    return timedelta(seconds=min(15 * 2 ** max(tries - 1, 0), 900))


def judge_failure(
    error: PinterestError, *, tries: int, tried_since: datetime, now: datetime
) -> Verdict:
    """What follows from a failed attempt, the `tries`-th of this Pin to end so.

    Only what proves that no Pin was made may be sent again: a request that never reached
    Pinterest, a rate limit, an image or a page that Pinterest could not fetch.
    """
    if isinstance(error, Unavailable):
        since = now if error.reason is Trouble.RATE_LIMITED else tried_since
        return _try_again(error.retry_after, tries=tries, since=since, now=now)
    if isinstance(error, Refused):
        if error.reason in UNREACHED and tries < FETCH_TRIES:
            return Verdict(PinStatus.SCHEDULED, due_at=now + timedelta(minutes=5 * tries))
        if error.reason is RefusalReason.MEDIA_GONE and tries < FETCH_TRIES:
            return Verdict(PinStatus.SCHEDULED, due_at=now)  # its video is uploaded anew
        if error.reason in APP_LEVEL:
            return Verdict(PinStatus.SCHEDULED, due_at=now)
        return Verdict(PinStatus.FAILED)
    return Verdict(PinStatus.UNCERTAIN)


def _try_again(retry_after: float | None, *, tries: int, since: datetime, now: datetime) -> Verdict:
    wait = retry_delay(tries)
    if retry_after is not None:
        # Held below a limit, for no date is as far away as a garbled answer can name.
        wait = max(timedelta(seconds=min(retry_after, 10_000_000)), SHORTEST_WAIT)
    if now + wait > since + GIVE_UP_AFTER:
        return Verdict(PinStatus.FAILED)
    return Verdict(PinStatus.SCHEDULED, due_at=now + wait)
