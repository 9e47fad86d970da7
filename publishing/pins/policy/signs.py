"""What stands at a planned Pin for each thing that is looked at, and what makes it forgotten. Pure.

A sign is good only for what was looked at as it is now: whatever changes a thing ends what was
seen of it. The database sees to that (`publishing/database/check_triggers.py`), so no writer can
forget it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from publishing.choices.warnings import WarningKind
from publishing.pins.policy.preflight import (
    ACCOUNT,
    BOARD,
    LIMITS,
    LINK,
    ORIGIN,
    PICTURE,
    SECTION,
    VIDEO,
)

LOOK_AGAIN_AFTER: Final = timedelta(minutes=5)
"""When something could not be looked at: nobody answered, or our own network was down."""


class Sign(StrEnum):
    """What a planned Pin has a sign for. Each has a column `…_looked_at` at the Pin."""

    ACCOUNT = "account"
    BOARD = "board"
    LINK = "link"
    PICTURE = "picture"


class Finding(StrEnum):
    """What a sign shows."""

    GOOD = "good"
    PROBLEM = "problem"
    UNTOLD = "untold"  # looked at, and it does not tell
    UNSEEN = "unseen"  # not looked at yet
    ABSENT = "absent"  # the Pin has no such thing
    TRUSTED = "trusted"  # a person has said that it is fine, so it is not looked at


KINDS: Final[dict[Sign, frozenset[WarningKind]]] = {
    Sign.ACCOUNT: ACCOUNT,
    Sign.BOARD: BOARD | SECTION,
    Sign.LINK: LINK,
    Sign.PICTURE: PICTURE | ORIGIN | VIDEO,
}
"""The warnings that belong to each sign; those about Pinterest's limits belong to none."""

UNTOLD: Final = frozenset({WarningKind.LINK_UNTOLD})
"""What is no warning: it only says that looking did not tell."""

LIVE: Final = frozenset({WarningKind.ACCOUNT_LOST})
"""What the account's own row says better at any moment than a look of a while ago."""

STOPPING: Final = frozenset(
    {
        WarningKind.BOARD_GONE,
        WarningKind.BOARD_CLOSED,
        WarningKind.SECTION_GONE,
        WarningKind.PICTURE_MISSING,
    }
)
"""With these Pinterest refuses the Pin, or there is nothing to send."""

WORRYING: Final = frozenset(WarningKind) - UNTOLD - LIVE - STOPPING
"""With these the Pin goes out, if perhaps not as it was meant."""


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What is forgotten when any of a Pin's columns changes: signs, and kinds of warnings."""

    name: str
    columns: tuple[str, ...]
    signs: tuple[Sign, ...]
    kinds: frozenset[WarningKind]


FORGETTINGS: Final = (
    Forgetting(
        "account",
        ("connection_id",),
        (Sign.ACCOUNT, Sign.BOARD, Sign.PICTURE),
        ACCOUNT | BOARD | SECTION | VIDEO | LIMITS,
    ),
    Forgetting("board", ("board_id", "section_id"), (Sign.BOARD,), BOARD | SECTION),
    Forgetting("link", ("link",), (Sign.LINK,), LINK),
    Forgetting(
        "media",
        ("media_id", "video_id", "cover_second", "kind", "slide_count"),
        (Sign.PICTURE,),
        PICTURE | ORIGIN | VIDEO,
    ),
    Forgetting("time", ("scheduled_at",), (), LIMITS | VIDEO),
)
"""Each of these has the Pin looked at again."""


def judge_sign(
    sign: Sign,
    *,
    found: frozenset[WarningKind],
    looked_at: datetime | None,
    is_absent: bool = False,
    is_trusted: bool = False,
) -> Finding:
    """What a sign shows, by the warnings that stand and when the thing was last looked at."""
    mine = found & KINDS[sign]
    if is_absent:
        return Finding.ABSENT
    if mine - UNTOLD:
        return Finding.PROBLEM
    if is_trusted:
        return Finding.TRUSTED
    if looked_at is None:
        return Finding.UNSEEN
    return Finding.UNTOLD if mine else Finding.GOOD
