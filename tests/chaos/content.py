"""Writes what is to be published: `python -m tests.chaos.content PINS SEED`, in the stage's world.

A process of its own, so that the run itself needs no Django. Prints what it wrote as JSON.
"""

from __future__ import annotations

import json
import sys

import django


def main(arguments: list[str]) -> int:
    """Write the Pins; the environment says where."""
    django.setup()
    from tests.chaos import rows  # noqa: PLC0415 - models exist once Django is set up

    pins, seed = map(int, arguments)
    sys.stdout.write(json.dumps(rows.write(pins=pins, seed=seed)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
