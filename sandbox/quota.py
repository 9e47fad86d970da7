"""Rate limits: fixed windows per user and minute (Standard) or per app and day (Trial)."""

import math
from dataclasses import dataclass
from datetime import datetime

from sandbox.records import App

# Calls per window: per minute, user and app on Standard; per day and app on Trial.
_STANDARD = {"org_read": 1000, "org_write": 100, "org_analytics": 60, "ads_read": 1000}
_TRIAL = {"org_read": 1000, "org_write": 300, "org_analytics": 1000, "ads_read": 1000}
# Above the categories: 100 calls per second and user on Standard, 1,000 a day and app on Trial.
_UNIVERSAL = "universal"
_STANDARD_UNIVERSAL = 100
_TRIAL_UNIVERSAL = 1000


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a window; `reset_seconds` counts down to its end."""

    limit: int
    remaining: int
    reset_seconds: int
    exceeded: bool = False


class Quotas:
    """Counts calls. Not thread-safe: the sandbox calls it under its lock."""

    def __init__(self) -> None:
        self._used: dict[tuple[str, str, str], tuple[int, int]] = {}
        self.overrides: dict[str, int | None] = {}

    def spend(self, *, app: App, account_id: str, category: str, now: datetime) -> Allowance:
        """Count one call and say what is left; an exceeded window is not counted further."""
        per_day = app.tier == "trial"
        owner = "" if per_day else account_id
        limits = _TRIAL if per_day else _STANDARD
        universal = self._spend_window(
            (app.id, owner, _UNIVERSAL),
            limit=self._limit(_UNIVERSAL, _TRIAL_UNIVERSAL if per_day else _STANDARD_UNIVERSAL),
            seconds=86_400 if per_day else 1,
            now=now,
        )
        if universal.exceeded:
            return universal
        return self._spend_window(
            (app.id, owner, category),
            limit=self._limit(category, limits[category]),
            seconds=86_400 if per_day else 60,
            now=now,
        )

    def idle(self, category: str) -> Allowance:
        """The headers' figures for a caller who is not known yet."""
        limit = self._limit(category, _STANDARD[category])
        return Allowance(limit, limit, 60)

    def counters(self) -> list[dict[str, object]]:
        """All windows in use, for the control plane."""
        return [
            {"app_id": app_id, "account_id": account_id, "category": category, "used": used}
            for (app_id, account_id, category), (_, used) in self._used.items()
        ]

    def _limit(self, category: str, default: int) -> int:
        limit = self.overrides.get(category, default)
        return 1_000_000_000 if limit is None else limit

    def _spend_window(
        self, key: tuple[str, str, str], *, limit: int, seconds: int, now: datetime
    ) -> Allowance:
        stamp = now.timestamp()
        window = int(stamp // seconds)
        reset = max(1, math.ceil((window + 1) * seconds - stamp))
        known, used = self._used.get(key, (window, 0))
        if known != window:
            used = 0
        if used >= limit:
            return Allowance(limit, 0, reset, exceeded=True)
        self._used[key] = (window, used + 1)
        return Allowance(limit, limit - used - 1, reset)
