"""What tells times of the wall clock apart that look the same. Pure."""

from __future__ import annotations

from datetime import datetime


def zone_name(moment: datetime) -> str:
    """What people call the offset of a local time: "CEST", or "UTC+03:30" where it has no name."""
    name = f"{moment:%Z}"
    if name[:1] not in "+-":
        return name
    offset = f"{moment:%z}"
    return f"UTC{offset[:3]}:{offset[3:5]}"


def comes_twice(local: datetime) -> bool:
    """Whether the clock shows this time twice, because it is put back that night."""
    first, second = local.replace(fold=0).utcoffset(), local.replace(fold=1).utcoffset()
    # In the hour that a clock skips the second is the greater.
    return first is not None and second is not None and first > second


def which_of_two(local: datetime) -> str:
    """`first, CEST` or `second, CET` for a time that the clock shows twice; empty for any other.

    `local` carries the zone whose clock is meant.
    """
    if not comes_twice(local):
        return ""
    return f"{'second' if local.fold else 'first'}, {zone_name(local)}"


def told_apart(text: str, local: datetime) -> str:
    """`text`, which shows the time `local`, with which of two it is where there are two."""
    which = which_of_two(local)
    return f"{text} ({which})" if which else text
