"""Runs the tests: `python -m tests [ARGS of pytest]` (see dev.py test).

What could not run and what failed is named again at the end, with pytest's closing line last.
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
CANNOT_RUN = 77


@dataclass(frozen=True)
class Outcome:
    """How pytest ended, and the lines that it printed, without colours."""

    code: int
    lines: Sequence[str] = field(repr=False)

    def closing_line(self) -> str:
        """What pytest said last, without colours."""
        said = [line for line in self.lines if line.strip()]
        return said[-1] if said else f"pytest ended with code {self.code} and said nothing"

    def starting_with(self, *words: str) -> list[str]:
        return [line for line in self.lines if line.startswith(words)]


def run(arguments: Sequence[str]) -> Outcome:
    colour = "yes" if sys.stdout.isatty() else "no"
    # Starting the workers takes longer than a handful of chosen tests.
    parallel = () if arguments else ("-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadgroup")
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", f"--color={colour}", *parallel, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        written = pass_on(process)
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "tests.log").write_bytes(written)
    text = re.sub(r"\x1b\[[0-9;]*m", "", written.decode(errors="replace"))
    return Outcome(process.wait(), text.splitlines())


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


def report(outcome: Outcome) -> None:
    """Say what could not run, then what failed, then pytest's closing line."""
    print("\n=== Summary")
    if outcome.code == CANNOT_RUN:
        print("could not run on this machine: PostgreSQL, Valkey, Chromium")
    for line in outcome.starting_with("SKIPPED"):
        print(f"could not run on this machine: {line.removeprefix('SKIPPED ')}")
    for line in outcome.starting_with("FAILED", "ERROR"):
        print(line)
    print(outcome.closing_line(), flush=True)


def main(arguments: Sequence[str]) -> int:
    outcome = run(arguments)
    report(outcome)
    return outcome.code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
