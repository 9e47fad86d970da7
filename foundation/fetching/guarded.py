"""An HTTP connection that resolves once, checks the address, and connects to that very address.

The standard library's own client is used because it does nothing unasked: no proxies from the
environment, no cookies, no netrc, no redirects, no decompression.
"""

import contextlib
import functools
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Final

import certifi

from foundation.fetching.networks import (
    Address,
    LookupFailedError,
    Network,
    is_public,
    is_within,
    look_up,
)

_CONNECT_TIMEOUT_S: Final = 5.0
_ADDRESSES_TRIED: Final = 4
_PUBLIC_PORTS: Final = frozenset({80, 443})


class ForbiddenAddressError(Exception):
    """The host leads where a user's URL may not; `by_port` when only the port is wrong."""

    def __init__(self, *, by_port: bool) -> None:
        super().__init__("port" if by_port else "address")
        self.by_port = by_port


class UnreachableError(Exception):
    """No address of the host could be found or connected to."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What a fetch may do: extra networks it may reach, and when it ends (monotonic seconds)."""

    networks: tuple[Network, ...]
    deadline: float

    def remaining_s(self) -> float:
        """Seconds left; raises TimeoutError when there are none."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self.deadline

    def permit(self, addresses: list[Address], port: int) -> list[Address]:
        """Keep the addresses that may be connected to; raises ForbiddenAddressError for none."""
        public = [each for each in addresses if is_public(each)]
        invited = [each for each in addresses if is_within(each, self.networks)]
        if port in _PUBLIC_PORTS:
            invited = [each for each in addresses if each in invited or each in public]
        if not invited:
            raise ForbiddenAddressError(by_port=bool(public))
        return invited


class GuardedConnection(HTTPConnection):
    """Connects only where its guard permits; TLS is verified against the name in the URL."""

    def __init__(self, host: str, port: int, guard: Guard, *, tls: bool) -> None:
        super().__init__(host, port)
        self.default_port = 443 if tls else 80
        self._guard = guard
        self._tls = tls
        # http.client forgets `sock` once a closing answer has begun; the watchdog needs it still.
        self._wire: socket.socket | None = None

    def connect(self) -> None:
        """Resolve, check, connect; raises ForbiddenAddressError, UnreachableError or OSError."""
        try:
            addresses = look_up(self.host, self.port, timeout_s=self._guard.remaining_s())
        except LookupFailedError:
            raise UnreachableError from None
        self.sock = self._wire = self._dial(self._guard.permit(addresses, self.port))
        if self._tls:
            self._secure(self._wire)
        self.sock.settimeout(self._guard.remaining_s())

    def _secure(self, plain: socket.socket) -> None:
        secured = _tls_context().wrap_socket(
            # A name with a dot at its end is the same name; certificates have none.
            plain,
            server_hostname=self.host.removesuffix("."),
            do_handshake_on_connect=False,
        )
        # Known to the watchdog before the handshake, so that one that never ends can be cut.
        self.sock = self._wire = secured
        secured.do_handshake()

    @contextlib.contextmanager
    def cut_at_deadline(self) -> Iterator[None]:
        """End the connection when the guard's time is up, whatever it is waiting for.

        A timeout of the socket bounds one wait; a server that sends a byte now and then would
        never meet it.
        """
        watchdog = threading.Timer(self._guard.remaining_s(), self._cut)
        watchdog.daemon = True
        watchdog.start()
        try:
            yield
        finally:
            watchdog.cancel()

    def _cut(self) -> None:
        """Wake the thread that waits on the socket."""
        if self._wire is not None:
            # The base class's method: TLS sockets override it with one that is not for threads.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._wire, socket.SHUT_RDWR)

    def _dial(self, addresses: list[Address]) -> socket.socket:
        for address in addresses[:_ADDRESSES_TRIED]:
            timeout_s = min(_CONNECT_TIMEOUT_S, self._guard.remaining_s())
            with contextlib.suppress(OSError):
                return _connect(address, self.port, timeout_s=timeout_s)
        raise UnreachableError


def _connect(address: Address, port: int, *, timeout_s: float) -> socket.socket:
    """Connect to the address itself; `socket.create_connection` would ask the resolver again."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    connected = socket.socket(family, socket.SOCK_STREAM)
    try:
        connected.settimeout(timeout_s)
        connected.connect((str(address), port))
    except OSError:
        connected.close()
        raise
    return connected


@functools.cache
def _tls_context() -> ssl.SSLContext:
    """Trust what this machine trusts (a company's own authority, say) and the public ones."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
