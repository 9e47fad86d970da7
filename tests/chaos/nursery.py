"""Has the code of a worker loaded, and forks workers: `python -m tests.chaos.nursery LOG ARGS...`.

A worker that is killed every few seconds would spend the run's processor time on starting: it
takes seconds to load, and a moment to fork. From then on it is Celery's own worker, started as its
command line starts it. Each line on standard input asks for one; its process id is the answer.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import signal
import sys
from pathlib import Path

import celery.bin.celery
import django

from pinapp.supervisor.spawn import tie_to_parent


def main(arguments: list[str]) -> None:
    """Serve until standard input ends."""
    log, *words = arguments
    load()
    # The kernel forgets dead workers by itself.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    tie = tie_to_parent(signal.SIGKILL)
    print("loaded", flush=True)
    for _ in sys.stdin:
        number = os.fork()
        if number == 0:
            os.setsid()
            tie()
            become_worker(Path(log), words)
        print(number, flush=True)


def load() -> None:
    """Import all that a worker needs."""
    django.setup()
    importlib.import_module("celery.concurrency.thread")
    for topic in ("pins", "boards", "media", "delivery", "reconcile"):
        package = importlib.import_module(f"publishing.{topic}")
        for part in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(part.name)


def become_worker(log: Path, words: list[str]) -> None:
    """Run Celery's command in this process, and never return."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, standard in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(ours, standard)
    sys.argv = ["celery", *words]
    code = 1
    try:
        code = int(celery.bin.celery.main() or 0)
    finally:
        os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
