"""Which network addresses a URL typed by a user may lead this server to."""

import ipaddress
import queue
import socket
import threading
from collections.abc import Collection, Sequence
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Not private by Python's tables, and yet ways into a private network: translation and tunnel
# prefixes that carry an IPv4 address inside, retired site-local addresses, relays.
_BACK_DOORS: Final[tuple[Network, ...]] = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.0.0/24",
            "192.88.99.0/24",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "2001::/23",
            "2002::/16",
            "3fff::/20",
            "5f00::/16",
            "fec0::/10",
            "::/96",
        ),
    )
)


class LookupFailedError(Exception):
    """The name has no address, or the resolver did not say in time."""


def parse_networks(allowed_networks: Collection[str]) -> tuple[Network, ...]:
    """Read CIDRs such as `10.1.0.0/16`; raises ValueError for anything else."""
    return tuple(ipaddress.ip_network(each, strict=False) for each in allowed_networks)


def is_public(address: Address) -> bool:
    """Whether the address is somewhere on the public Internet."""
    bare = _unwrap(address)
    return (
        bare.is_global
        and not bare.is_multicast
        and not bare.is_reserved
        and not bare.is_unspecified
        and not is_within(bare, _BACK_DOORS)
    )


def is_within(address: Address, networks: Sequence[Network]) -> bool:
    """Whether one of the networks holds the address; IPv4 inside IPv6 counts as IPv4."""
    bare = _unwrap(address)
    return any(bare in network for network in networks)


def look_up(host: str, port: int, *, timeout_s: float) -> list[Address]:
    """Ask the system's resolver for the addresses of a host, each once, in its order.

    It understands every spelling of an address that connecting would (decimal, octal, hex), so
    what is checked is what is connected to. It cannot be interrupted, so it runs in a thread
    that is left behind when time is up. Raises LookupFailedError.
    """
    found: queue.SimpleQueue[list[Address]] = queue.SimpleQueue()
    thread = threading.Thread(target=lambda: found.put(_look_up(host, port)), daemon=True)
    thread.start()
    try:
        addresses = found.get(timeout=timeout_s)
    except queue.Empty:
        raise LookupFailedError(host) from None
    if not addresses:
        raise LookupFailedError(host)
    return addresses


def _look_up(host: str, port: int) -> list[Address]:
    try:
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    # A link-local answer can carry a zone ("fe80::1%eth0"), which says nothing to us.
    texts = (str(entry[4][0]).partition("%")[0] for entry in entries)
    return [ipaddress.ip_address(text) for text in dict.fromkeys(texts)]


def _unwrap(address: Address) -> Address:
    """Return the IPv4 address inside `::ffff:a.b.c.d`, which connects to just that."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
