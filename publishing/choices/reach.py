"""Whether another account can write to a board, as Pinterest answered. Pure."""

from __future__ import annotations

from enum import StrEnum


class ReachResult(StrEnum):
    """What asking Pinterest showed."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"  # Pinterest gave no answer that settles it
