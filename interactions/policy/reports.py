"""What a publisher's server signs when it reports that a landing page was crawled. Pure.

MAC is HMAC-SHA-256 in unpadded base64url, keyed with the site's secret, over these lines:

    crawl, SITE, KEY_ID, LANDING, ADDRESS, AT, USER_AGENT

joined with line feeds; AT is in Unix seconds.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import Final

FRESH_FOR_S: Final = 600


def sign_report(
    secret: bytes, *, site: str, key_id: str, landing: str, address: str, at: int, user_agent: str
) -> str:
    """The MAC of a report."""
    text = "\n".join(("crawl", site, key_id, landing, address, str(at), user_agent))
    digest = hmac.digest(secret, text.encode(), hashlib.sha256)
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_fresh(at: int, *, now: datetime) -> bool:
    """Whether a report is recent enough not to be somebody's who listened."""
    return abs(now.timestamp() - at) <= FRESH_FOR_S
