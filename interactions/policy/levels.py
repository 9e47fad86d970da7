"""How far an interaction is proved: a function of its evidence, nothing else.

Evidence only orders what was seen. A fetch by Pinterest is no proof of a save, for its preview
proxy fetches before anyone saves (docs/pinit.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

POLICY_VERSION: Final = 1
"""Raised with every change of what counts, so that old levels can be told and reckoned anew."""


class Level(IntEnum):
    """The ladder. A level says the strongest evidence, not that each step below was seen."""

    NONE = 0
    CLICKED = 1
    PREVIEWED = 2
    CLAIMED = 3
    VERIFIED = 4
    CORROBORATED = 5
    CONFIRMED = 6


class EvidenceKind(StrEnum):
    """What was seen."""

    CLICK = "click"
    """The button's beacon. Unauthenticated: whoever holds a page token can send one."""
    UNTRUSTED_CLICK = "untrusted_click"
    """A click that no person made (`isTrusted` false), or a button nobody could see."""
    PREVIEW_PROXY = "preview_proxy"
    """The picture, fetched by Pinterest's image proxy while a Pin is being composed."""
    BROWSER_PREVIEW = "browser_preview"
    """The picture, fetched by a browser that came from Pinterest."""
    CRAWLER_FETCH = "crawler_fetch"
    """The picture, fetched by what calls itself Pinterest's crawler."""
    OTHER_FETCH = "other_fetch"
    """The picture, fetched by anything else, or in a way that proves nothing (HEAD, Range …)."""
    LANDING_VISIT = "landing_visit"
    """A person who came from Pinterest opened the landing address with the Pin's own token."""
    LANDING_CRAWL = "landing_crawl"
    """What calls itself Pinterest's crawler opened it."""
    CRAWLER_CHECK = "crawler_check"
    """What DNS says about the address of a fetch or a crawl; `about` names it."""
    PIN_FOUND = "pin_found"
    """The Pin, read through Pinterest's API by a connected account."""
    PIN_TOLD = "pin_told"
    """A person says which Pin it is. A claim: it changes no level."""
    REVIEW = "review"
    """What a reviewer said."""


class Verdict(StrEnum):
    """Whether an address is Pinterest's, or what a reviewer said. Empty: not asked."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    ABUSE = "abuse"
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Fact:
    """A piece of evidence as the ladder needs it. `id` and `about` are the rows' ids."""

    id: int
    kind: EvidenceKind
    verdict: Verdict | None = None
    about: int | None = None


def level_of(evidence: Iterable[Fact]) -> Level:
    """The level that all the evidence of one interaction gives, in whatever order it came."""
    facts = list(evidence)
    kinds = {fact.kind for fact in facts}
    genuine = {
        fact.about
        for fact in facts
        if fact.kind is EvidenceKind.CRAWLER_CHECK and fact.verdict is Verdict.YES
    }
    if EvidenceKind.PIN_FOUND in kinds:
        return Level.CONFIRMED
    verified = _any(facts, EvidenceKind.CRAWLER_FETCH, genuine)
    if verified and (
        EvidenceKind.LANDING_VISIT in kinds or _any(facts, EvidenceKind.LANDING_CRAWL, genuine)
    ):
        return Level.CORROBORATED
    if verified:
        return Level.VERIFIED
    if EvidenceKind.CRAWLER_FETCH in kinds:
        return Level.CLAIMED
    if kinds & {EvidenceKind.PREVIEW_PROXY, EvidenceKind.BROWSER_PREVIEW}:
        return Level.PREVIEWED
    return Level.CLICKED if EvidenceKind.CLICK in kinds else Level.NONE


def is_abuse(evidence: Iterable[Fact]) -> bool:
    """Whether the last reviewer who said something said "abuse"."""
    reviews = [fact for fact in evidence if fact.kind is EvidenceKind.REVIEW]
    return bool(reviews) and max(reviews, key=lambda fact: fact.id).verdict is Verdict.ABUSE


def _any(facts: list[Fact], kind: EvidenceKind, ids: set[int | None]) -> bool:
    return any(fact.kind is kind and fact.id in ids for fact in facts)
