"""When an interaction got where it is, from its evidence. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from interactions.policy.levels import EvidenceKind, Fact, Verdict


@dataclass(frozen=True, slots=True)
class Seen:
    """A fact and when it was seen."""

    fact: Fact
    at: datetime


@dataclass(frozen=True, slots=True)
class Times:
    """The first time of each step; None for one that was not seen."""

    clicked_at: datetime | None
    previewed_at: datetime | None
    fetched_at: datetime | None
    verified_at: datetime | None
    corroborated_at: datetime | None
    confirmed_at: datetime | None


def times_of(seen: Sequence[Seen]) -> Times:
    """The first times. A verified fetch counts from the fetch on, not from when DNS was asked."""
    genuine = {
        each.fact.about
        for each in seen
        if each.fact.kind is EvidenceKind.CRAWLER_CHECK and each.fact.verdict is Verdict.YES
    }
    of_pinterest = [each for each in seen if each.fact.id in genuine]
    verified_at = _first(of_pinterest, EvidenceKind.CRAWLER_FETCH)
    landed_at = _earliest(
        [_first(seen, EvidenceKind.LANDING_VISIT), _first(of_pinterest, EvidenceKind.LANDING_CRAWL)]
    )
    return Times(
        clicked_at=_first(seen, EvidenceKind.CLICK),
        previewed_at=_first(seen, EvidenceKind.PREVIEW_PROXY, EvidenceKind.BROWSER_PREVIEW),
        fetched_at=_first(seen, EvidenceKind.CRAWLER_FETCH),
        verified_at=verified_at,
        corroborated_at=max(verified_at, landed_at) if verified_at and landed_at else None,
        confirmed_at=_first(seen, EvidenceKind.PIN_FOUND),
    )


def _first(seen: Iterable[Seen], *kinds: EvidenceKind) -> datetime | None:
    return min((each.at for each in seen if each.fact.kind in kinds), default=None)


def _earliest(times: Iterable[datetime | None]) -> datetime | None:
    return min((each for each in times if each is not None), default=None)
