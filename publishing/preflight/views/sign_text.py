"""The words of the signs at a planned Pin: what was looked at, and what was seen."""

from __future__ import annotations

from typing import Any, Final

from accounts.moments import moment_words
from publishing.models import Pin
from publishing.pins.policy.signs import Finding, Sign

LABELS: Final = {
    Sign.ACCOUNT: "Account",
    Sign.BOARD: "Board",
    Sign.LINK: "Link",
    Sign.PICTURE: "Picture",
}
ICONS: Final = {
    Finding.GOOD: "circle-check",
    Finding.PROBLEM: "triangle-alert",
    Finding.UNTOLD: "circle-help",
    Finding.UNSEEN: "clock",
    Finding.ABSENT: "x",
    Finding.TRUSTED: "check",
}
_GOOD: Final = {
    Sign.BOARD: "It is at Pinterest, and open to this account.",
    Sign.LINK: "The page answers.",
    Sign.PICTURE: "PinApp has all of it.",
}
_UNSEEN: Final = {
    Sign.ACCOUNT: "Not asked at Pinterest yet.",
    Sign.BOARD: "Not asked at Pinterest yet.",
    Sign.LINK: "Nobody has opened it yet.",
    Sign.PICTURE: "Not looked at yet.",
}
_UNTOLD: Final = "The site did not let PinApp see the page. Open it once yourself."


def sign_facts(sign: Sign, finding: Finding, *, pin: Pin, trusted_by: str = "") -> dict[str, Any]:
    """One line: what was looked at, what was seen, and when."""
    looked_at = getattr(pin, f"{sign}_looked_at")
    is_seen = finding in {Finding.GOOD, Finding.UNTOLD, Finding.PROBLEM} and looked_at is not None
    label = "Video" if sign is Sign.PICTURE and pin.video_id else LABELS[sign]
    return {
        "name": sign.value,
        "label": label,
        "finding": finding.value,
        "icon": ICONS[finding],
        "text": _text(sign, finding, pin=pin, trusted_by=trusted_by),
        "at": looked_at if is_seen else None,
        "at_text": moment_words(looked_at) if is_seen else "",
    }


def heading(findings: set[Finding], *, is_warned: bool, goes_out: bool) -> str:
    """What the signs say together; `goes_out`: nothing else keeps the Pin from it either."""
    if is_warned or Finding.PROBLEM in findings:
        return "Before it goes out"
    if Finding.UNSEEN in findings:
        return "Being looked at"
    if Finding.UNTOLD in findings:
        return "Nothing found that stands in its way"
    return "Ready to go out" if goes_out else "Nothing is wrong with the Pin itself"


def _text(sign: Sign, finding: Finding, *, pin: Pin, trusted_by: str) -> str:
    if finding is Finding.PROBLEM:
        is_lost = sign is Sign.ACCOUNT and pin.connection and not pin.connection.is_active
        return f"{pin.connection} is not connected." if is_lost else "See below."
    if finding is Finding.ABSENT:
        return "This Pin has none."
    if finding is Finding.TRUSTED:
        return f"Not looked at: {trusted_by}."
    if finding is Finding.UNSEEN:
        return _UNSEEN[sign]
    if finding is Finding.UNTOLD:
        return _UNTOLD
    if sign is Sign.ACCOUNT:
        return f"Pinterest lets PinApp act for {pin.connection}."
    return _GOOD[sign]
