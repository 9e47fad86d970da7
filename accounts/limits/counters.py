"""Pinterest's rate limits, kept for all processes together in the cache's Valkey or Redis.

Nothing here waits: who gets no grant comes back later. Nothing here raises for a cache that is
away either: then nothing is granted, for a Pin that goes out late can be mended and an account
that Pinterest blocks can't.
"""

from __future__ import annotations

import logging
import math
import random
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from types import TracebackType
from typing import Any, Final, Self, TypeVar

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from accounts.limits import policy, scripts
from accounts.models import RowId
from pinterest.ratelimit import Answer

logger = logging.getLogger(__name__)
T = TypeVar("T")

_CACHE_TIMEOUT_S: Final = 2.0
# A creating call may take a minute, and its answer another to read.
_LONGEST_CALL_MS: Final = 150_000
_OF_DJANGO: Final = {"serializer", "pool_class", "parser_class"}


class WaitReason(StrEnum):
    """Why a call has to wait."""

    LIMIT = "limit"
    BOARD_BUSY = "board_busy"
    CACHE_AWAY = "cache_away"


@dataclass(frozen=True, slots=True)
class Granted:
    """One call may be made now; it has been counted."""

    category: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing may be sent now and nothing was counted; ask again in so many seconds."""

    seconds: float
    reason: WaitReason = WaitReason.LIMIT


@dataclass(frozen=True, slots=True)
class BoardTurn:
    """The right to write to one board, until it is released or its time is over."""

    key: str
    holder: str = field(repr=False)

    def release(self) -> bool:
        """End the turn; False when it was over already, and perhaps is somebody else's now."""
        return _ask(lambda: bool(_script(scripts.RELEASE)([self.key], [self.holder])), away=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def take(*, account_id: str, category: str, now: datetime | None = None) -> Granted | Wait:
    """Count one call of `category` (`org_write` and the like) if every limit has room for it.

    `account_id` is Pinterest's: two workspaces with one account share its limits, as Pinterest
    counts by user and app. At once and atomically for the account's second, its minute in the
    category and, on Trial access, the app's day. `now` is the cache server's own time unless given.
    """
    keys, words = _taking(account_id, category, now)
    wait_ms = _ask(lambda: int(_script(scripts.TAKE)(keys, words)), away=None)
    if wait_ms is None:
        return _wait_for_cache()
    return Wait(wait_ms / 1000) if wait_ms else Granted(category)


def room_at(*, account_id: str, category: str, now: datetime) -> datetime | None:
    """When one more call of `category` may be made at the earliest; None where that is now.

    A look that counts nothing. None as well while the cache is away: nobody can tell then.
    """
    limits = [policy.EVERY_SECOND.calls, policy.limit_of(category).calls]
    keys = [_second(account_id), *_minute(account_id, category), *_days(category)]
    wait_ms = _ask(lambda: int(_script(scripts.WAIT)(keys, [_ms(None), *limits])), away=None)
    return now + timedelta(milliseconds=wait_ms) if wait_ms else None


def learn(account_id: str, answer: Answer, *, now: datetime | None = None) -> None:
    """Take over what Pinterest's answer says about the limits of this account and its app."""
    lesson = policy.read_lesson(answer)
    keys = [*_minute(account_id, answer.category), *_days(answer.category)]
    keys += [key for category in policy.EVERY_MINUTE for key in _days(category)[:2]]
    # Rounded up, a call would have been sent before it was granted, and count as a later one.
    words = [_ms(now), math.floor(answer.duration_s * 1000), *_words(lesson, answer.category)]
    _ask(lambda: _script(scripts.LEARN)(keys, words), away=None)
    if lesson.refused:
        logger.warning(
            "rate_limited account=%s category=%s daily=%s pause_s=%s",
            account_id,
            answer.category,
            lesson.daily,
            "not said" if lesson.pause_s is None else lesson.pause_s,
        )


def free_capacity(
    account_ids: Iterable[str], category: str, *, now: datetime | None = None
) -> dict[str, int]:
    """How many calls each account could make now; their sum is within the app's day.

    A look, not a promise: `take` decides. All zero while the cache is away.
    """
    ids = list(dict.fromkeys(account_ids))
    limits = [policy.EVERY_SECOND.calls, policy.limit_of(category).calls]
    keys = [_days(category)[1], _days(category)[3]]
    for each in ids:
        keys += _of_account(settings.PINTEREST_APP_ID, each, category)
    found = _ask(lambda: _peek(keys, [_ms(now), *limits]), away=None)
    if found is None:
        return dict.fromkeys(ids, 0)
    of_app, *free = found
    if of_app < 0:
        return dict(zip(ids, free, strict=True))
    return policy.share(of_app, dict(zip(ids, free, strict=True)))


def day_left(category: str, *, now: datetime | None = None) -> int | None:
    """How many calls the app's day still has; None where no limit of a day is known."""
    keys = [_days(category)[1], _days(category)[3]]
    limits = [policy.EVERY_SECOND.calls, policy.limit_of(category).calls]
    found = _ask(lambda: _peek(keys, [_ms(now), *limits]), away=None)
    return None if found is None or found[0] < 0 else int(found[0])


def board_turn(*, connection_id: RowId, board_id: str, seconds: float) -> BoardTurn | Wait:
    """Get the turn to write to a board (`board_id` is Pinterest's) for at most `seconds`.

    A board that several connections write to has one turn for all of them. A dead worker's turn
    ends by itself, so `seconds` must outlast the longest call made in it.
    """
    turn = _turn(connection_id, board_id)
    key = turn.key
    length_ms = round(seconds * 1000)
    won = _ask(lambda: bool(_client().set(key, turn.holder, nx=True, px=length_ms)), away=None)
    if won:
        return turn
    left_ms = None if won is None else _ask(lambda: int(_client().pttl(key)), away=None)
    if left_ms is None:
        return _wait_for_cache()
    return Wait(max(left_ms, 1) / 1000, WaitReason.BOARD_BUSY)


def take_in_turn(
    *, account_id: str, category: str, connection_id: RowId, board_id: str, seconds: float
) -> BoardTurn | Wait:
    """Both at once: room for one call, as `take` counts it, and the turn, as `board_turn` gives it.

    Neither is had without the other.
    """
    turn = _turn(connection_id, board_id)
    keys, words = _taking(account_id, category, None)
    keys, words = [*keys, turn.key], [*words, turn.holder, round(seconds * 1000)]
    wait_ms = _ask(lambda: int(_script(scripts.TAKE_IN_TURN)(keys, words)), away=None)
    if wait_ms is None:
        return _wait_for_cache()
    if wait_ms < 0:
        return Wait(-wait_ms / 1000, WaitReason.BOARD_BUSY)
    return Wait(wait_ms / 1000) if wait_ms else turn


def _taking(account_id: str, category: str, now: datetime | None) -> tuple[list[str], list[Any]]:
    """Keys and words of the script that counts one call."""
    limits = [policy.EVERY_SECOND.calls, policy.limit_of(category).calls, _LONGEST_CALL_MS]
    keys = [_second(account_id), *_minute(account_id, category), *_days(category)]
    return keys, [_ms(now), *limits]


def _turn(connection_id: RowId, board_id: str) -> BoardTurn:
    key = _key("board", board_id)
    return BoardTurn(key=key, holder=f"{connection_id}:{secrets.token_hex(16)}")


def _words(lesson: policy.Lesson, category: str) -> list[float]:
    """A lesson as the script reads it."""
    return [
        *map(int, (lesson.refused, lesson.recovers, lesson.daily, lesson.whole_app)),
        -1 if lesson.limit is None else lesson.limit,
        -1 if lesson.remaining is None else lesson.remaining,
        -1 if lesson.reset_s is None else lesson.reset_s * 1000,
        -1 if lesson.pause_s is None else round(lesson.pause_s * 1000),
        policy.limit_of(category).calls,
        policy.FIRST_BACKOFF_S * 1000,
        policy.LONGEST_BACKOFF_S * 1000,
        random.random(),  # noqa: S311  # spreads retries, guards nothing
    ]


def _key(*parts: object) -> str:
    """A key of this app's; the braces keep them all on one node of a cluster."""
    return ":".join(map(str, (f"limits:{{{settings.PINTEREST_APP_ID}}}", *parts)))


def _peek(keys: Sequence[str], words: Sequence[Any]) -> list[int]:
    return [int(float(each)) for each in _script(scripts.PEEK)(keys, words).split()]


@lru_cache(10_000)
def _of_account(_app_id: str, account_id: str, category: str) -> tuple[str, ...]:
    """An account's keys, made once: they are asked for twice a second."""
    return (_second(account_id), *_minute(account_id, category))


def _second(account_id: str) -> str:
    return _key(account_id, "second")


def _minute(account_id: str, category: str) -> Sequence[str]:
    return [_key(account_id, category), _key(account_id, category, "said")]


def _days(category: str) -> Sequence[str]:
    names = (("day", category), ("day",))
    return [_key(*name, *part) for name in names for part in ((), ("said",))]


def _ms(now: datetime | None) -> int | str:
    return "" if now is None else round(now.timestamp() * 1000)


def _wait_for_cache() -> Wait:
    return Wait(policy.UNREACHABLE_PAUSE_S, WaitReason.CACHE_AWAY)


def _ask(question: Callable[[], T], *, away: T) -> T:
    """Ask the cache; its answer is `away` when it has none."""
    try:
        return question()
    except redis.RedisError as error:
        logger.warning("rate_limits_unreachable error=%s", type(error).__name__)
        return away


def _script(text: str) -> Callable[[Sequence[str], Sequence[Any]], Any]:
    return _registered(_client(), text)


def _client() -> redis.Redis:
    place = settings.CACHES["default"]
    location = place["LOCATION"]
    first = location if isinstance(location, str) else location[0]
    options = {k: v for k, v in place.get("OPTIONS", {}).items() if k not in _OF_DJANGO}
    return _open(first.partition(",")[0], tuple(sorted(options.items())))


@cache
def _open(location: str, options: tuple[tuple[str, Any], ...]) -> redis.Redis:
    """A client for the place of Django's cache, but not Django's own.

    That one waits for ever for a server that hangs, and can only be had from a private attribute.
    """
    return redis.Redis.from_url(
        location,
        **{
            "socket_timeout": _CACHE_TIMEOUT_S,
            "socket_connect_timeout": _CACHE_TIMEOUT_S,
            "retry": Retry(NoBackoff(), 0),
            **dict(options),
        },
    )


@cache
def _registered(client: redis.Redis, text: str) -> Callable[[Sequence[str], Sequence[Any]], Any]:
    """A script to run by its checksum (EVALSHA); the server is told its text when it asks."""
    return client.register_script(text)
