"""What marketers see of the clicks, and what is forgotten."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.spans.spans import Span
from interactions.models import CrawlerAddress, Evidence, Interaction
from interactions.policy import results as rules
from interactions.policy.nonces import read_nonce
from interactions.services.checking import apply_verdicts
from interactions.services.reckoning import reckon
from interactions.services.reviewing import forget_old
from tests.interactions.asking import new_nonce
from tests.interactions.conftest import SHOP, make_entity

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(sign_in, editor):
    return sign_in(editor)


def interaction(site, entity, *kinds, at, genuine=True, took=timedelta(seconds=20)):
    """An interaction with evidence: the first kind at `at`, the others `took` later each."""
    made = Interaction.objects.create(
        site=site, entity=entity, nonce=read_nonce(new_nonce()), created_at=at, page_url=f"{SHOP}/b"
    )
    crawler, _ = CrawlerAddress.objects.get_or_create(
        address="54.236.1.11",
        defaults={"verdict": "yes" if genuine else "no", "good_until": at + timedelta(days=400)},
    )
    for number, kind in enumerate(kinds):
        Evidence.objects.create(
            interaction=made,
            kind=kind,
            at=at + number * took,
            crawler=crawler if kind in ("crawler_fetch", "landing_crawl") else None,
            policy_version=1,
        )
    apply_verdicts(now=at)
    reckon([made.pk])
    return made


def figures(page):
    """The figures of the funnel, as they stand on the page."""
    text = page.content.decode()
    return [unescape(part.split("<")[0]) for part in text.split('class="stat-value">')[1:]]


def test_the_funnel_counts_what_was_seen(visitor, site, entity, now):
    interaction(site, entity, "click", at=now)
    interaction(site, entity, "click", "preview_proxy", at=now)
    interaction(site, entity, "click", "preview_proxy", "crawler_fetch", at=now)
    interaction(site, entity, "click", "crawler_fetch", "landing_visit", at=now)
    interaction(site, entity, "untrusted_click", at=now)
    interaction(site, entity, "click", at=now - timedelta(days=40))
    page = visitor.get(f"/interactions/sites/{site.key}/results/")
    assert figures(page) == ["4", "3", "2", "1"]
    text = unescape(page.content.decode())
    assert "75.0% of the clicks" in text
    assert "10 March: 4 clicked, 2 verified" in text
    assert figures(visitor.get(f"/interactions/sites/{site.key}/results/?days=90"))[0] == "5"


def test_abuse_is_not_counted_and_can_be_taken_back(visitor, editor, site, entity, now):
    found = interaction(site, entity, "click", at=now)
    path = f"/interactions/records/{found.pk}/"
    for word, count in (("yes", "0"), ("no", "1"), ("yes", "0")):
        visitor.post(f"{path}review/", {"abuse": word})
        page = visitor.get(f"/interactions/sites/{site.key}/results/")
        assert figures(page)[0] == count
    said = Evidence.objects.filter(kind="review").order_by("id")
    assert list(said.values_list("verdict", "said_by__email")) == [
        ("abuse", editor.email),
        ("fine", editor.email),
        ("abuse", editor.email),
    ]


def test_a_day_is_the_workspace_s(visitor, site, entity, now):
    """Berlin: half past eleven at night in UTC is the next day there."""
    interaction(site, entity, "click", at=now.replace(day=9, hour=23, minute=30))
    page = unescape(visitor.get(f"/interactions/sites/{site.key}/results/").content.decode())
    assert "10 March: 1 clicked, 0 verified" in page


def test_how_long_pinterest_took(visitor, site, entity, now):
    for seconds in (5, 30, 30, 4000, 200_000):
        interaction(site, entity, "click", "crawler_fetch", at=now, took=timedelta(seconds=seconds))
    page = visitor.get(f"/interactions/sites/{site.key}/results/").content.decode()
    counts = [part.split("<")[0] for part in page.split('class="delay-number">')[1:]]
    assert counts == ["1", "2", "0", "0", "1", "1"]


def test_the_record_shows_its_evidence(visitor, site, entity, now):
    found = interaction(site, entity, "click", "crawler_fetch", at=now)
    Evidence.objects.create(
        interaction=found,
        kind="other_fetch",
        at=now,
        user_agent="<script>alert(1)</script>",
        policy_version=1,
    )
    page = visitor.get(f"/interactions/records/{found.pk}/").content.decode()
    assert "Something calling itself Pinterest" in unescape(page)
    assert "It is Pinterest's" in unescape(page)
    assert "<script>alert(1)" not in page, "T25"


def test_records_are_listed_by_site_and_level(visitor, site, entity, now):
    interaction(site, entity, "click", at=now)
    interaction(site, entity, "click", "crawler_fetch", at=now)
    page = visitor.get(f"/interactions/records/?site={site.key}")
    assert page.content.decode().count('class="list-item"') == 2
    page = visitor.get(f"/interactions/records/?site={site.key}&level=4")
    assert page.content.decode().count('class="list-item"') == 1


def test_others_do_not_see_them(sign_in, stranger, viewer, site, entity, now):
    """T26."""
    found = interaction(site, entity, "click", at=now)
    theirs = sign_in(stranger)
    assert theirs.get(f"/interactions/records/{found.pk}/").status_code == 404
    assert theirs.post(f"/interactions/records/{found.pk}/review/").status_code == 404
    assert theirs.get(f"/interactions/sites/{site.key}/results/").status_code == 404
    assert "Blue bowl" not in theirs.get("/interactions/records/").content.decode()
    looks = sign_in(viewer)
    assert looks.get(f"/interactions/records/{found.pk}/").status_code == 200
    assert looks.post(f"/interactions/records/{found.pk}/review/").status_code == 403


@pytest.mark.parametrize("many", [1, 60])
def test_the_pages_take_a_fixed_number_of_queries(visitor, site, entity, now, many):
    for number in range(many):
        other = make_entity(site, title=f"Bowl {number}", page_url=f"{SHOP}/{number}")
        last = interaction(site, other, "click", at=now - timedelta(hours=number))
    visitor.get("/interactions/")
    counts = []
    for path in (f"sites/{site.key}/results/", "records/", f"records/{last.pk}/"):
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get(f"/interactions/{path}").status_code == 200
        counts.append(len(queries))
    assert counts == [16, 8, 8]


def test_what_is_old_is_forgotten_with_its_evidence(site, entity, now):
    site.retention_days = 30
    site.save()
    interaction(site, entity, "click", at=now - timedelta(days=31))
    kept = interaction(site, entity, "click", at=now - timedelta(days=29))
    assert forget_old(now=now) == 1
    assert [row.interaction for row in Evidence.objects.all()] == [kept]


def test_an_empty_range_says_what_to_do(visitor, site):
    page = unescape(visitor.get(f"/interactions/sites/{site.key}/results/?days=x").content.decode())
    assert "Nothing was clicked in these days" in page


def test_days_are_drawn_to_one_scale():
    days = rules.fill_days(
        [rules.Day(date(2026, 3, 2), 10, 5, 5, 0)], Span(date(2026, 3, 1), date(2026, 3, 3))
    )
    chart = rules.draw(days)
    assert [(bar.clicked_height, bar.verified_height) for bar in chart.bars] == [
        (0, 0),
        (160, 80),
        (0, 0),
    ]
    assert rules.draw([]).width == 1
    assert (rules.share(1, 4), rules.share(0, 0)) == (0.25, None)
