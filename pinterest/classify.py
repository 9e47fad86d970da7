"""Decide which of the three failures an answer is. Pure: nothing is read or sent here."""

from typing import Any, Final

from pinterest.answers import RawAnswer
from pinterest.errors import (
    PinterestError,
    RefusalReason,
    Refused,
    Trouble,
    Unavailable,
    Uncertain,
)
from pinterest.operations import Operation
from pinterest.ratelimit import parse_retry_after
from pinterest.refusals import find_reason
from pinterest.words import UNAVAILABLE, UNCERTAIN, refused_words

# Redirects by which a server says that it did nothing yet; 302 and 303 can follow a deed done.
_NOTHING_DONE_REDIRECTS: Final = frozenset({301, 307, 308})
# A conflict of names is a verdict; any other conflict (409) is a board locked for a moment.
_DUPLICATE_NAME_CODE: Final = 58
_SERVER_FAULT_TEXT: Final = "went wrong on our end"


def classify_answer(operation: Operation, answer: RawAnswer) -> PinterestError:
    """Make the error out of an answer that is not a success, or a success that cannot be read."""
    trouble = _find_trouble(answer)
    if trouble is None:
        return _refuse(operation, answer)
    if trouble is Trouble.REDIRECTED and answer.status in _NOTHING_DONE_REDIRECTS:
        return _unavailable(trouble, answer)
    if trouble in (Trouble.RATE_LIMITED, Trouble.BUSY, Trouble.CONNECT_FAILED):
        return _unavailable(trouble, answer)
    return unknown_outcome(operation, trouble, answer)


def unknown_outcome(
    operation: Operation, trouble: Trouble, answer: RawAnswer | None = None, *, detail: str = ""
) -> PinterestError:
    """Make the error of a call that left us without an answer we can trust.

    For a call that creates, the effect is unknown; any other call may simply be made again.
    """
    if operation.creates:
        facts = _facts(answer) if answer else {"detail": detail}
        words = UNCERTAIN[trouble]
        return Uncertain(words.message, remedy=words.remedy, reason=trouble, **facts)
    return _unavailable(trouble, answer, detail=detail)


def nothing_sent(*, detail: str) -> Unavailable:
    """Make the error of a call of which it is proved that no byte of it left."""
    return _unavailable(Trouble.CONNECT_FAILED, None, detail=detail)


def _find_trouble(answer: RawAnswer) -> Trouble | None:
    """Tell an answer that is no verdict on the request; None when Pinterest really refused it."""
    status, said = answer.status, answer.words().lower()
    if status < 300:
        return Trouble.BAD_ANSWER
    if status < 400:
        return Trouble.REDIRECTED
    # Pinterest sends its own faults as 400 too, and most of them heal within hours.
    if status >= 500 or _SERVER_FAULT_TEXT in said:
        return Trouble.SERVER_ERROR
    if status == 429 and "spam" not in said:
        return Trouble.RATE_LIMITED
    if status == 409 and answer.code() == _DUPLICATE_NAME_CODE:
        return None
    return {407: Trouble.CONNECT_FAILED, 408: Trouble.TIMED_OUT, 409: Trouble.BUSY}.get(status)


def _refuse(operation: Operation, answer: RawAnswer) -> Refused:
    reason = _reason_of(operation, answer)
    words = refused_words(reason, sentence=answer.sentence())
    return Refused(words.message, remedy=words.remedy, reason=reason, **_facts(answer))


def _reason_of(operation: Operation, answer: RawAnswer) -> RefusalReason:
    """Name the reason, with what the operation adds to what the answer says."""
    said = answer.words().lower()
    if _is_spam(answer.status, said):
        return RefusalReason.SPAM
    reason = find_reason(status=answer.status, code=answer.code(), text=said)
    if operation.at_token_endpoint:
        return _reason_at_token_endpoint(answer, reason)
    if reason is RefusalReason.NOT_PERMITTED and operation.on_board:
        return RefusalReason.BOARD_NOT_PERMITTED
    return reason


def _is_spam(status: int, said: str) -> bool:
    """Tell a spam block; a validation message can quote the word from the user's own text."""
    return "spam" in said and (
        status == 429 or (status in (400, 403) and "invalid request" not in said)
    )


def _reason_at_token_endpoint(answer: RawAnswer, reason: RefusalReason) -> RefusalReason:
    """Read a refusal where the app signs in: OAuth's own error names, and 401/2 about the app."""
    named = answer.fields().get("error")
    if named == "invalid_grant":
        return RefusalReason.GRANT_REFUSED
    if named == "invalid_client" or reason is RefusalReason.TOKEN_DEAD:
        return RefusalReason.APP_CREDENTIALS_WRONG
    return reason


def _unavailable(trouble: Trouble, answer: RawAnswer | None, *, detail: str = "") -> Unavailable:
    facts = _facts(answer) if answer else {"detail": detail}
    words = UNAVAILABLE[trouble]
    retry_after = parse_retry_after(answer) if answer and not answer.is_success else None
    return Unavailable(
        words.message, remedy=words.remedy, reason=trouble, retry_after=retry_after, **facts
    )


def _facts(answer: RawAnswer) -> dict[str, Any]:
    return {
        "status": answer.status,
        "code": answer.code(),
        "rid": answer.rid,
        "detail": answer.text(),
    }
