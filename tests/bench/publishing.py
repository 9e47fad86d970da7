"""The benchmark of publishing: claiming, lateness, throughput, pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sandbox.remote import SandboxControl
from tests.bench.rows import Row
from tests.bench.world import DURABILITY, World

NOTES = (
    DURABILITY + "; Valkey; the sandbox answers each new Pin after 100 ms.",
    "Medians of interleaved rounds; each ratio is of figures from this one run.",
)


def measure(world: World) -> Iterator[list[Row]]:
    """Measure group by group."""
    from tests.bench import claiming, pages, sending  # noqa: PLC0415 - Django is set up by now
    from tests.bench.content import make_studio, put_figures_off  # noqa: PLC0415 - likewise

    with SandboxControl(world.sandbox_url) as sandbox:
        studio = make_studio(sandbox, accounts=40, boards=5)
        put_figures_off()
        groups: tuple[Callable[[], list[Row]], ...] = (
            lambda: sending.measure_throughput(world, studio),
            lambda: sending.measure_lateness(world, studio),
            lambda: sending.measure_one_board(world, studio),
            lambda: claiming.measure(world, studio),
            # Last: it leaves Pins behind.
            pages.measure,
        )
        sending.slow_down(sandbox)
        for group in groups:
            yield group()
