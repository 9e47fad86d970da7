"""The ladder of evidence, and who user agents say they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interactions.policy.agents import Agent, agent_of
from interactions.policy.levels import EvidenceKind, Fact, Level, Verdict, is_abuse, level_of

K = EvidenceKind
MOBILE_CRAWLER = (
    "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML,"
    " like Gecko) Chrome/41.0.2272.96 Mobile Safari/537.36 (compatible; Pinterestbot/1.0;"
    " +https://www.pinterest.com/bot.html)"
)
IN_APP = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML,"
    " like Gecko) Mobile/15E148 [Pinterest/iOS]"
)


def facts(*kinds):
    """Evidence in order; a pair is a check of the fact before it."""
    found = []
    for number, kind in enumerate(kinds, start=1):
        if isinstance(kind, Verdict):
            found.append(Fact(number, K.CRAWLER_CHECK, kind, about=number - 1))
        else:
            found.append(Fact(number, kind))
    return found


@pytest.mark.parametrize(
    ("kinds", "level"),
    [
        ([], Level.NONE),
        ([K.UNTRUSTED_CLICK], Level.NONE),
        ([K.OTHER_FETCH], Level.NONE),
        ([K.CLICK], Level.CLICKED),
        ([K.CLICK, K.OTHER_FETCH], Level.CLICKED),
        ([K.PREVIEW_PROXY], Level.PREVIEWED),
        ([K.CLICK, K.BROWSER_PREVIEW], Level.PREVIEWED),
        ([K.CRAWLER_FETCH], Level.CLAIMED),
        ([K.CRAWLER_FETCH, Verdict.NO], Level.CLAIMED),
        ([K.CRAWLER_FETCH, Verdict.YES], Level.VERIFIED),
        ([K.UNTRUSTED_CLICK, K.CRAWLER_FETCH, Verdict.YES], Level.VERIFIED),
        ([K.CRAWLER_FETCH, Verdict.YES, K.LANDING_VISIT], Level.CORROBORATED),
        ([K.CRAWLER_FETCH, Verdict.YES, K.LANDING_CRAWL], Level.VERIFIED),
        ([K.CRAWLER_FETCH, Verdict.YES, K.LANDING_CRAWL, Verdict.YES], Level.CORROBORATED),
        ([K.CRAWLER_FETCH, Verdict.YES, K.LANDING_CRAWL, Verdict.NO], Level.VERIFIED),
        ([K.CLICK, K.LANDING_VISIT], Level.CLICKED),
        ([K.LANDING_CRAWL, Verdict.YES], Level.NONE),
        ([K.PIN_FOUND], Level.CONFIRMED),
    ],
)
def test_a_level_says_the_strongest_evidence(kinds, level):
    assert level_of(facts(*kinds)) is level


@given(st.lists(st.sampled_from([*EvidenceKind, *Verdict]), max_size=8), st.randoms())
def test_the_order_of_evidence_does_not_matter(kinds, random):
    given_facts = facts(*kinds)
    shuffled = list(given_facts)
    random.shuffle(shuffled)
    assert level_of(shuffled) is level_of(given_facts)


def test_the_last_reviewer_is_right():
    said = [Fact(1, K.REVIEW, Verdict.ABUSE), Fact(2, K.REVIEW, Verdict.FINE)]
    assert (is_abuse(said[:1]), is_abuse(said), is_abuse([])) == (True, False, False)


@pytest.mark.parametrize(
    ("agent", "who"),
    [
        ("Pinterest/0.1 +http://pinterest.com/", Agent.CRAWLER),
        ("Pinterest/0.2 (+http://www.pinterest.com/)", Agent.CRAWLER),
        ("Pinterest/0.2 (http://www.pinterest.com/)", Agent.CRAWLER),
        ("Pinterest/0.2 (+https://www.pinterest.com/bot.html)", Agent.CRAWLER),
        (
            "Mozilla/5.0 (compatible; Pinterestbot/1.0; +http://www.pinterest.com/bot.html)",
            Agent.CRAWLER,
        ),
        (
            MOBILE_CRAWLER,
            Agent.CRAWLER,
        ),
        (
            "Mozilla/5.0 (Pinterest Image Proxy/1.0; +https://www.pinterest.com/image-proxy.html)",
            Agent.IMAGE_PROXY,
        ),
        (
            IN_APP,
            Agent.PERSON,
        ),
        ("Pinterest for iOS/12.3 (iPhone; 17.0)", Agent.PERSON),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            Agent.PERSON,
        ),
        ("Googlebot-Image/1.0", Agent.OTHER_BOT),
        (
            "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
            Agent.OTHER_BOT,
        ),
        ("facebookexternalhit/1.1", Agent.OTHER_BOT),
        ("Pinterest", Agent.OTHER_BOT),
        ("", Agent.OTHER_BOT),
    ],
)
def test_user_agents_are_sorted_by_what_they_claim(agent, who):
    assert agent_of(agent) is who
