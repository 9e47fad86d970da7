"""What a fetch of the picture, or a visit of the page, is evidence of. Pure."""

from __future__ import annotations

from interactions.policy.agents import Agent, agent_of
from interactions.policy.levels import EvidenceKind


def kind_of_fetch(*, user_agent: str, is_plain: bool, from_pinterest: bool) -> EvidenceKind:
    """What fetching the picture shows.

    `is_plain`: a GET of the whole, neither conditional nor ahead of need. Only that is a fetch as
    Pinterest makes it; whatever else asks is answered and proves nothing.
    """
    agent = agent_of(user_agent)
    if not is_plain:
        return EvidenceKind.OTHER_FETCH
    if agent is Agent.IMAGE_PROXY:
        return EvidenceKind.PREVIEW_PROXY
    if agent is Agent.CRAWLER:
        return EvidenceKind.CRAWLER_FETCH
    if agent is Agent.PERSON and from_pinterest:
        return EvidenceKind.BROWSER_PREVIEW
    return EvidenceKind.OTHER_FETCH
