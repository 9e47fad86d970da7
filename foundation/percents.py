"""Fractions as people write them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_WHOLE: Final = Decimal(100)


def percent(fraction: float, places: int = 0, *, signed: bool = False) -> str:
    """Such as "5.63%" for 0.05625 at two places: a half is rounded up, away from zero.

    `signed` puts a plus before what is not negative; nothing is ever "-0%". The fraction is taken
    as it is written, not as its nearest binary number.
    """
    step = Decimal(1).scaleb(-places)
    value = (Decimal(repr(float(fraction))) * _WHOLE).quantize(step, rounding=ROUND_HALF_UP)
    if value == 0:
        value = abs(value)
    return f"{value:{'+' if signed else ''},}%"
