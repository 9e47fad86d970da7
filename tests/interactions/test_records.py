"""Looking for records, page by page, and taking them away."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest

from interactions.models import Interaction, Site
from tests.interactions.conftest import SHOP, make_entity
from tests.interactions.test_results import interaction

pytestmark = pytest.mark.django_db
LIST = "/interactions/records/"


@pytest.fixture
def visitor(sign_in, editor):
    return sign_in(editor)


def found(visitor, query=""):
    return [row["url"].split("/")[-2] for row in visitor.get(LIST + query).context["rows"]]


def test_each_filter_finds_its_own(visitor, workspace, site, entity, now):
    other_site = Site.objects.create(workspace=workspace, name="Other", origins=[SHOP])
    cup = make_entity(other_site, title="Red cup", page_url=f"{SHOP}/cup", color="#aa1111")
    clicked = interaction(site, entity, "click", at=now)
    verified = interaction(site, entity, "click", "crawler_fetch", at=now - timedelta(days=1))
    abuse = interaction(site, entity, "click", at=now - timedelta(days=2))
    suspect = interaction(other_site, cup, "click", at=now - timedelta(days=3))
    script = interaction(site, entity, "untrusted_click", at=now - timedelta(days=4))
    unclicked = interaction(site, entity, "preview_proxy", at=now - timedelta(days=5))
    Interaction.objects.filter(pk=abuse.pk).update(is_abuse=True)
    Interaction.objects.filter(pk=suspect.pk).update(is_suspect=True)
    every = [str(x.pk) for x in (clicked, verified, abuse, suspect, script, unclicked)]
    for query, expected in (
        ("", every),
        (f"?site={other_site.key}", [every[3]]),
        ("?level=4", [every[1]]),
        ("?verdict=yes", [every[1]]),
        ("?verdict=no", []),
        ("?verdict=unknown", []),
        ("?mark=abuse", [every[2]]),
        ("?mark=suspect", [every[3]]),
        ("?mark=untrusted", [every[4]]),
        ("?mark=unclicked", [every[5]]),
        ("?from=2026-03-09&to=2026-03-09", [every[1]]),
        ("?q=red+cup", [every[3]]),
        (f"?q={verified.pk}", [every[1]]),
        ("?q=nothing", []),
        ("?level=x&verdict=x&mark=x&from=x&to=99999-01-01&after=x&site=nobody", every),
        ("?from=0001-01-01&to=9999-12-30", every),
        ("?from=0001-01-01&to=9999-12-31", every),
        ("?after=0001-01-01T00:00:00%2B14:00_00000000-0000-0000-0000-000000000000", every),
        ("?after=9999-12-31T23:59:59-14:00_00000000-0000-0000-0000-000000000000", every),
    ):
        assert found(visitor, query) == expected, query


def test_older_ones_follow_without_gap_or_repeat(visitor, site, entity, now):
    """120 records, 40 of them of one moment."""
    for number in range(120):
        interaction(site, entity, "click", at=now - timedelta(minutes=max(0, number - 40)))
    seen, path = [], LIST + "?level=1"
    for _ in range(3):
        page = visitor.get(path)
        seen += [row["url"] for row in page.context["rows"]]
        path = page.context["older_url"]
    assert (len(seen), len(set(seen)), path) == (120, 120, "")
    assert visitor.get(LIST + "?level=1").context["newest_url"] == ""


def test_what_matches_is_taken_away_whole(visitor, site, entity, now):
    for number in range(60):
        interaction(site, entity, "click", at=now - timedelta(minutes=number))
    interaction(site, entity, "click", "crawler_fetch", at=now)
    Interaction.objects.filter(level=4).update(page_url="=1+1")
    text = b"".join(visitor.get(LIST + "export.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert (len(rows), rows[0]["page_url"], rows[0]["level"]) == (61, "'=1+1", "verified")
    lines = b"".join(visitor.get(LIST + "export.ndjson?level=4").streaming_content).splitlines()
    (record,) = [json.loads(line) for line in lines]
    assert (record["title"], record["page_url"]) == ("Blue bowl", "=1+1")
    assert "address_key" not in record
    assert b"".join(visitor.get(LIST + "export.csv?q=nothing").streaming_content) == b""


def test_others_take_nothing_away(sign_in, stranger, site, entity, now):
    interaction(site, entity, "click", at=now)
    theirs = sign_in(stranger)
    for name in ("export.csv", "export.ndjson"):
        answer = theirs.get(f"{LIST}{name}?site={site.key}")
        assert b"".join(answer.streaming_content) == b""


@pytest.mark.parametrize("many", [1, 60])
def test_the_list_takes_a_fixed_number_of_queries(
    visitor, site, entity, now, many, django_assert_num_queries
):
    for number in range(many):
        interaction(site, entity, "click", at=now - timedelta(minutes=number))
    visitor.get(LIST)
    with django_assert_num_queries(8):
        visitor.get(f"{LIST}?level=1&q=bowl")
