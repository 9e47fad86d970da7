"""Finds lines of templates, styles and scripts that nobody can read: longer than 160 characters.

The formatters break lines where they can; a Django tag is what they can't break.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 160
FOLDERS = ("templates", "static", "pinapp", "pinterest", "sandbox", "tests")
KINDS = {".html", ".css", ".js", ".mjs"}


def sources() -> Iterator[Path]:
    """The templates, styles and scripts that are written by hand."""
    for folder in FOLDERS:
        yield from (path for path in sorted((ROOT / folder).rglob("*")) if path.suffix in KINDS)


def long_lines(paths: Iterable[Path]) -> list[str]:
    """Name each line that is too long, as `path:number: length`."""
    return [
        f"{path}:{number}: {len(line)} characters"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > LONGEST
    ]


if __name__ == "__main__":
    found = long_lines(sources())
    print("\n".join(found) if found else f"No line is longer than {LONGEST} characters.")
    sys.exit(1 if found else 0)
