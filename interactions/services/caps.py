"""Counting clicks against the caps, in this process's memory.

Each process counts for itself, so that several together let a few more through; the database
corrects the count of a site's day every minute. A round trip for each click would cost more
than the click.

What only fetches tell of is counted for itself: whoever makes fetches up must not use up the
clicks of a site's day.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from interactions.models import Interaction
from interactions.policy.caps import Cap, cap_reached
from interactions.policy.levels import Level

_MOST_TOKENS: Final = 100_000
_MOST_ADDRESSES: Final = 50_000
_SITE_COUNTS_LIVE_S: Final = 60.0


_ONLY_FETCHED: Final = Q(clicked_at=None, level__gte=Level.PREVIEWED.value)
"""Interactions that a fetch made, and no click was told of."""


class Counters:
    """How many there were of each token and address, and of each site, in a day or minute of UTC.

    `of_site`: which of a site's interactions count.
    """

    def __init__(self, *, of_site: Q) -> None:
        self._lock = threading.Lock()
        self._counted = of_site
        self._day = date.min
        self._tokens: OrderedDict[str, int] = OrderedDict()
        self._addresses: dict[str, int] = {}
        self._minute = 0
        self._sites: dict[UUID, tuple[int, float]] = {}

    def count(
        self, *, site_id: UUID, daily_limit: int, token_mac: str, address_key: str, now: datetime
    ) -> tuple[Cap | None, int]:
        """Count one, unless a cap is reached; also how often the token was used that day."""
        of_site = self._of_site(site_id, now)
        with self._lock:
            of_token = self._of_token(token_mac, now)
            cap = cap_reached(
                of_site=of_site,
                daily_limit=daily_limit,
                of_token=of_token,
                of_address=self._of_address(address_key, now),
            )
            if cap is None:
                self._note(site_id, token_mac, address_key, of_token)
        return cap, of_token

    def _note(self, site_id: UUID, token_mac: str, address_key: str, of_token: int) -> None:
        self._tokens[token_mac] = of_token + 1
        self._tokens.move_to_end(token_mac)
        if len(self._tokens) > _MOST_TOKENS:
            self._tokens.popitem(last=False)
        if len(self._addresses) < _MOST_ADDRESSES or address_key in self._addresses:
            self._addresses[address_key] = self._addresses.get(address_key, 0) + 1
        count, good_until = self._sites[site_id]
        self._sites[site_id] = (count + 1, good_until)

    def _of_token(self, token_mac: str, now: datetime) -> int:
        if (day := now.astimezone(UTC).date()) > self._day:
            self._day = day
            self._tokens.clear()
        return self._tokens.get(token_mac, 0)

    def _of_address(self, address_key: str, now: datetime) -> int:
        minute = int(now.timestamp()) // 60
        if minute > self._minute:
            self._minute, self._addresses = minute, {}
        return self._addresses.get(address_key, 0) if address_key else 0

    def _of_site(self, site_id: UUID, now: datetime) -> int:
        known = self._sites.get(site_id)
        if known is not None and known[1] > time.monotonic():
            return known[0]
        since = now - timedelta(days=1)
        told = Interaction.objects.filter(self._counted, site_id=site_id, created_at__gt=since)
        count = told.count()
        self._sites[site_id] = (count, time.monotonic() + _SITE_COUNTS_LIVE_S)
        return count


clicks = Counters(of_site=~_ONLY_FETCHED)
fetches = Counters(of_site=_ONLY_FETCHED)
