"""The sandbox's own time: real time plus an offset that tests move forward."""

import time
from datetime import UTC, datetime, timedelta


class VirtualClock:
    """Tells the sandbox's time. Token expiry, quotas and `created_at` all read this clock.

    `frozen_at` (an aware datetime) stops the clock, so that only `advance` moves it.
    """

    def __init__(self, *, frozen_at: datetime | None = None, offset_seconds: float = 0.0) -> None:
        self._frozen_at = frozen_at
        self.offset_seconds = offset_seconds

    def now(self) -> datetime:
        """The present instant in UTC."""
        start = self._frozen_at or datetime.fromtimestamp(time.time(), UTC)
        return start + timedelta(seconds=self.offset_seconds)

    def advance(self, seconds: float | timedelta) -> datetime:
        """Move time forward by `seconds` and return the new present."""
        step = seconds.total_seconds() if isinstance(seconds, timedelta) else seconds
        if step < 0:
            raise ValueError("The clock only moves forward; give a positive number of seconds.")
        self.offset_seconds += step
        return self.now()


def pinterest_time(instant: datetime) -> str:
    """An instant as Pinterest writes it: ISO 8601 without a time zone, to the second."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
