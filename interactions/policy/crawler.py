"""Whether an address is Pinterest's, as its names tell: rules without the asking. Pure.

Pinterest's page on its crawler says that addresses change without notice, and to ask DNS instead:
the address's name must be Pinterest's, and the name must lead back to the address. Names seen:
crawl-54-236-1-12.pinterest.com and crawl-bc5f99bb.pinterestcrawler.com (docs/pinit.md).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from interactions.policy.levels import Verdict

SUFFIXES: Final = ("pinterest.com", "pinterestcrawler.com")
MOST_NAMES: Final = 4
"""Names of one address that are looked at; more are a trick."""

LOOKUPS_A_MINUTE: Final = 300
"""For all workers together, so that nobody can make us flood a resolver."""

_GOOD_FOR: Final = {Verdict.YES: timedelta(hours=24), Verdict.NO: timedelta(hours=1)}
_FIRST_RETRY: Final = timedelta(minutes=1)
_LONGEST_RETRY: Final = timedelta(hours=6)
GIVE_UP_AFTER: Final = timedelta(days=3)
"""An address that DNS says nothing of for so long stays unknown."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Labels = tuple[str, ...]
"""A name of DNS without its root: `("crawl-1", "pinterest", "com")`."""

_HOST_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Finding:
    """What asking found: the verdict, the name it rests on, and why."""

    verdict: Verdict
    name: str
    reason: str


def read_address(text: str) -> Address | None:
    """An address, IPv4 within IPv6 taken out; None for none."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def can_be_asked(address: Address, allowed: Sequence[str] = ()) -> bool:
    """Whether the public DNS can know the address; `allowed` are networks of a demo."""
    if any(
        address.version == network.version and address in network
        for network in map(ipaddress.ip_network, allowed)
    ):
        return True
    return address.is_global and not address.is_multicast


def names_of_pinterest(
    names: Collection[Labels], suffixes: Sequence[str] = SUFFIXES
) -> list[Labels]:
    """Those of an address's names that are host names below Pinterest's domains, a few.

    Compared label by label: DNS lets a label hold a dot, so that the labels `a.pinterest` and `com`
    look like a name of Pinterest's when they are written down, and are somebody else's.
    """
    domains = [tuple(each.lower().strip(".").split(".")) for each in suffixes]
    plain = sorted(tuple(label.lower() for label in name) for name in names)
    return [
        name
        for name in plain
        if all(map(_HOST_LABEL.fullmatch, name)) and any(_is_below(name, each) for each in domains)
    ][:MOST_NAMES]


def _is_below(name: Labels, domain: Labels) -> bool:
    return len(name) > len(domain) and name[-len(domain) :] == domain


def good_until(verdict: Verdict, *, now: datetime) -> datetime | None:
    """How long a verdict is believed; None for one that is none."""
    life = _GOOD_FOR.get(verdict)
    return None if life is None else now + life


def next_check(*, tries: int, first_seen: datetime, now: datetime) -> datetime | None:
    """When an address that DNS said nothing of is asked about again; None when no more."""
    if now - first_seen > GIVE_UP_AFTER:
        return None
    doublings: int = 2 ** min(tries, 10)
    return now + min(_FIRST_RETRY * doublings, _LONGEST_RETRY)
