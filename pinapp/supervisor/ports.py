"""Looks whether a port is free before anything is started, to name the way out."""

import contextlib
import errno
import socket

from pinapp.supervisor.plan import CannotStart


def refuse_taken(variable: str, host: str, port: int) -> None:
    """Raise CannotStart when nothing could listen on `port` of `host`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with contextlib.closing(socket.socket(family, socket.SOCK_STREAM)) as door:
        # As servers do it: connections of an earlier run that are still closing do not count.
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError as error:
            raise CannotStart(_sentence(variable, host, port, error)) from None


def _sentence(variable: str, host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken by another program. Stop that one, or choose another port: "
            f"{variable}={port + 1 if port < 65000 else port - 1} make run"
        )
    if error.errno == errno.EACCES:
        return f"This account may not use port {port}. Set {variable} to one above 1023."
    return f"PinApp cannot listen on {host}, port {port}: {error.strerror}. Check HOST."
