"""Looking at the page that a Pin's link leads to."""

from __future__ import annotations

from typing import Final

import msgspec
from django.conf import settings

from foundation.bounded import Limits, run_bounded
from foundation.fetching.links import LinkLook, look_at_link
from publishing.preflight.policy.nopin import PageHead, may_forbid

_JOB: Final = "publishing.preflight.policy.nopin:find_nopin"
_LIMITS: Final = Limits(memory_bytes=512 * 1024 * 1024, cpu_s=5, wall_s=10, answer_bytes=1)


def look_at(link: str) -> LinkLook:
    """Ask the page of a link; raises nothing."""
    return look_at_link(link, allowed_networks=tuple(settings.FETCH_ALLOWED_NETWORKS))


def forbids_pins(look: LinkLook) -> bool:
    """Whether the page forbids Pins of it.

    Raises BoundedFailure for one that took more than a page is given; it may be fine.
    """
    if not may_forbid(look.head):
        return False
    request = msgspec.msgpack.encode(PageHead(look.head, look.charset))
    return bool(run_bounded(_JOB, request, limits=_LIMITS))
