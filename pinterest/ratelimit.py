"""What an answer says about Pinterest's rate limits."""

import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

from pinterest.answers import RawAnswer

# The edge is Envoy, whose values can read "100, 100;w=60": the leading integer counts.
_LEADING_INTEGER: Final = re.compile(r"\s*(\d{1,9})(?!\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The state of one limit: calls per window, calls left, seconds until the window ends.

    `category` is Pinterest's bucket of the call that was answered, such as `org_write`.
    """

    limit: int
    remaining: int
    reset_after_s: int | None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered call as reported to an `on_answer` hook: facts only, no content.

    `retry_after_s` is what a refusal asks us to wait; None when it does not say.
    """

    operation: str
    category: str
    status: int
    rid: str | None
    rate_limit: RateLimit | None
    duration_s: float
    retry_after_s: float | None = None


def parse_rate_limit(answer: RawAnswer, *, category: str | None = None) -> RateLimit | None:
    """Read the `x-ratelimit-*` headers; None when they are absent or garbled."""
    limit = _leading_integer(answer.header("x-ratelimit-limit"))
    remaining = _leading_integer(answer.header("x-ratelimit-remaining"))
    if limit is None or remaining is None:
        return None
    reset_after_s = _leading_integer(answer.header("x-ratelimit-reset"))
    return RateLimit(limit, remaining, reset_after_s, category)


def parse_retry_after(answer: RawAnswer) -> float | None:
    """Return the seconds to wait, or None when the answer does not say.

    `Retry-After` first, although Pinterest does not document it; then `x-ratelimit-reset`, which
    is seconds to go and not a time (a daily limit was seen saying 67150).
    """
    asked = _retry_after_header(answer)
    if asked is not None:
        return asked
    reset = _leading_integer(answer.header("x-ratelimit-reset"))
    return None if reset is None else float(reset)


def _retry_after_header(answer: RawAnswer) -> float | None:
    """Read `Retry-After` as seconds or as a date, the latter against the answer's own clock."""
    text = answer.header("retry-after")
    seconds = _leading_integer(text)
    if seconds is not None or text is None:
        return None if seconds is None else float(seconds)
    try:
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(answer.header("date") or "")
    except (ValueError, TypeError):
        return None
    return max(0.0, wait.total_seconds())


def _leading_integer(text: str | None) -> int | None:
    match = _LEADING_INTEGER.match(text or "")
    return int(match.group(1)) if match else None
