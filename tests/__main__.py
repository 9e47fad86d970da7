"""Runs the whole suite on each database: `python -m tests [ARGS of pytest]` (see dev.py test).

First on PostgreSQL with Valkey and a browser, then on SQLite with Valkey. pytest's closing line
of each run is repeated at the end, that of a failed run last, with what failed above it.
"""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "var" / "test-results"
PASSED, INTERRUPTED, NO_TESTS, CANNOT_RUN = 0, 2, 5, 77


@dataclass(frozen=True)
class Suite:
    """One run of pytest: what it runs on, and what it leaves out."""

    name: str
    database: str
    options: Sequence[str] = ()


@dataclass(frozen=True)
class Outcome:
    suite: Suite
    code: int
    lines: Sequence[str] = field(repr=False)

    @property
    def passed(self) -> bool:
        return self.code == PASSED

    @property
    def failed(self) -> bool:
        return self.code not in {PASSED, NO_TESTS, CANNOT_RUN}

    def closing_line(self) -> str:
        """What pytest said last, without colours."""
        said = [line for line in self.lines if line.strip()]
        return said[-1] if said else f"pytest ended with code {self.code} and said nothing"

    def starting_with(self, *words: str) -> list[str]:
        return [line for line in self.lines if line.startswith(words)]


SUITES = (
    Suite("PostgreSQL, Valkey, Chromium", "postgres"),
    # What does not depend on the database, or needs a browser, ran above.
    Suite("SQLite, Valkey", "sqlite", ("-m", "not browser and not any_database")),
)


def run(suite: Suite, arguments: Sequence[str]) -> Outcome:
    print(f"\n=== {suite.name}\n", flush=True)
    colour = "yes" if sys.stdout.isatty() else "no"
    # Starting the workers takes longer than a handful of chosen tests.
    parallel = () if arguments else ("-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadgroup")
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "pytest", f"--color={colour}", *parallel),
            *(*suite.options, *arguments),
        ],
        cwd=ROOT,
        env={**os.environ, "TEST_DATABASE": suite.database},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    written = pass_on(process)
    (RESULTS / f"{suite.database}.log").write_bytes(written)
    text = re.sub(r"\x1b\[[0-9;]*m", "", written.decode(errors="replace"))
    return Outcome(suite, process.wait(), text.splitlines())


def pass_on(process: "subprocess.Popen[bytes]") -> bytes:
    """Show the output as it comes, dot by dot, and keep it."""
    assert process.stdout is not None
    kept = bytearray()
    while True:
        try:
            chunk = os.read(process.stdout.fileno(), 65536)
        except KeyboardInterrupt:  # pytest got it too, and says what it had done so far
            continue
        if not chunk:
            return bytes(kept)
        kept += chunk
        sys.stdout.buffer.write(chunk)
        sys.stdout.flush()


def report(outcomes: Sequence[Outcome]) -> None:
    """Say what could not run, then what failed, then each closing line, a failed one last."""
    print("\n=== Summary")
    for outcome in outcomes:
        if outcome.code == CANNOT_RUN:
            print(f"could not run on this machine: {outcome.suite.name}. {outcome.closing_line()}")
        for line in outcome.starting_with("SKIPPED"):
            print(f"could not run on this machine: {line.removeprefix('SKIPPED ')}")
    for outcome in sorted(outcomes, key=lambda each: each.failed):
        print(f"\n{outcome.suite.name}:")
        for line in outcome.starting_with("FAILED", "ERROR"):
            print(line)
        print(outcome.closing_line(), flush=True)


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """The first failure's; nothing run at all is a failure too."""
    for outcome in outcomes:
        if outcome.failed:
            return outcome.code
    return PASSED if any(outcome.passed for outcome in outcomes) else NO_TESTS


def main(arguments: Sequence[str]) -> int:
    RESULTS.mkdir(parents=True, exist_ok=True)
    outcomes = []
    for suite in SUITES:
        outcomes.append(run(suite, arguments))
        if outcomes[-1].code == INTERRUPTED:
            break
    report(outcomes)
    return exit_code(outcomes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
