"""Telling PinApp that Pinterest's crawler read a page that a Pin leads to.

A browser's script tells of people. Of the crawler, which runs none, only the shop's server knows;
its word counts because it is signed with the site's key. PinApp looks the address up itself.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import sys
import threading
import time
import urllib.error
import urllib.request
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from pinapp.demo.shop.keys import Keys

MARKS: Final = ("pinapp", "pin")
"""The parameters in which a Pin's link carries its mark: today's, and that of Pins of before."""

_CRAWLER: Final = re.compile(r"\bPinterestbot/\d|^Pinterest/\d")
_NONCE: Final = re.compile(r"[A-Za-z0-9_-]{22}")
_PAUSES_S: Final = (1.0, 5.0, 20.0)
_TIMEOUT_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Crawl:
    """Who read which Pin's page."""

    landing: str
    user_agent: str
    address: str


def crawl_of(query: str, *, user_agent: str, address: str) -> Crawl | None:
    """What there is to report of a request; None for people, and for pages without a mark."""
    given = parse_qs(query)
    landing = next((given[name][-1] for name in MARKS if name in given), "")
    if not _NONCE.fullmatch(landing) or not _CRAWLER.search(user_agent):
        return None
    return Crawl(landing, user_agent, address)


def report_soon(crawl: Crawl, *, pinapp_url: str, keys: Keys) -> None:
    """Report beside the answer, a few times where PinApp can't be reached."""
    threading.Thread(target=_report, args=(crawl, pinapp_url, keys), daemon=True).start()


def signed(crawl: Crawl, *, keys: Keys, at: int) -> dict[str, str | int]:
    """The report as PinApp takes it; `at` in Unix seconds."""
    lines = ("crawl", keys.site, keys.key_id, crawl.landing, crawl.address, at, crawl.user_agent)
    text = "\n".join(map(str, lines))
    mac = hmac.digest(keys.secret.encode(), text.encode(), hashlib.sha256)
    return {
        "site": keys.site,
        "key_id": keys.key_id,
        "landing": crawl.landing,
        "user_agent": crawl.user_agent,
        "address": crawl.address,
        "at": at,
        "mac": urlsafe_b64encode(mac).rstrip(b"=").decode(),
    }


def _report(crawl: Crawl, pinapp_url: str, keys: Keys) -> None:
    for pause in (*_PAUSES_S, None):
        body = json.dumps(signed(crawl, keys=keys, at=int(time.time()))).encode()
        trouble = _send(f"{pinapp_url}/interactions/crawl", body)
        if trouble is None:
            return
        if pause is None:
            sys.stdout.write(f"A crawl could not be reported to PinApp: {trouble}.\n")
            sys.stdout.flush()
            return
        time.sleep(pause)


def _send(address: str, body: bytes) -> str | None:
    """Send; returns what went wrong."""
    request = urllib.request.Request(  # noqa: S310 - PinApp's own address, of the configuration
        address, data=body, headers={"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S):  # noqa: S310 - likewise
            return None
    except urllib.error.HTTPError as error:
        with error:
            return f"it answered {error.code}"
    except OSError as error:
        return str(getattr(error, "reason", error))
