"""The spam rule: too many identical Pins from one account block it for a while."""

from collections import deque
from datetime import datetime, timedelta

from sandbox import errors
from sandbox.call import SignedCall

Content = tuple[str | None, str | None, str | None]


class SpamWatch:
    """Counts identical (link, title, description) per account; called under the lock."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, Content], deque[datetime]] = {}

    def check(self, call: SignedCall, content: Content) -> None:
        """Count one Pin; raises ApiError 429/9 above the limit."""
        limit = call.sandbox.settings.spam_after
        if limit is None:
            return
        window = timedelta(seconds=call.sandbox.settings.spam_window_seconds)
        times = self._seen.setdefault((call.account.id, content), deque())
        while times and times[0] <= call.now - window:
            times.popleft()
        if len(times) >= limit:
            raise errors.spam()
        times.append(call.now)
