"""Start child processes that cannot outlive whoever started them."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Account:
    """An operating system account that a child runs as (only root can ask for one)."""

    user: int
    group: int


def tie_to_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """Give a `preexec_fn` after which the kernel sends `death_signal` when the parent dies.

    Linux only; elsewhere nothing outlives an orderly stop, but a SIGKILL of the parent leaves
    its children. The parent is the *thread* that forks: call from one that lives on.
    """
    parent = os.getpid()

    def tie() -> None:
        if _LIBC is None:
            return
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:  # it died between fork and prctl: nobody would tell us
            os._exit(1)

    return tie


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str],
    directory: Path,
    account: Account | None = None,
    death_signal: signal.Signals = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, its output appended to `log`.

    A session of its own, so that Ctrl-C reaches only the supervisor, which stops in order.
    Raises OSError when the program cannot be started.
    """
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - the commands are ours, no shell is involved
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=directory,
            env=dict(environment),
            start_new_session=True,
            user=account.user if account else None,
            group=account.group if account else None,
            extra_groups=[] if account else None,
            # The one way to be told of a parent's death; it only makes two system calls.
            preexec_fn=tie_to_parent(death_signal),
        )
