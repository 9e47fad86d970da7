"""Page tokens, and the media tokens a browser makes of them.

A page token is signed by a server that holds the site's key, ours or the publisher's, when the
page is rendered or the button loaded. The browser appends a random nonce at the click, so that
each click has an address of its own without a round trip. Nothing in it names a person, and its
parts are names that mean nothing elsewhere.

    page token   v1.KEY_ID.SITE.ENTITY.PAGE.EXPIRES.MAC
    media token  PAGE_TOKEN.NONCE

MAC is the first 16 bytes of HMAC-SHA-256 over everything before it, NONCE 16 random bytes, both
in unpadded base64url. EXPIRES is in Unix seconds. PAGE is the publisher's own mark of the page.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

LONGEST_TOKEN: Final = 200
"""Characters of a media token; what is longer is not looked at."""

LONGEST_LIFE_S: Final = 400 * 24 * 3600
"""A token that claims to live longer was not made by our rules."""

_PART: Final = r"[A-Za-z0-9_-]"
_PAGE_TOKEN: Final = re.compile(
    rf"v1\.({_PART}{{1,12}})\.({_PART}{{1,24}})\.({_PART}{{1,24}})\.({_PART}{{0,32}})"
    rf"\.(\d{{1,12}})\.({_PART}{{22}})",
    re.ASCII,
)
_NONCE: Final = re.compile(rf"{_PART}{{22}}", re.ASCII)


class Flaw(StrEnum):
    """Why a token is not accepted. Never said to who sent it."""

    MALFORMED = "malformed"
    UNKNOWN_KEY = "unknown_key"
    FORGED = "forged"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class PageToken:
    """A page token's words; `text` is the token as it stands."""

    key_id: str
    site: str
    entity: str
    page: str
    expires_at: datetime
    mac: str
    text: str


KeyOf = Callable[[str, str], bytes | None]
"""The signing key of (site, key id), or None."""


def mint(
    *, key: bytes, key_id: str, site: str, entity: str, page: str, expires_at: datetime
) -> str:
    """Make a page token. Raises ValueError for parts that can't stand in one."""
    head = f"v1.{key_id}.{site}.{entity}.{page}.{int(expires_at.timestamp())}"
    token = f"{head}.{_mac(key, head)}"
    if not _PAGE_TOKEN.fullmatch(token):
        raise ValueError("A page token is made of letters, digits, - and _.")
    return token


def read_page_token(text: str) -> PageToken | None:
    """Take a page token apart without believing it."""
    found = _PAGE_TOKEN.fullmatch(text) if len(text) <= LONGEST_TOKEN else None
    if found is None:
        return None
    key_id, site, entity, page, expires, mac = found.groups()
    try:
        expires_at = datetime.fromtimestamp(int(expires), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return PageToken(key_id, site, entity, page, expires_at, mac, text)


def split_media_token(text: str) -> tuple[PageToken | None, str | None]:
    """The page token and the nonce of a media token; None for what is not one."""
    if len(text) > LONGEST_TOKEN:
        return None, None
    head, _, nonce = text.rpartition(".")
    return read_page_token(head), nonce if is_nonce(nonce) else None


def is_nonce(text: str) -> bool:
    """Whether a text has the shape of 16 bytes in base64url."""
    return _NONCE.fullmatch(text) is not None


def flaw_of(token: PageToken | None, *, key_of: KeyOf, now: datetime) -> Flaw | None:
    """Why a token is not good, or None. Takes the same steps for every token it can read."""
    if token is None:
        return Flaw.MALFORMED
    key = key_of(token.site, token.key_id)
    head = token.text.rpartition(".")[0]
    # Reckoned for an unknown key too, so that the time taken tells nothing.
    genuine = hmac.compare_digest(_mac(key or b"none", head), token.mac)
    if key is None:
        return Flaw.UNKNOWN_KEY
    if not genuine:
        return Flaw.FORGED
    left = (token.expires_at - now).total_seconds()
    if left <= 0 or left > LONGEST_LIFE_S:
        return Flaw.EXPIRED
    return None


def _mac(key: bytes, head: str) -> str:
    digest = hmac.digest(key, head.encode("ascii", "replace"), hashlib.sha256)
    return urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()
