"""Moments in words, the same on pages and in mails: no two of them look alike."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format

from foundation.spans.clocks import told_apart

TO_THE_MINUTE: Final = "D j M Y, H:i"
TO_THE_SECOND: Final = "D j M Y, H:i:s"


def moment_words(
    moment: datetime | None, form: str = TO_THE_MINUTE, *, zone: str | None = None
) -> str:
    """`Tue 24 Nov 2026, 09:00` in an IANA zone, or else the current one; empty for none.

    On the night the clocks go back `Sun 25 Oct 2026, 02:30 (first, CEST)`. `form` is Django's.
    """
    if moment is None:
        return ""
    local = timezone.localtime(moment, ZoneInfo(zone) if zone else None)
    return told_apart(date_format(local, form), local)
