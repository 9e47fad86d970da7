"""The rules of pacing: Pinterest's limits by name, and what an answer teaches about them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pinterest.ratelimit import Answer, RateLimit

DAY_S: Final = 86_400
MINUTE_S: Final = 60

LONGEST_PAUSE_S: Final = DAY_S + 3_600
"""No limit of Pinterest's lasts longer than a day; a header that names more is garbled."""

SHORTEST_PAUSE_S: Final = 1
"""Resets are whole seconds, so zero means some time within the next one."""

FIRST_BACKOFF_S: Final = 15.0
LONGEST_BACKOFF_S: Final = 900.0
"""A 429 that names no time: 15 s doubling up to 15 minutes, half of each left to chance."""

UNREACHABLE_PAUSE_S: Final = 5.0
"""While the cache is away nothing is sent; it is asked again this much later."""

SHORT_WAIT_S: Final = 1.0
"""A page's reading call waits this long for its turn rather than show an error."""

_LONGEST_MINUTE_RESET_S: Final = MINUTE_S + 5
_CERTAINLY_DAILY_S: Final = 3_600


@dataclass(frozen=True, slots=True)
class Limit:
    """So many calls in so many seconds, and the policy in a sentence."""

    calls: int
    window_s: int
    policy: str


EVERY_SECOND: Final = Limit(100, 1, "100 calls a second for each account, of all categories.")
TRIAL_DAY: Final = Limit(1_000, DAY_S, "1,000 calls a day for a whole app on Trial access.")
UNKNOWN_CATEGORY: Final = Limit(
    60, MINUTE_S, "60 calls a minute where Pinterest publishes no figure: the lowest it uses."
)
EVERY_MINUTE: Final[Mapping[str, Limit]] = {
    "org_read": Limit(1_000, MINUTE_S, "1,000 readings a minute for each account."),
    "org_write": Limit(100, MINUTE_S, "100 Pins, boards and other writes a minute per account."),
    "org_analytics": Limit(60, MINUTE_S, "60 looks at figures a minute for each account."),
    "ads_read": Limit(1_000, MINUTE_S, "1,000 readings of ads a minute for each account."),
    "ads_write": Limit(400, MINUTE_S, "400 changes to ads a minute for each account."),
    "ads_analytics": Limit(300, MINUTE_S, "300 looks at ad figures a minute for each account."),
    "catalogs_read": Limit(100, MINUTE_S, "100 readings of catalogues a minute per account."),
    "catalogs_write": Limit(100, MINUTE_S, "100 changes to catalogues a minute per account."),
    "trends_read": Limit(60, MINUTE_S, "60 looks at trends a minute for each account."),
}
"""Standard access (Pinterest API v5, "Rate limits"). A category is shared by all calls in it."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one answer teaches. Times are seconds from the answer; None is "it did not say".

    `daily` says that it is about the whole app's day (Trial access), `whole_app` that it counts
    calls of every category. `recovers` says that the call got through, so that a series of
    refusals is over.
    """

    refused: bool
    recovers: bool
    daily: bool
    whole_app: bool
    limit: int | None
    remaining: int | None
    reset_s: int | None
    pause_s: float | None


def limit_of(category: str) -> Limit:
    """The limit a connection has in a category for as long as Pinterest names no other."""
    return EVERY_MINUTE.get(category, UNKNOWN_CATEGORY)


def read_lesson(answer: Answer) -> Lesson:
    """What an answer says about our limits.

    A refused token's headers are about nobody (401), so only its being an answer counts.
    """
    refused = answer.status == 429
    seen = None if answer.status == 401 else _believable(answer.rate_limit)
    reset_s = _within_a_day(seen.reset_after_s) if seen else None
    pause_s = _pause(answer, reset_s) if refused else None
    return Lesson(
        refused=refused,
        recovers=answer.status < 500 and not refused,
        daily=_is_daily(reset_s, pause_s),
        whole_app=seen is not None and seen.limit >= TRIAL_DAY.calls,
        limit=seen.limit if seen else None,
        remaining=min(seen.remaining, seen.limit) if seen else None,
        reset_s=reset_s,
        pause_s=pause_s,
    )


def share(total: int, wanted: Mapping[str, int]) -> dict[str, int]:
    """Deal `total` out in rounds of one each, nobody getting more than wanted.

    The smallest wishes come true first, so a long queue never delays a short one.
    """
    dealt: dict[str, int] = {}
    for place, (name, wish) in enumerate(sorted(wanted.items(), key=lambda item: item[1])):
        dealt[name] = min(wish, total // (len(wanted) - place))
        total -= dealt[name]
    return dealt


def _believable(seen: RateLimit | None) -> RateLimit | None:
    """The headers, unless they allow nothing at all: no limit is zero calls."""
    return seen if seen and seen.limit > 0 else None


def _pause(answer: Answer, reset_s: int | None) -> float | None:
    """The wait a refusal asks for: `Retry-After` if there is one, else the reset."""
    if answer.retry_after_s is None:
        return reset_s
    return min(max(answer.retry_after_s, SHORTEST_PAUSE_S), LONGEST_PAUSE_S)


def _within_a_day(reset_s: int | None) -> int | None:
    return None if reset_s is None else min(max(reset_s, SHORTEST_PAUSE_S), LONGEST_PAUSE_S)


def _is_daily(reset_s: int | None, pause_s: float | None) -> bool:
    """Whether a window of a day was spoken of: Trial access, by which a whole app shares it.

    A minute cannot end later than in a minute. A bare `Retry-After` may come from Pinterest's
    edge, so it must name hours to mean a day.
    """
    by_reset = reset_s is not None and reset_s > _LONGEST_MINUTE_RESET_S
    return by_reset or (pause_s is not None and pause_s >= _CERTAINLY_DAILY_S)
