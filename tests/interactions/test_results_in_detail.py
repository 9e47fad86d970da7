"""Results by page, the days somebody asks for, what is not known, and files of all that."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from html import unescape

import pytest

from foundation.spans.spans import Span, read_span
from interactions.models import Evidence, Interaction
from interactions.policy.results import change
from pinapp.funnels import funnel_facts
from tests.interactions.conftest import SHOP
from tests.interactions.test_results import figures, interaction

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)


@pytest.fixture
def visitor(sign_in, editor):
    return sign_in(editor)


@pytest.fixture
def results(site):
    return f"/interactions/sites/{site.key}/results/"


def on_page(found, url):
    Interaction.objects.filter(pk=found.pk).update(page_url=url)
    return found


def test_pages_stand_in_the_order_of_their_clicks(visitor, results, site, entity, now):
    for _ in range(2):
        on_page(interaction(site, entity, "click", "crawler_fetch", at=now), f"{SHOP}/shelf")
    on_page(interaction(site, entity, "click", at=now), f"{SHOP}/bowl")
    on_page(interaction(site, entity, "crawler_fetch", at=now), "")
    tables = {each["id"]: each for each in visitor.get(results).context["tables"]}
    found = [(row["label"], row["clicked"], row["verified"]) for row in tables["pages"]["rows"]]
    assert found == [
        (f"{SHOP}/shelf", 2, 2),
        (f"{SHOP}/bowl", 1, 0),
        ("The page was not told", 0, 1),
    ]
    (row,) = tables["entities"]["rows"]
    assert (row["label"], row["clicked"], row["verified"], row["most"]) == ("Blue bowl", 3, 3, 3)


def test_days_of_one_s_own(visitor, results, site, entity, now):
    interaction(site, entity, "click", at=now - timedelta(days=40))
    interaction(site, entity, "click", at=now)
    assert figures(visitor.get(results + "?from=2026-01-20&to=2026-01-30"))[0] == "1"
    assert figures(visitor.get(results + "?from=2026-01-20"))[0] == "2"
    assert figures(visitor.get(results + "?from=2026-03-10&to=2026-12-31"))[0] == "1"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=2026-03-05&to=2026-03-01", "The first day is after the last."),
        ("from=yesterday", "Write both days as 2026-03-31"),
        ("to=2026-03-01", "Write both days as 2026-03-31"),
        ("from=2024-01-01", "That is more than 366 days."),
        ("from=0001-01-01&to=0001-01-05", "There are no figures from before 2010."),
        ("from=2026-04-01", "The first day is after the last."),
    ],
)
def test_days_that_are_none_are_told_and_kept(visitor, results, query, words):
    page = visitor.get(f"{results}?{query}")
    text = unescape(page.content.decode())
    assert (page.status_code, words in text) == (422, True)
    assert query.split("=", 1)[1].split("&")[0] in text


def test_spans_know_the_days_before():
    span, problem = read_span("2026-03-01", "", today=TODAY)
    assert (span, problem) == (Span(date(2026, 3, 1), TODAY), "")
    assert span.before == Span(date(2026, 2, 19), date(2026, 2, 28))
    assert (change(3, 2), change(1, 0)) == (0.5, None)


def test_each_step_is_compared_with_the_days_before(visitor, results, site, entity, now):
    interaction(site, entity, "click", at=now - timedelta(days=8))
    for _ in range(3):
        interaction(site, entity, "click", at=now)
    notes = [each["note"] for each in visitor.get(results + "?days=7").context["steps"]]
    assert notes[0] == "unauthenticated: what browsers said. +200% to the days before (1)."
    assert notes[2] == ("0.0% of the clicks; Pinterest fetched the picture after the click. ")


def test_shares_are_of_the_clicks_however_many_clicks_were_not_told(
    visitor, results, site, entity, now
):
    interaction(site, entity, "click", at=now)
    interaction(site, entity, "click", "crawler_fetch", at=now)
    for _ in range(5):
        interaction(site, entity, "crawler_fetch", at=now)
    steps = visitor.get(results + "?days=7").context["steps"]
    assert [each["value"] for each in steps] == ["2", "6", "6", "0"]
    shares = [each["note"].split(";")[0] for each in steps[1:]]
    assert shares == [f"{share} of the clicks" for share in ("50.0%", "50.0%", "0.0%")]


def test_what_only_calls_itself_pinterest_showed_no_dialog(visitor, results, site, entity, now):
    interaction(site, entity, "click", "crawler_fetch", at=now, genuine=False)
    interaction(site, entity, "click", "preview_proxy", at=now)
    steps = visitor.get(results + "?days=7").context["steps"]
    assert [each["value"] for each in steps] == ["2", "1", "0", "0"]


def test_what_is_not_known_is_said(visitor, results, site, entity, now):
    interaction(site, entity, "click", "preview_proxy", at=now)
    interaction(site, entity, "crawler_fetch", at=now)
    interaction(site, entity, "untrusted_click", at=now)
    undecided = interaction(site, entity, "click", at=now)
    Evidence.objects.create(
        interaction=undecided, kind="crawler_fetch", at=now, policy_version=1, address_key="u"
    )
    disproved = interaction(site, entity, "click", at=now)
    fetch = Evidence.objects.create(
        interaction=disproved, kind="crawler_fetch", at=now, policy_version=1, address_key="d"
    )
    Evidence.objects.create(
        interaction=disproved,
        kind="crawler_check",
        at=now,
        about=fetch,
        verdict="no",
        policy_version=1,
    )
    Interaction.objects.filter(pk__in=(undecided.pk, disproved.pk)).update(level=3)
    abuse = interaction(site, entity, "click", "other_fetch", at=now)
    Interaction.objects.filter(pk=abuse.pk).update(is_abuse=True)
    suspect = interaction(site, entity, "click", at=now)
    Interaction.objects.filter(pk=suspect.pk).update(is_suspect=True)
    found = {each["label"]: each["value"] for each in visitor.get(results).context["unknowns"]}
    assert found == {
        "Previewed and nothing after": "1",
        "Fetched by what calls itself Pinterest, unproved": "1",
        "Fetched by what only calls itself Pinterest": "1",
        "Fetched without a click": "1",
        "Clicked by a script": "1",
        "Suspect": "1",
        "Abuse": "1",
        "Other fetches of the pictures": "1",
    }
    texts = [each["text"] for each in visitor.get(results).context["unknowns"]]
    assert "33.3% of all such fetches." in texts[1]


def test_files_hold_what_the_page_shows_and_all_of_it(visitor, results, site, entity, now):
    for number in range(25):
        on_page(interaction(site, entity, "click", at=now), f"{SHOP}/{number:02}")
    on_page(interaction(site, entity, "click", at=now), "=cmd|x")
    query = "?from=2026-03-09&to=2026-03-10"
    text = visitor.get(f"{results}by-page.csv{query}").getvalue().decode("utf-8-sig")
    header, *rows = list(csv.reader(io.StringIO(text)))
    assert header == ["page", "clicked", "previewed", "verified", "corroborated"]
    assert (len(rows), "'=cmd|x" in [row[0] for row in rows]) == (26, True)
    days = visitor.get(f"{results}by-day.csv{query}").getvalue().decode("utf-8-sig").splitlines()
    assert days[1:] == ["2026-03-09,0,0,0,0", "2026-03-10,26,0,0,0"]
    body = visitor.get(f"{results}results.json{query}").json()
    assert (body["from"], body["time_zone"], len(body["by_page"])) == (
        "2026-03-09",
        "Europe/Berlin",
        26,
    )
    assert body["unknowns"]["abuse"] == 0
    assert visitor.get(f"{results}by-year.csv").status_code == 404
    for name in ("by-day.csv", "results.json"):
        assert visitor.get(f"{results}{name}?from=x").status_code == 422, "no other days instead"


def test_the_dashboard_shows_a_week_of_them(visitor, workspace, site, entity, now):
    interaction(site, entity, "click", "crawler_fetch", at=now)
    interaction(site, entity, "click", at=now - timedelta(days=8))
    page = visitor.get("/")
    assert [(each["label"], each["value"]) for each in page.context["pin_its"]] == [
        ("Clicks", 1),
        ("Previewed", 1),
        ("Verified", 1),
    ]


def test_no_step_is_longer_than_its_bar():
    """Pictures may be fetched without a click that was told."""
    facts = funnel_facts({"clicked": 2, "previewed": 9, "verified": 1})
    assert [(each["value"], each["most"]) for each in facts] == [(2, 9), (9, 9), (1, 9)]


def test_who_has_no_site_is_not_shown_any(visitor):
    assert visitor.get("/").context["pin_its"] == []
