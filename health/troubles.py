"""What the supervisor knows of processes that will not stay up, for `/readyz` to say."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

_FILE = "supervisor.json"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A process that ended again and again.

    `deaths` are those of the last minutes, `code` is how the last one ended (negative: by which
    signal), `starts_at` when it is started again (Unix time; 0 while it runs). `is_over`: it has
    run long enough since, and its deaths are only worth a remark.
    """

    name: str
    deaths: int
    code: int
    starts_at: float
    is_over: bool = False

    @property
    def was_killed(self) -> bool:
        """By SIGKILL, as the kernel does it when memory runs out."""
        return self.code in (-9, 137)

    @property
    def seconds_left(self) -> int:
        """Until it is started again; 0 while it runs."""
        return max(round(self.starts_at - time.time()), 0) if self.starts_at else 0


def write_troubles(var: Path, troubles: Sequence[Trouble]) -> None:
    """Leave word in `var`; an empty list takes it back."""
    file = var / _FILE
    if not troubles:
        file.unlink(missing_ok=True)
        return
    body = {"supervisor": os.getpid(), "troubles": [asdict(each) for each in troubles]}
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(body))
    draft.replace(file)


def read_troubles(var: Path) -> list[Trouble]:
    """What a supervisor that still runs has left word of; nothing where there is none."""
    try:
        body = json.loads((var / _FILE).read_text())
    except FileNotFoundError:
        return []
    if not _is_alive(body["supervisor"]):
        return []
    return [Trouble(**each) for each in body["troubles"]]


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
