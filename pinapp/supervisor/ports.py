"""Looks whether a port is free before anything is started, to name the way out."""

import contextlib
import errno
import socket

from pinapp.supervisor.plan import CannotStart, Port


def refuse_taken(port: Port) -> None:
    """Raise CannotStart when nothing could listen on `port`."""
    family = socket.AF_INET6 if ":" in port.host else socket.AF_INET
    kind = socket.SOCK_DGRAM if port.is_udp else socket.SOCK_STREAM
    with contextlib.closing(socket.socket(family, kind)) as door:
        if not port.is_udp:
            # As servers do it: connections of an earlier run that are still closing do not count.
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((port.host, port.number))
        except OSError as error:
            raise CannotStart(_sentence(port, error)) from None


def _sentence(port: Port, error: OSError) -> str:
    number, name = port.number, f"{'UDP port' if port.is_udp else 'Port'} {port.number}"
    if error.errno == errno.EADDRINUSE:
        return (
            f"{name} is taken by another program. Stop that one, or choose another port: "
            f"{port.setting}={number + 1 if number < 65000 else number - 1} make run"
        )
    if error.errno == errno.EACCES:
        return f"This account may not use port {number}. Set {port.setting} to one above 1023."
    return f"PinApp cannot listen on {port.host}, port {number}: {error.strerror}. Check HOST."
