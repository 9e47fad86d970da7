"""The table that tells Pinterest's refusals apart.

Pinterest publishes no error codes for Pins and boards; these come from its older official
descriptions and from answers recorded in production. A code is trusted before a text, because
texts change; but some codes (2, 8, 29) mean different things with different texts or statuses.
"""

from typing import Final, NamedTuple

from pinterest.errors import RefusalReason as Reason


class Rule(NamedTuple):
    """Applies when every given part matches: HTTP status, Pinterest's code, text (lower case)."""

    reason: Reason
    status: int | None = None
    code: int | None = None
    text: str = ""


# In order; the first that applies wins. Narrow rules stand before the wide ones.
RULES: Final = (
    Rule(Reason.GRANT_REFUSED, code=283),
    Rule(Reason.DUPLICATE_BOARD_NAME, code=58),
    Rule(Reason.IMAGE_TOO_SMALL, code=233),
    Rule(Reason.IMAGE_BROKEN, code=235),
    Rule(Reason.SECTION_GONE, code=2031),
    Rule(Reason.BOARD_GONE, status=404, code=40),
    Rule(Reason.PIN_GONE, status=404, code=50),
    Rule(Reason.TOKEN_DEAD, status=401, code=2),
    # Reconnecting heals a missing scope, but neither of the two app-level cases before it.
    Rule(Reason.RESTRICTED_FEATURE, status=401, text="restricted feature"),
    Rule(Reason.APP_NOT_APPROVED, status=401, text="consumer type"),
    Rule(Reason.MISSING_SCOPE, status=401, code=3),
    Rule(Reason.NOT_PERMITTED, status=401, code=7),
    Rule(Reason.TRIAL_ACCESS, status=403, text="trial access"),
    Rule(Reason.NOT_PERMITTED, status=403, code=29),
    # Where the code repeats the status or is missing, the text is all there is.
    Rule(Reason.TOKEN_DEAD, status=401, text="authentication failed"),
    Rule(Reason.GRANT_REFUSED, status=401, text="grant is invalid"),
    Rule(Reason.MISSING_SCOPE, status=401, text="sufficient permissions"),
    Rule(Reason.NOT_PERMITTED, status=403, text="not permitted"),
    Rule(Reason.SECTION_GONE, status=404, text="section not found"),
    Rule(Reason.BOARD_GONE, status=404, text="board not found"),
    Rule(Reason.PIN_GONE, status=404, text="pin not found"),
    Rule(Reason.MEDIA_GONE, status=404, text="media upload not found"),
    Rule(Reason.NOT_FOUND, status=404),
    Rule(Reason.SITE_REFUSES_PINS, text="allow you to save pins"),
    Rule(Reason.DUPLICATE_BOARD_NAME, text="try a different name"),
    Rule(Reason.IMAGE_UNREACHABLE, status=400, text="could not fetch the image"),
    Rule(Reason.URL_UNREACHABLE, status=400, text="unable to reach the url"),
    Rule(Reason.BAD_LINK, status=400, text="not a valid url format"),
    Rule(Reason.BAD_LINK, status=400, text="entered an invalid url"),
    Rule(Reason.INVALID, status=400),
    Rule(Reason.INVALID, status=413),
    Rule(Reason.INVALID, status=422),
    Rule(Reason.NOT_PERMITTED, status=403),
)


def find_reason(*, status: int, code: int | None, text: str) -> Reason:
    """Name the reason of a refusal; `text` is Pinterest's words in lower case."""
    return next((rule.reason for rule in RULES if _applies(rule, status, code, text)), Reason.OTHER)


def _applies(rule: Rule, status: int, code: int | None, text: str) -> bool:
    return rule.status in (None, status) and rule.code in (None, code) and rule.text in text
