"""The three ways a call to Pinterest fails, in words a person can act on."""

from enum import StrEnum
from functools import partial
from typing import Any


class RefusalReason(StrEnum):
    """Why Pinterest said no."""

    TOKEN_DEAD = "token_dead"  # noqa: S105  # the name of a reason
    GRANT_REFUSED = "grant_refused"
    APP_CREDENTIALS_WRONG = "app_credentials_wrong"
    MISSING_SCOPE = "missing_scope"
    RESTRICTED_FEATURE = "restricted_feature"
    APP_NOT_APPROVED = "app_not_approved"
    TRIAL_ACCESS = "trial_access"
    BOARD_NOT_PERMITTED = "board_not_permitted"
    NOT_PERMITTED = "not_permitted"
    BOARD_GONE = "board_gone"
    SECTION_GONE = "section_gone"
    PIN_GONE = "pin_gone"
    NOT_FOUND = "not_found"
    INVALID = "invalid"
    BAD_LINK = "bad_link"
    URL_UNREACHABLE = "url_unreachable"
    IMAGE_UNREACHABLE = "image_unreachable"
    IMAGE_TOO_SMALL = "image_too_small"
    IMAGE_BROKEN = "image_broken"
    MEDIA_GONE = "media_gone"
    UPLOAD_REFUSED = "upload_refused"
    DUPLICATE_BOARD_NAME = "duplicate_board_name"
    SPAM = "spam"
    SITE_REFUSES_PINS = "site_refuses_pins"
    OTHER = "other"


class Trouble(StrEnum):
    """What went wrong between us and Pinterest when Pinterest did not say no."""

    CONNECT_FAILED = "connect_failed"
    TIMED_OUT = "timed_out"
    DROPPED = "dropped"
    RATE_LIMITED = "rate_limited"
    BUSY = "busy"
    SERVER_ERROR = "server_error"
    BAD_ANSWER = "bad_answer"
    REDIRECTED = "redirected"
    UPLOAD_EXPIRED = "upload_expired"


class PinterestError(Exception):
    """A call to Pinterest that did not succeed; catch this to catch all three kinds.

    `message` says what happened and `remedy` what to do, both as sentences for people.
    `status` is HTTP's and `code` Pinterest's own number. `rid` is Pinterest's request id, which
    their support asks for. `detail` is Pinterest's own text, shortened and without secrets.
    """

    def __init__(
        self,
        message: str,
        *,
        remedy: str,
        status: int | None = None,
        code: int | None = None,
        rid: str | None = None,
        detail: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.status = status
        self.code = code
        self.rid = rid
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}"

    def __repr__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self._facts().items())
        return f"{type(self).__name__}({self.message!r}, {facts})"

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(type(self), self.message, **self._facts()), ()

    def _facts(self) -> dict[str, Any]:
        """Everything but the message, under the names the constructor takes."""
        return {
            name: value
            for name, value in vars(self).items()
            if name != "message" and not name.startswith("_")
        }


class Refused(PinterestError):  # the house's word for it
    """Pinterest understood and said no: nothing happened, and asking again changes nothing."""

    def __init__(self, message: str, *, reason: RefusalReason, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.reason = reason


class Unavailable(PinterestError):  # the house's word for it
    """It did not happen for want of a working Pinterest: asking again later may succeed.

    `retry_after` is in seconds from now; None when Pinterest did not say.
    """

    def __init__(
        self, message: str, *, reason: Trouble, retry_after: float | None = None, **facts: Any
    ) -> None:
        super().__init__(message, **facts)
        self.reason = reason
        self.retry_after = retry_after


class Uncertain(PinterestError):  # the house's word for it
    """Something may have been created, or not; look before asking again."""

    def __init__(self, message: str, *, reason: Trouble, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.reason = reason
