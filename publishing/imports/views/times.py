"""Times of an import in words: in the workspace's zone, and in the one its file is in."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

from foundation.spans.clocks import zone_name

UTC_ZONE = "UTC"


def in_zone(moment: datetime, zone: str) -> str:
    """`Tue 24 Nov 2026, 09:00 CET`: the zone's name tells the two 02:30 of a night in autumn."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{date_format(local, 'D j M Y, H:i')} {zone_name(local)}"


def in_both_zones(moment: datetime, *, zone: str, read_zone: str) -> str:
    """The same in the zone a file is read in as well, in UTC where both are one."""
    other = read_zone if read_zone and read_zone != zone else UTC_ZONE
    here, there = in_zone(moment, zone), moment.astimezone(ZoneInfo(other))
    if other == zone:
        return here
    is_same_day = there.date() == moment.astimezone(ZoneInfo(zone)).date()
    shown = date_format(there, "H:i" if is_same_day else "D j M, H:i")
    return f"{here} · {shown} {zone_name(there)}"
