"""Reviewing interactions in the admin."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.tables.sheets import plain_cell
from interactions.models import Interaction
from tests.interactions.conftest import SHOP, make_entity
from tests.interactions.test_results import interaction

pytestmark = pytest.mark.django_db
LIST = "/admin/interactions/interaction/"


@pytest.fixture
def reviewer(sign_in, owner):
    owner.is_staff = owner.is_superuser = True
    owner.save()
    return sign_in(owner)


def act(reviewer, action, *chosen):
    return reviewer.post(
        LIST, {"action": action, "_selected_action": [str(each.pk) for each in chosen]}
    )


def test_a_reviewer_filters_and_searches(reviewer, site, entity, now):
    interaction(site, entity, "click", at=now)
    fetched = interaction(site, entity, "click", "crawler_fetch", at=now)
    for query, count in (
        ("", 2),
        ("?level__exact=4", 1),
        ("?verdict=yes", 1),
        ("?verdict=no", 0),
        ("?verdict=none", 0),
        (f"?q={fetched.pk}", 1),
        ("?q=bowl", 2),
        ("?is_abuse__exact=1", 0),
    ):
        page = reviewer.get(LIST + query)
        assert page.context["cl"].result_count == count, query


def test_the_evidence_stands_beside_it_and_is_not_edited(reviewer, site, entity, now):
    found = interaction(site, entity, "click", "crawler_fetch", at=now)
    page = reviewer.get(f"{LIST}{found.pk}/change/")
    assert page.status_code == 200
    assert b"Something calling itself Pinterest" in page.content
    assert reviewer.post(f"{LIST}{found.pk}/change/", {"level": 6}).status_code == 403
    assert reviewer.post(f"{LIST}{found.pk}/delete/", {"post": "yes"}).status_code == 403


def test_marking_and_recomputing(reviewer, site, entity, now):
    found = interaction(site, entity, "click", "crawler_fetch", at=now)
    act(reviewer, "mark_as_abuse", found)
    found.refresh_from_db()
    assert (found.is_abuse, found.evidence.get(kind="review").said_by is not None) == (True, True)
    act(reviewer, "mark_as_fine", found)
    Interaction.objects.update(level=0)
    act(reviewer, "recompute", found)
    found.refresh_from_db()
    assert (found.is_abuse, found.level) == (False, 4)


def test_an_export_runs_nothing_in_a_spreadsheet(reviewer, site, now):
    """T25."""
    evil = make_entity(site, title='=HYPERLINK("https://evil")', page_url=f"{SHOP}/x")
    found = interaction(site, evil, "click", at=now)
    answer = act(reviewer, "export_as_csv", found)
    text = b"".join(answer.streaming_content).decode()
    assert "'=HYPERLINK" in text
    assert [plain_cell(value) for value in ("@x", "+1", "-1", None, 4)] == [
        "'@x",
        "'+1",
        "'-1",
        "",
        "4",
    ]


@pytest.mark.parametrize("many", [1, 40])
def test_the_list_takes_a_fixed_number_of_queries(reviewer, site, entity, now, many):
    for _ in range(many):
        interaction(site, entity, "click", at=now)
    reviewer.get(LIST)
    with CaptureQueriesContext(connection) as queries:
        reviewer.get(LIST)
    assert len(queries) == 11


def test_no_secret_is_shown(reviewer, site):
    key = site.signing_keys.get()
    page = reviewer.get(f"/admin/interactions/signingkey/{key.pk}/change/")
    assert key.secret_sealed not in page.content.decode()


def test_members_who_are_no_staff_are_not_let_in(sign_in, editor):
    assert sign_in(editor).get(LIST).status_code in (302, 403)
