"""Percentages are rounded as people round them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.percents import percent


@pytest.mark.parametrize(
    ("fraction", "places", "text"),
    [
        (0.05625, 2, "5.63%"),
        (0.00125, 2, "0.13%"),
        (0.005, 0, "1%"),
        (0.125, 0, "13%"),
        (0.025, 0, "3%"),
        (0.0005, 1, "0.1%"),
        (1, 1, "100.0%"),
        (0, 2, "0.00%"),
        (1 / 3, 2, "33.33%"),
        (12.345, 0, "1,235%"),
        (-0.125, 0, "-13%"),
        (-0.001, 0, "0%"),
    ],
)
def test_a_half_is_rounded_up(fraction: float, places: int, text: str) -> None:
    assert percent(fraction, places) == text


@pytest.mark.parametrize(
    ("fraction", "text"),
    [(0.125, "+13%"), (-0.125, "-13%"), (0, "+0%"), (-0.001, "+0%"), (10, "+1,000%")],
)
def test_a_change_has_its_sign(fraction: float, text: str) -> None:
    assert percent(fraction, signed=True) == text


@given(st.integers(0, 10**6), st.integers(0, 3))
def test_what_is_written_is_what_it_is(value: int, places: int) -> None:
    """A fraction with as many places as are shown is shown as it is."""
    fraction = value / 10 ** (places + 2)
    assert float(percent(fraction, places).removesuffix("%").replace(",", "")) == value / 10**places
