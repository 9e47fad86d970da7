"""When to look whether a published Pin is still at Pinterest: often at first, then ever less."""

from __future__ import annotations

from datetime import timedelta

LOOK_EVERY = (
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(days=7), timedelta(hours=6)),
    (timedelta(days=30), timedelta(days=1)),
    (timedelta(days=180), timedelta(days=7)),
)
"""Up to which age a Pin is looked for, and how often. What Pinterest or a person takes down goes
in the first days; a Pin older than the last is left alone."""

BOARDS_AT_ONCE = 20
"""Boards looked at in one round of a minute, one of each account: a few calls for each."""

PINS_AT_ONCE = 500
"""Pins of a board looked for at once."""

LISTED_AT_MOST = 2_000
"""Pins read of a board's list (eight calls) before the others are asked for one by one."""

ASKED_AT_MOST = 20
"""Pins asked for one by one in a look; the others have their turn in the next."""
