"""How a video gets to Pinterest ahead of its Pin: its stations, and how long each may take."""

from __future__ import annotations

from datetime import datetime, timedelta

from pinterest.polling import poll_delay
from publishing.pins.policy.failures import retry_delay

AHEAD = timedelta(minutes=30)
"""How long before its time a Pin's video is uploaded: 2 GB take about as long on a slow line."""

UPLOAD_LEASE = timedelta(seconds=90)
"""How long a worker may stand still with an upload; one that moves bytes renews it meanwhile."""

RENEW_AFTER = timedelta(seconds=20)
"""How often a moving upload renews its lease."""

WAIT_FOR_VIDEO = timedelta(seconds=15)
"""How long a due Pin is put off while its video is not ready; it goes out at once when it is."""

MOST_AT_ONCE = 3
"""Uploads under way at a time: a long one keeps a worker, and Pins need workers too."""

MOST_PLACES = 3
"""How often a new place is asked for when the store takes the video at none."""

MOST_TRIES = 100
"""Failures for want of a working Pinterest, about a day's worth, before a person is asked."""


def next_try_at(*, tries: int, retry_after: float | None, now: datetime) -> datetime:
    """When to go on after the `tries`-th failure for want of a working Pinterest."""
    if retry_after is not None:
        return now + timedelta(seconds=max(min(retry_after, 86_400), 1))
    return now + retry_delay(tries)


def next_look_at(*, looks: int, now: datetime) -> datetime | None:
    """When to look at a video in processing again; None when it has had its ten minutes."""
    seconds = poll_delay(looks)
    return None if seconds is None else now + timedelta(seconds=seconds)
