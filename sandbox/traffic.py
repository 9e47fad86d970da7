"""How often an account and its Pins are seen, day by day: a seeded model, the same each time."""

import math
import random
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from sandbox.call import SignedCall
from sandbox.records import Pin

COUNTS: Final = ("IMPRESSION", "ENGAGEMENT", "SAVE", "PIN_CLICK", "OUTBOUND_CLICK")
_PARTS: Final = ((0.01, 0.03), (0.02, 0.05), (0.005, 0.015))
_DAYS_LISTED: Final = 90


def counts_of_day(call: SignedCall, day: date, seed: str, *, share: float = 1.0) -> dict[str, int]:
    """A day's counts: weeks have a rhythm, months a slope, and the last two days still grow.

    A few Pins have most of what their account has. `share` is the part that filters leave.
    """
    noise, *parts = _chance(seed, day)
    weekly = 1 + 0.25 * math.sin(2 * math.pi * day.toordinal() / 7)
    level = 400 + day.toordinal() % 365 + 0.4 * call.account.follower_count
    if seed != call.account.id:
        level *= 0.002 + 0.25 * _luck(seed) ** 8
    shown = level * weekly * noise * share * _passed(call, day)
    saves, clicks, outbound = (int(shown * each) for each in parts)
    counts = (int(shown), saves + clicks + outbound, saves, clicks, outbound)
    return dict(zip(COUNTS, counts, strict=True))


def listed_counts(call: SignedCall, pin: Pin) -> tuple[dict[str, int], dict[str, int]]:
    """What a list says of a Pin: counts of 90 days, the sum of its days, and of ever.

    Older days are taken to be as good as those on average.
    """
    today = call.now.astimezone(UTC).date()
    born = pin.created_at.astimezone(UTC).date()
    first = max(born, today - timedelta(days=_DAYS_LISTED - 1))
    days = [first + timedelta(days=number) for number in range((today - first).days + 1)]
    each_day = [counts_of_day(call, day, pin.id) for day in days]
    recent = {name: sum(counts[name] for counts in each_day) for name in COUNTS}
    longer = ((today - born).days + 1) / max(1, len(days))
    return recent, {name: round(count * longer) for name, count in recent.items()}


def responses(ever: dict[str, int]) -> tuple[int, int]:
    """Comments and reactions of a Pin that has these counts of ever."""
    reactions = 1 + ever["IMPRESSION"] // 40
    return reactions // 9, reactions


@lru_cache(200_000)
def _chance(seed: str, day: date) -> tuple[float, ...]:
    chance = random.Random(f"{seed}/{day}")  # noqa: S311 - repeatable chance, guards nothing
    return chance.uniform(0.8, 1.25), *(chance.uniform(*each) for each in _PARTS)


@lru_cache(10_000)
def _luck(seed: str) -> float:
    return random.Random(seed).random()  # noqa: S311 - likewise


def _passed(call: SignedCall, day: date) -> float:
    """How much of what a day will have is counted by now: it takes two days to come in."""
    began = datetime.combine(day, time(), UTC)
    return min(1.0, max(0.0, (call.now - began) / timedelta(days=2)))
