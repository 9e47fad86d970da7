"""Looks at the processes of this machine (Linux: /proc), to see what a stop has left behind."""

import os
import time
from pathlib import Path


def processes_of(var: Path) -> dict[int, str]:
    """The processes, by id, that work for the folder `var`, and what they run.

    By their environment or, as Valkey writes its title over that, by their working folder.
    """
    mark = f"PINAPP_VAR={var}".encode()
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
            inside = (folder / "cwd").readlink() == var
        except OSError:  # it ended while we looked
            continue
        # A zombie has neither: it is gone, only its parent has not asked for its exit code yet.
        if (inside or mark in environment) and int(folder.name) != os.getpid():
            found[int(folder.name)] = command
    return found


def left_behind(var: Path, *, within: float = 0.0) -> dict[int, str]:
    """What still runs of `var`, waiting at most `within` seconds for nothing."""
    give_up_at = time.monotonic() + within
    while (found := processes_of(var)) and time.monotonic() < give_up_at:
        time.sleep(0.05)
    return found


def process_id(var: Path, words: str) -> int:
    """The one process of `var` whose command line has `words`; the oldest when it has children."""
    return min(number for number, command in processes_of(var).items() if words in command)


def environment_of(var: Path, words: str) -> bytes:
    """What that process was given as its environment."""
    return Path(f"/proc/{process_id(var, words)}/environ").read_bytes()
