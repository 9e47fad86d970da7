"""Addresses of Pins that people paste. Pure."""

from __future__ import annotations

import re
from typing import Final

from foundation.fetching.hosts import read_web_address

# pinterest.com, its country domains (pinterest.co.uk, de.pinterest.com) and nothing that only
# looks like one.
_HOST: Final = re.compile(r"(?:[a-z]{2,3}\.|www\.)?pinterest\.(?:[a-z]{2,3}|com?\.[a-z]{2})")
_PATH: Final = re.compile(r"/pin/(?:[^/]*--)?(\d{5,25})/?")


class NoPinAddress(ValueError):
    """The text names no Pin; the message says what to do."""


def read_pin_address(text: str, *, also: str = "") -> str:
    """The id of the Pin that an address, or a bare id, names. Raises NoPinAddress.

    `also`: one more origin whose addresses count, the sandbox's in a demo.
    """
    text = text.strip()
    if re.fullmatch(r"\d{5,25}", text):
        return text
    address = read_web_address(text if "://" in text else f"https://{text}")
    if address is None:
        raise NoPinAddress(_WHAT_TO_DO)
    if address.host == "pin.it":
        raise NoPinAddress(
            "A short address says nothing by itself. Open it, and paste the long one it leads to."
        )
    is_pinterest = bool(_HOST.fullmatch(address.host)) and address.port in (80, 443)
    found = _PATH.fullmatch(address.target.partition("?")[0])
    if found is None or not (is_pinterest or (also and address.origin == also)):
        raise NoPinAddress(_WHAT_TO_DO)
    return found[1]


_WHAT_TO_DO: Final = (
    "This is no Pin's address. Open the Pin and paste what the browser shows, such as "
    "https://www.pinterest.com/pin/1234567890/."
)
