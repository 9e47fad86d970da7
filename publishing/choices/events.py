"""What can happen to a Pin apart from the attempts to publish it."""

from __future__ import annotations

from enum import StrEnum


class EventKind(StrEnum):
    """One kind of line in a Pin's history. The values stand in rows: add, never rename."""

    WRITTEN = "written"
    COPIED = "copied"
    IMPORTED = "imported"
    CHANGED = "changed"
    PLANNED = "planned"
    UNPLANNED = "unplanned"
    PUBLISH_NOW = "publish_now"
    HELD = "held"
    RELEASED = "released"
    SPACED = "spaced"
    SAID_FOUND = "said_found"
    SAID_ABSENT = "said_absent"
    HANDED_OVER = "handed_over"
    LINK_TRUSTED = "link_trusted"
    LINK_DOUBTED = "link_doubted"
    VIDEO_READY = "video_ready"
    VIDEO_FAILED = "video_failed"
    DELETED_AT_PINTEREST = "deleted_at_pinterest"
    GONE_AT_PINTEREST = "gone_at_pinterest"
