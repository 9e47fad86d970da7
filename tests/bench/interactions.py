"""The benchmark of Pin-it interactions: clicks, fetches of pictures, and both beside millions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.bench.rows import Row
from tests.bench.world import DURABILITY, World

NOTES = (
    DURABILITY + "; Valkey; Granian with 8 threads, as `make run` starts it; 16 connections kept.",
    "Medians of interleaved rounds; each ratio is of figures from this one run.",
)


def measure(world: World) -> Iterator[list[Row]]:
    """Measure group by group."""
    from tests.bench import doors  # noqa: PLC0415 - Django is set up by now

    shop = doors.make_shop(world)
    groups: tuple[Callable[[], list[Row]], ...] = (
        lambda: doors.measure_clicks(world, shop),
        lambda: doors.measure_pictures(world, shop),
        lambda: doors.measure_millions(world, shop),
    )
    for group in groups:
        yield group()
