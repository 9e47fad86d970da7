"""What is looked at before a Pin goes out, when, and what is said of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from foundation.fetching.hosts import plain_host_of
from publishing.choices.warnings import WarningKind

AHEAD: Final = (timedelta(minutes=30), timedelta(minutes=10))
"""How long before its time a Pin is looked at again: long enough to mend it, and once more."""

MOST_IN_A_MINUTE: Final = 100
"""Pins that Pinterest takes from one account in a minute."""


ACCOUNT: Final = frozenset({WarningKind.ACCOUNT_LOST})
BOARD: Final = frozenset(
    {WarningKind.BOARD_GONE, WarningKind.BOARD_CLOSED, WarningKind.BOARD_OF_OTHERS}
)
SECTION: Final = frozenset({WarningKind.SECTION_GONE})
LINK: Final = frozenset(kind for kind in WarningKind if kind.name.startswith("LINK_"))
PICTURE: Final = frozenset({WarningKind.PICTURE_MISSING})
ORIGIN: Final = frozenset({WarningKind.ORIGIN_GONE})
VIDEO: Final = frozenset({WarningKind.VIDEO_NOT_READY})
LIMITS: Final = frozenset({WarningKind.MINUTE_FULL, WarningKind.DAY_FULL})

WORDS: Final[dict[WarningKind, tuple[str, str]]] = {
    WarningKind.ACCOUNT_LOST: (
        "PinApp can no longer act for this Pinterest account.",
        "Reconnect the account before the Pin's time.",
    ),
    WarningKind.BOARD_GONE: (
        "The board is no longer there.",
        "Choose another board.",
    ),
    WarningKind.BOARD_CLOSED: (
        "Pinterest does not let this account see the board.",
        "Ask the board's owner to invite the account again, or choose another board.",
    ),
    WarningKind.BOARD_OF_OTHERS: (
        "The board belongs to somebody else.",
        "Make sure that its owner lets this account add Pins.",
    ),
    WarningKind.SECTION_GONE: (
        "The section is no longer on the board.",
        "Choose another section, or none.",
    ),
    WarningKind.LINK_SHORTENED: (
        "The link is a shortened one. Pinterest blocks many of those as spam.",
        "Use the address that it leads to.",
    ),
    WarningKind.LINK_LEAVES: (
        "The link leads on to another site. Pinterest may take that for spam.",
        "Use the address that it ends at.",
    ),
    WarningKind.LINK_MISSING: (
        "There is no page at the link.",
        "Correct the link, or publish the page first.",
    ),
    WarningKind.LINK_FAILS: (
        "The page of the link answers with an error.",
        "Open the link and see whether the site works.",
    ),
    WarningKind.LINK_PRIVATE: (
        "The link leads into a private network, where Pinterest can't go.",
        "Use an address that everybody can open.",
    ),
    WarningKind.LINK_UNREACHABLE: (
        "The site of the link could not be reached.",
        "Check the address, and whether the site is up.",
    ),
    WarningKind.LINK_FORBIDS: (
        "The page of the link forbids Pins (it has a “nopin” mark).",
        "Remove the mark from the page, or use another link.",
    ),
    WarningKind.LINK_UNTOLD: (
        "The site did not show PinApp the page, so whether it is there is not known.",
        "Open the link once and see.",
    ),
    WarningKind.PICTURE_MISSING: (
        "A picture or the video of this Pin can't be read from PinApp's storage.",
        "Add it again.",
    ),
    WarningKind.ORIGIN_GONE: (
        "The picture is no longer at the address it came from.",
        "Upload it; or the Pin goes out some minutes late, with the copy that PinApp has kept.",
    ),
    WarningKind.VIDEO_NOT_READY: (
        "Pinterest has not finished preparing the video.",
        "The Pin goes out as soon as it has. Nothing is to be done unless that takes very long.",
    ),
    WarningKind.MINUTE_FULL: (
        "More Pins of this account are planned for this minute than Pinterest takes.",
        "Some of them go out a little later. Move a few if the minute matters.",
    ),
    WarningKind.DAY_FULL: (
        "More Pins are planned before this one than Pinterest takes from this server in a day.",
        "It goes out later than planned. Move it, or ask Pinterest for Standard access.",
    ),
}

# Those that everybody may use. Pinterest's rules ask for the address itself.
SHORTENERS: Final = frozenset(
    {
        *("bit.ly", "bitly.com", "j.mp", "tinyurl.com", "t.co", "ow.ly", "goo.gl", "is.gd"),
        *("v.gd", "buff.ly", "rebrand.ly", "cutt.ly", "shorturl.at", "tiny.cc", "t.ly", "rb.gy"),
        *("bl.ink", "lnkd.in", "fb.me", "dlvr.it", "shorte.st", "adf.ly", "soo.gd", "s.id"),
        *("amzn.to", "pin.it", "qr.ae", "trib.al", "snip.ly", "clck.ru", "short.io"),
    }
)


def check_is_due(*, checked_at: datetime | None, due_at: datetime, now: datetime) -> bool:
    """Whether a planned Pin is to be looked at: never looked at, or not since a moment ahead."""
    if checked_at is None:
        return True
    return any(checked_at < due_at - ahead <= now for ahead in AHEAD)


def is_shortened(link: str) -> bool:
    """Whether a link is that of a known shortener."""
    return plain_host_of(link) in SHORTENERS


def judge_page(*, status: int, left_for: str, forbids_pins: bool) -> WarningKind | None:
    """What is wrong with the page of a link, by its answer; None for nothing.

    `left_for` is the address on another site that it led to. A page that only refuses programs
    (401, 403, 429 and the like) or is busy (503) does not tell: people may see it, and Pinterest
    too.
    """
    if left_for:
        return WarningKind.LINK_SHORTENED if is_shortened(left_for) else WarningKind.LINK_LEAVES
    if status in {404, 410}:
        return WarningKind.LINK_MISSING
    if status >= 500 and status != 503:
        return WarningKind.LINK_FAILS
    if status >= 400:
        return WarningKind.LINK_UNTOLD
    return WarningKind.LINK_FORBIDS if forbids_pins else None


def judge_board_owner(*, owner: str | None, account: str) -> WarningKind | None:
    """Whether a board is another's; Pinterest does not say who may write to it."""
    if owner is None or owner.casefold() == account.casefold():
        return None
    return WarningKind.BOARD_OF_OTHERS


def judge_limits(
    *, in_its_minute: int, before_it_today: int, left_today: int | None
) -> Iterable[WarningKind]:
    """Which limits a plan goes beyond; `left_today` is None where the day has no known limit."""
    if in_its_minute > MOST_IN_A_MINUTE:
        yield WarningKind.MINUTE_FULL
    if left_today is not None and before_it_today >= left_today:
        yield WarningKind.DAY_FULL
