"""Make one call: send it once, bound the wait, log it, and raise what it means if it failed."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError

from pinterest.answers import RawAnswer
from pinterest.classify import classify_answer, unknown_outcome
from pinterest.errors import PinterestError, Trouble
from pinterest.operations import Operation
from pinterest.ratelimit import Answer, parse_rate_limit, parse_retry_after
from pinterest.transport import classify_exception

logger: Final = logging.getLogger("pinterest")

# A page of 250 boards is about 0.3 MB; what is far beyond that is not an answer.
_BODY_LIMIT_BYTES: Final = 16 * 1024 * 1024
# The read timeout bounds each wait for bytes; so many of it bound them all, so that no trickle
# of bytes can hold a worker.
_PATIENCE: Final = 2

OnAnswer = Callable[[Answer], None]
Classify = Callable[[Operation, RawAnswer], PinterestError]


class StreamedBody(Protocol):
    """A body read while it is sent. Its length is known, so it is never sent in chunks."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[bytes]: ...

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Call:
    """One call ready to be sent. Everything that can hold a secret stays out of `repr`."""

    operation: Operation
    url: str
    auth: AuthBase = field(repr=False)
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | StreamedBody | None = field(default=None, repr=False)
    content_type: str | None = None


def perform(
    session: requests.Session,
    call: Call,
    *,
    on_answer: OnAnswer | None = None,
    classify: Classify = classify_answer,
) -> RawAnswer:
    """Send the call once and return its successful answer.

    `classify` makes the error out of an answer that is not a success.
    Raises Refused, Unavailable or Uncertain. The library's own exceptions never get out, not
    even as a cause: they carry the request with its credentials.
    """
    started = time.monotonic()
    answer, failure = _send(session, call)
    duration_s = time.monotonic() - started
    if answer is not None:
        _report(call.operation, answer, duration_s, on_answer)
        if not answer.is_success:
            failure = classify(call.operation, answer)
    if failure is not None:
        _log_failure(call.operation, failure, duration_s)
        raise failure
    if answer is None:  # pragma: no cover  # one of the two is always there
        raise AssertionError
    return answer


def unreadable(operation: Operation, answer: RawAnswer) -> PinterestError:
    """Make the error of a success whose body cannot be read, and log it."""
    failure = classify_answer(operation, answer)
    _log_failure(operation, failure, None)
    return failure


def _send(session: requests.Session, call: Call) -> tuple[RawAnswer | None, PinterestError | None]:
    """Send and read; return either the answer or what the broken connection means."""
    operation = call.operation
    try:
        with session.request(
            operation.method,
            call.url,
            params=dict(call.params),
            data=call.body,
            headers=_headers(call),
            auth=call.auth,
            timeout=(operation.send_timeout_s, operation.read_timeout_s),
            allow_redirects=False,
            stream=True,
        ) as response:
            return _read(operation, response)
    except (OSError, HTTPError, ValueError) as error:
        return None, classify_exception(operation, error)


def _headers(call: Call) -> dict[str, str]:
    headers = {"Accept": "application/json"}
    if call.content_type:
        headers["Content-Type"] = call.content_type
    return headers


def _read(
    operation: Operation, response: requests.Response
) -> tuple[RawAnswer | None, PinterestError | None]:
    body = bytearray()
    # Counted from the answer's head on: before it, an upload may have taken its time.
    deadline = time.monotonic() + _PATIENCE * operation.read_timeout_s
    # `read1` returns with what has come, where `read` would wait for a whole chunk of trickles.
    while chunk := response.raw.read1(64 * 1024, decode_content=True):
        body += chunk
        if len(body) > _BODY_LIMIT_BYTES:
            return None, unknown_outcome(operation, Trouble.BAD_ANSWER, detail="answer too long")
        if time.monotonic() > deadline:
            return None, unknown_outcome(operation, Trouble.TIMED_OUT, detail="answer too slow")
    return RawAnswer(response.status_code, dict(response.headers), bytes(body)), None


def _report(
    operation: Operation, answer: RawAnswer, duration_s: float, on_answer: OnAnswer | None
) -> None:
    logger.info(
        "%s answered %s in %.3f s (rid %s)",
        operation.name,
        answer.status,
        duration_s,
        answer.rid or "none",
    )
    if on_answer is not None:
        on_answer(
            Answer(
                operation.name,
                operation.category,
                answer.status,
                answer.rid,
                parse_rate_limit(answer, category=operation.category),
                duration_s,
                None if answer.is_success else parse_retry_after(answer),
            )
        )


def _log_failure(operation: Operation, failure: PinterestError, duration_s: float | None) -> None:
    logger.warning(
        "%s failed%s: %s/%s, status %s, code %s, rid %s, %s",
        operation.name,
        "" if duration_s is None else f" after {duration_s:.3f} s",
        type(failure).__name__.lower(),
        getattr(failure, "reason", "other"),
        failure.status,
        failure.code,
        failure.rid or "none",
        failure.detail or "no words",
    )
