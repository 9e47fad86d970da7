"""The command: `python -m tests.bench` (see `python3 dev.py bench`). BENCH=name runs one."""

from __future__ import annotations

import os
import platform
import signal
import sys
import time
from pathlib import Path

import django

from tests.bench import analytics, interactions, publishing
from tests.bench.rows import Row, table, write
from tests.bench.world import ROOT, World, build_world
from tests.postgres import NotAvailable
from tests.servers import CANNOT_RUN

BENCHES = {"publishing": publishing, "interactions": interactions, "analytics": analytics}


def main() -> int:
    """Run what BENCH names, or all; 0 when every goal is met."""
    # A run that is told to end cleans up, as it does after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    chosen = os.environ.get("BENCH") or ""
    if chosen and chosen not in BENCHES:
        sys.stderr.write(f"BENCH is {chosen!r}; it must be one of: {', '.join(BENCHES)}.\n")
        return 2
    folder = Path(os.environ.get("PINAPP_VAR") or ROOT / "var") / "bench"
    try:
        rows = [row for name in BENCHES if chosen in ("", name) for row in run(name, folder)]
    except NotAvailable as reason:
        sys.stderr.write(f"The benchmarks can't run here: {reason}\n")
        return CANNOT_RUN
    except KeyboardInterrupt:
        return 130
    return 1 if any(row.is_met is False for row in rows) else 0


def run(name: str, folder: Path) -> list[Row]:
    """Run one benchmark in a world of its own, show its table, and keep its figures."""
    bench, began_at = BENCHES[name], time.monotonic()
    rows: list[Row] = []
    with build_world() as world:
        set_up_django(world)
        for group in bench.measure(world):
            rows += group
            # Kept as it comes: a group that can't be measured takes none of the others along.
            write(rows, folder / f"{name}.json")
            say(f"  … {time.monotonic() - began_at:.0f} s")
            for line in table(group):
                say(f"    {line}")
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    say(f"\n{name}: {machine}, Python {platform.python_version()}")
    for line in (*bench.NOTES, "", *table(rows)):
        say(line)
    return rows


def set_up_django(world: World) -> None:
    """Make this process one of the application's, and its database the application's."""
    os.environ.update(world.environment)
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up by now
    from django.db import connection  # noqa: PLC0415 - likewise

    # One connection at a time, which can be pointed at another database of the server.
    connection.settings_dict["OPTIONS"].pop("pool", None)
    call_command("migrate", verbosity=0)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
