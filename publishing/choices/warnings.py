"""What may keep a planned Pin from going out as meant. Pure."""

from __future__ import annotations

from enum import StrEnum


class WarningKind(StrEnum):
    """What may keep a Pin from going out as meant. The values stand in rows: add, never rename."""

    ACCOUNT_LOST = "account_lost"
    BOARD_GONE = "board_gone"
    BOARD_CLOSED = "board_closed"
    BOARD_OF_OTHERS = "board_of_others"
    SECTION_GONE = "section_gone"
    LINK_SHORTENED = "link_shortened"
    LINK_LEAVES = "link_leaves"
    LINK_MISSING = "link_missing"
    LINK_FAILS = "link_fails"
    LINK_PRIVATE = "link_private"
    LINK_UNREACHABLE = "link_unreachable"
    LINK_FORBIDS = "link_forbids"
    LINK_UNTOLD = "link_untold"
    PICTURE_MISSING = "picture_missing"
    ORIGIN_GONE = "origin_gone"
    VIDEO_NOT_READY = "video_not_ready"
    MINUTE_FULL = "minute_full"
    DAY_FULL = "day_full"
