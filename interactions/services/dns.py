"""Forward-confirmed reverse DNS."""

from __future__ import annotations

import logging
from typing import Any, Final

import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver
import dns.reversename
from django.conf import settings

from interactions.policy.crawler import (
    Address,
    Finding,
    Labels,
    can_be_asked,
    names_of_pinterest,
    read_address,
)
from interactions.policy.levels import Verdict

logger = logging.getLogger(__name__)

_LIFETIME_S: Final = 2.0


class _NoAnswer(Exception):
    """DNS could not be asked, or did not say."""


def look_up(text: str) -> Finding:
    """Whether an address is Pinterest's crawler. Never raises; unknown is no yes.

    Takes at most a few times two seconds, so it has no place in a request.
    """
    address = read_address(text)
    if address is None or not can_be_asked(address, settings.CRAWLER_ALLOWED_NETWORKS):
        return Finding(Verdict.NO, "", "not a public address")
    try:
        return _ask(address, _resolver())
    except _NoAnswer as error:
        return Finding(Verdict.UNKNOWN, "", str(error))


def _ask(address: Address, resolver: dns.resolver.Resolver) -> Finding:
    reverse = dns.reversename.from_address(str(address))
    pointers = _resolve(resolver, reverse, dns.rdatatype.PTR)
    names = names_of_pinterest(
        [_labels(each.target) for each in pointers], settings.CRAWLER_SUFFIXES
    )
    if not names:
        return Finding(Verdict.NO, "", "its name is not Pinterest's")
    kind = dns.rdatatype.A if address.version == 4 else dns.rdatatype.AAAA
    silent = False
    for labels in names:
        try:
            found = _resolve(resolver, dns.name.Name((*labels, "")), kind)
        except _NoAnswer:
            silent = True
            continue
        if address in {read_address(each.address) for each in found}:
            return Finding(Verdict.YES, ".".join(labels), "its name leads back to it")
    if silent:
        raise _NoAnswer("the name could not be looked up")
    return Finding(Verdict.NO, ".".join(names[0]), "its name does not lead back to it")


def _labels(name: dns.name.Name) -> Labels:
    """What the name consists of, byte by byte: its text would hide which dots divide labels."""
    return tuple(label.decode("latin-1") for label in name.labels if label)


def _resolve(
    resolver: dns.resolver.Resolver, name: dns.name.Name, kind: dns.rdatatype.RdataType
) -> list[Any]:
    """The records of a name; none where DNS says that there are none. Raises _NoAnswer."""
    try:
        answer = resolver.resolve(name, kind, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError) as error:
        raise _NoAnswer(type(error).__name__) from None
    return list(answer)


def _resolver() -> dns.resolver.Resolver:
    place = settings.DNS_RESOLVER
    resolver = dns.resolver.Resolver(configure=not place)
    if place:
        host, _, port = place.rpartition(":")
        resolver.nameservers = [host.strip("[]")]
        resolver.port = int(port)
    resolver.lifetime = _LIFETIME_S
    resolver.timeout = _LIFETIME_S / 2
    return resolver
