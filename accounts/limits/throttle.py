"""Holds calls to Pinterest back while a rate limit says so, before anything is sent."""

from __future__ import annotations

import time
from typing import Final

from accounts.limits import counters
from accounts.limits.counters import Granted, Wait, WaitReason
from accounts.limits.policy import SHORT_WAIT_S
from pinterest.errors import Trouble, Unavailable
from pinterest.operations import Operation
from pinterest.ratelimit import Answer

_WORDS: Final = {
    WaitReason.LIMIT: (
        "This account has made as many calls as Pinterest allows for now.",
        "Nothing was sent. Wait for the limit to reset, then try again.",
    ),
    WaitReason.CACHE_AWAY: (
        "PinApp can't look up Pinterest's rate limits right now.",
        "Nothing was sent. Try again in a moment; if it stays, check the server of CACHE_URL.",
    ),
}


class Pace:
    """The pace of one account, known by Pinterest's id, as the two hooks of a client.

    `granted` is a call that the caller has taken already: the first call of its category is
    that one, and is not counted again.
    """

    def __init__(self, account_id: str, *, granted: Granted | None = None) -> None:
        self._account_id = account_id
        self._granted = granted

    def before_call(self, operation: Operation) -> None:
        """Count the call. Raises Unavailable, with `retry_after`, when it must wait."""
        if self._granted and self._granted.category == operation.category:
            self._granted = None
            return
        outcome = self._take(operation)
        if isinstance(outcome, Wait) and operation.method == "GET" and _is_short(outcome):
            time.sleep(outcome.seconds)
            outcome = self._take(operation)
        if isinstance(outcome, Wait):
            raise _held_back(outcome)

    def on_answer(self, answer: Answer) -> None:
        """Take over what Pinterest says about the limits."""
        counters.learn(self._account_id, answer)

    def _take(self, operation: Operation) -> Granted | Wait:
        return counters.take(account_id=self._account_id, category=operation.category)


def _is_short(wait: Wait) -> bool:
    return wait.reason is WaitReason.LIMIT and wait.seconds <= SHORT_WAIT_S


def _held_back(wait: Wait) -> Unavailable:
    message, remedy = _WORDS[wait.reason]
    return Unavailable(
        message, remedy=remedy, reason=Trouble.RATE_LIMITED, retry_after=wait.seconds
    )
