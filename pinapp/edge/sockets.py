"""What the system's side of a connection may hold, which no server setting says."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path
from typing import Final

from pinapp.edge.limits import KB

_OPEN: Final = Path("/proc/self/fd")
_UNSENT: Final = 256 * KB
_UNTAKEN_MS: Final = 60_000


def bound_connections() -> None:
    """Bound those that will come in at each listening socket of this process, on Linux.

    Short answers are out of our hands when they are made. Who asks for thousands on one connection
    and reads none would have the system hold megabytes of them, for as long as they like.
    """
    if not _OPEN.exists():
        return
    for descriptor in [int(each.name) for each in _OPEN.iterdir()]:
        if _is_socket(descriptor):
            with socket.socket(fileno=os.dup(descriptor)) as each:
                _bound(each)


def _is_socket(descriptor: int) -> bool:
    try:
        return stat.S_ISSOCK(os.fstat(descriptor).st_mode)
    except OSError:
        return False  # that of the listing itself, which is closed by now


def _bound(each: socket.socket) -> None:
    """Connections have these options from the socket that they come in at."""
    is_tcp = each.family in (socket.AF_INET, socket.AF_INET6) and each.type == socket.SOCK_STREAM
    if is_tcp and each.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        each.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNSENT)
        each.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNTAKEN_MS)
