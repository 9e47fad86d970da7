"""Visits of the page a Pin leads to."""

from __future__ import annotations

import pytest

from interactions.models import CrawlerAddress, Evidence, Interaction
from interactions.policy.reports import sign_report
from interactions.selectors.known_sites import forget_known
from interactions.services.signing import newest_key, open_secret
from tests.chromium import ROOT
from tests.interactions.asking import CRAWLER, PERSON, DoorClient, beacon, new_nonce, tell

pytestmark = pytest.mark.django_db
BOT = "Mozilla/5.0 (compatible; Pinterestbot/1.0; +https://www.pinterest.com/bot.html)"
IN_APP = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Mobile/15E148 [Pinterest/iOS]"
)


@pytest.fixture
def landing(site, entity, page_token):
    """The mark in the link of a clicked Pin."""
    mark = new_nonce()
    tell(beacon(site, entity, page_token, landing=mark))
    return mark


def visit(site, landing, *, referrer="https://www.pinterest.com/pin/1/", **more):
    body = {"site": site.key, "landing": landing, "page_url": "", "referrer": referrer}
    return tell(body, path="/interactions/landing", **more)


def kinds():
    return sorted(Evidence.objects.values_list("kind", flat=True))


def test_a_person_from_pinterest_is_evidence(site, landing):
    assert visit(site, landing).status_code == 204
    assert kinds() == ["click", "landing_visit"]
    assert Interaction.objects.get().level == 1, "a visit alone does not say that it was pinned"


def test_a_person_in_pinterest_s_app_has_no_referrer(site, landing):
    """T30."""
    visit(site, landing, referrer="", headers={"User-Agent": IN_APP})
    assert kinds() == ["click", "landing_visit"]


@pytest.mark.parametrize(
    ("referrer", "agent"),
    [
        ("", PERSON),
        ("https://evilpinterest.com/", PERSON),
        ("https://shop.example/", PERSON),
        ("https://www.pinterest.com/", "Googlebot/2.1"),
        ("https://www.pinterest.com/", CRAWLER),
    ],
)
def test_other_visits_are_none(site, landing, referrer, agent):
    assert visit(site, landing, referrer=referrer, headers={"User-Agent": agent}).status_code == 204
    assert kinds() == ["click"]


def test_a_site_that_asks_first_keeps_no_visit_before_the_answer(site, landing):
    """T29."""
    site.consent = "asked"
    site.save()
    forget_known()
    assert visit(site, landing).status_code == 204
    assert kinds() == ["click"]
    body = {"site": site.key, "landing": landing, "referrer": "https://www.pinterest.com/"}
    tell({**body, "consent": True}, path="/interactions/landing")
    assert kinds() == ["click", "landing_visit"]


@pytest.mark.parametrize("header", ["DNT", "Sec-GPC"])
def test_a_visitor_who_asks_not_to_be_tracked_is_not(site, landing, header):
    """T29."""
    visit(site, landing, headers={header: "1"})
    assert kinds() == ["click"]


def test_an_unknown_mark_gets_the_same_answer(site, landing):
    known, unknown = visit(site, landing), visit(site, new_nonce())
    assert (known.status_code, known.headers) == (unknown.status_code, unknown.headers)


def test_the_mark_of_the_link_does_not_open_the_picture_s_door(site, entity, page_token, landing):
    """Who reads the Pin sees the link's mark: it must not be the picture's nonce."""
    assert tell(beacon(site, entity, page_token, nonce=landing)).status_code == 201
    assert Interaction.objects.count() == 2


def report(site, landing, now, **change):
    key = newest_key(site)
    words = {
        "site": site.key,
        "key_id": key.key_id,
        "landing": landing,
        "address": "54.236.1.11",
        "at": int(now.timestamp()),
        "user_agent": BOT,
    }
    mac = sign_report(open_secret(key).encode(), **words)
    return tell({**words, "mac": mac, **change}, path="/interactions/crawl", origin=None)


def test_a_publisher_s_server_reports_a_crawl(site, landing, now):
    assert report(site, landing, now).status_code == 204
    row = Evidence.objects.get(kind="landing_crawl")
    assert row.crawler == CrawlerAddress.objects.get(address="54.236.1.11")


@pytest.mark.parametrize(
    "change", [{"mac": "x"}, {"address": "54.236.1.12"}, {"at": 1}, {"key_id": "nobody"}]
)
def test_a_report_that_is_not_signed_so_is_refused(site, landing, now, change):
    assert report(site, landing, now, **change).status_code == 403
    assert kinds() == ["click"]


def test_visits_of_other_sites_pages_are_refused(site, landing):
    assert visit(site, landing, origin="https://evil.example").status_code == 403


def test_the_script_is_small_and_may_be_kept(settings):
    settings.VAR_DIR = ROOT / "var"
    visitor = DoorClient()
    answer = visitor.get("/pinit.js", headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, answer["Content-Encoding"]) == (200, "gzip")
    assert len(answer.content) < 5120
    assert answer.cookies == {}
    again = visitor.get("/pinit.js", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
