"""Who a user agent says it is. Anyone can say anything: this only sorts what is claimed.

The strings are those of Pinterest's help pages and of servers' logs (docs/pinit.md). The bare
word "Pinterest" proves nothing: its apps' browsers carry it too, and those are people.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

LONGEST_KEPT: Final = 300
"""Characters of a user agent that are kept."""


class Agent(StrEnum):
    """What fetches."""

    CRAWLER = "crawler"
    IMAGE_PROXY = "image_proxy"
    PERSON = "person"
    OTHER_BOT = "other_bot"


_PROXY: Final = re.compile(r"\bPinterest Image Proxy/\d")
_CRAWLER: Final = re.compile(r"^Pinterest/\d+\.\d+ \(?\+?https?://|\bPinterestbot/\d")
_BROWSER: Final = re.compile(
    r"^Mozilla/5\.0 \((?!compatible)[^)]*\)|^Pinterest for (?:iOS|Android)/"
)
_BOT: Final = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|facebookexternalhit|whatsapp|archive|headless|curl/"
    r"|wget/|python|scan|monitor|fetch|proxy|validator",
    re.IGNORECASE,
)


def agent_of(user_agent: str) -> Agent:
    """Sort a user agent. One that is empty or of no known shape is some other bot's."""
    if _PROXY.search(user_agent):
        return Agent.IMAGE_PROXY
    if _CRAWLER.search(user_agent):
        return Agent.CRAWLER
    if _BROWSER.search(user_agent) and not _BOT.search(user_agent):
        return Agent.PERSON
    return Agent.OTHER_BOT
