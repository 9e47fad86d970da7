"""Keeps every test on this machine: whatever the way out, it is refused with a clear error.

An audit hook rather than a patched `socket.connect`: it also sees `connect_ex`, datagrams and
name look-ups, in every thread, and no library can hold a reference from before.
"""

import ipaddress
import socket
import sys
from typing import Any

# RFC 6761: names that never exist, so a test may look one up and be told so.
_NEVER_EXIST = (".invalid", ".test")
_WAYS_OUT = {"socket.connect", "socket.sendto", "socket.sendmsg"}


class LeftTheMachine(RuntimeError):
    """A test tried to reach something else than this machine."""


def is_local(host: str) -> bool:
    """Tell whether `host`, a name or an address, is this machine."""
    if host in {"", "localhost"} or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def refuse_to_leave(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse the sockets and look-ups that would leave (an audit hook, see `sys.addaudithook`)."""
    if not event.startswith("socket."):
        return  # also while Python shuts down and has already cleared this module's names
    if event in _WAYS_OUT:
        address = arguments[1]
        # Unix sockets have a path, connected datagrams no address at all.
        if isinstance(address, tuple) and not is_local(str(address[0])):
            # Callers clean up after an OSError, which this is not meant to be taken for.
            arguments[0].close()
            raise LeftTheMachine(f"A test tried to reach {address[0]}.")
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        _refuse_to_ask(arguments[0])


def _refuse_to_ask(host: object) -> None:
    name = host.decode() if isinstance(host, bytes) else str(host or "")
    if is_local(name) or _is_address(name) or name == socket.gethostname():
        return
    if name.endswith(_NEVER_EXIST):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    raise LeftTheMachine(f"A test tried to look up {name}.")


def _is_address(name: str) -> bool:
    """An address in numbers, in whatever notation, is understood without asking anybody."""
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        try:
            socket.inet_aton(name)
        except OSError:
            return False
    return True


sys.addaudithook(refuse_to_leave)
