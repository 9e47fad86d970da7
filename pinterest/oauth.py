"""Turn a consent into tokens and keep them fresh, at Pinterest's token endpoint."""

import re
from collections.abc import Collection, Mapping
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
import requests
from requests.auth import HTTPBasicAuth

from pinterest.answers import RawAnswer
from pinterest.call import Call, perform, unreadable
from pinterest.config import PinterestApp
from pinterest.operations import EXCHANGE_CODE, REFRESH_TOKEN, Operation
from pinterest.types import TokenGrant

# Creating a Pin needs the two read scopes as well: a list of scopes means all of them.
REQUIRED_SCOPES: Final = (
    "user_accounts:read",
    "boards:read",
    "boards:write",
    "pins:read",
    "pins:write",
)
OPTIONAL_SCOPES: Final = (
    "boards:read_secret",
    "boards:write_secret",
    "pins:read_secret",
    "pins:write_secret",
)


def exchange_code(
    *, session: requests.Session, app: PinterestApp, code: str, redirect_uri: str
) -> TokenGrant:
    """Exchange the code of a consent for tokens; a code works once.

    `redirect_uri` is the very text sent to the consent page. Raises Refused (`grant_refused`
    for a used or expired code, `app_credentials_wrong`) or Unavailable.
    """
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        # Apps made before 2025-09-25 get 60 renewable days only when they ask; others ignore it.
        "continuous_refresh": "true",
    }
    return _grant(session, app, EXCHANGE_CODE, form)


def refresh(*, session: requests.Session, app: PinterestApp, refresh_token: str) -> TokenGrant:
    """Get a new access token and, with it, a new refresh token that replaces the old one.

    Raises Refused (`grant_refused` when the account must be reconnected) or Unavailable. After
    an Unavailable the old refresh token may still work: try it again before giving up.
    """
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return _grant(session, app, REFRESH_TOKEN, form)


def missing_scopes(granted: Collection[str], required: Collection[str]) -> frozenset[str]:
    """Name what was required and not granted; Pinterest may well grant more than was asked."""
    return frozenset(required) - frozenset(granted)


def _grant(
    session: requests.Session, app: PinterestApp, operation: Operation, form: Mapping[str, str]
) -> TokenGrant:
    call = Call(
        operation,
        # No trailing slash: Pinterest does not answer there.
        f"{app.api_url}/oauth/token",
        HTTPBasicAuth(app.app_id, app.app_secret),
        body=urlencode(form).encode("ascii"),
        content_type="application/x-www-form-urlencoded",
    )
    answer = perform(session, call)
    grant = _read_grant(answer)
    if grant is None:
        raise unreadable(operation, answer)
    return grant


class _TokenAnswer(msgspec.Struct):
    access_token: str
    expires_in: int
    scope: str
    refresh_token: str | None = None
    refresh_token_expires_in: int | None = None

    def __repr__(self) -> str:
        return "_TokenAnswer(…)"


def _read_grant(answer: RawAnswer) -> TokenGrant | None:
    """Read the tokens; None when a part is missing without which they are of no use."""
    body: Any = answer.json()
    try:
        said = msgspec.convert(body, _TokenAnswer, strict=False)
    except msgspec.ValidationError:
        return None
    if not said.access_token or said.expires_in <= 0:
        return None
    return TokenGrant(
        access_token=said.access_token,
        refresh_token=said.refresh_token or None,
        expires_in=said.expires_in,
        refresh_token_expires_in=said.refresh_token_expires_in,
        scopes=frozenset(filter(None, re.split(r"[\s,]+", said.scope))),
    )
