"""The times of each week at which an account publishes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


@dataclass(frozen=True, slots=True, order=True)
class SlotTime:
    """A time of each week as clocks of an IANA zone show it; `weekday` 0 is Monday."""

    weekday: int
    clock: time
    zone: str
