"""The admin as a reviewer sees it: our look, a first page that says what waits, a strict policy."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from interactions.models import CrawlerAddress, Interaction
from interactions.policy.ids import first_id_of, new_id
from tests.interactions.test_results import interaction

pytestmark = pytest.mark.django_db
LIST = "/admin/interactions/interaction/"


@pytest.fixture
def reviewer(sign_in, owner):
    owner.is_staff = owner.is_superuser = True
    owner.save()
    return sign_in(owner)


def reviews(reviewer):
    page = reviewer.get("/admin/")
    return {each["label"]: each["count"] for each in page.context["reviews"]}


def test_the_first_page_says_what_waits(reviewer, site, entity, now):
    interaction(site, entity, "click", at=now)
    suspect = interaction(site, entity, "click", at=now)
    claimed = interaction(site, entity, "click", "crawler_fetch", at=now)
    abuse = interaction(site, entity, "click", at=now)
    Interaction.objects.filter(pk=suspect.pk).update(is_suspect=True)
    Interaction.objects.filter(pk=claimed.pk).update(level=3)
    Interaction.objects.filter(pk=abuse.pk).update(is_abuse=True, is_suspect=True)
    CrawlerAddress.objects.create(address="192.0.2.1", tries=2)
    CrawlerAddress.objects.create(address="192.0.2.2", tries=0)
    assert reviews(reviewer) == {
        "Suspect": 1,
        "Fetched, not verified": 1,
        "Addresses unknown": 1,
        "Abuse": 1,
    }
    for each in reviewer.get("/admin/").context["reviews"]:
        assert reviewer.get(each["url"]).context["cl"].result_count == 1, each["label"]


@pytest.mark.parametrize("many", [1, 40])
def test_the_first_page_takes_a_fixed_number_of_queries(
    reviewer, site, entity, now, many, django_assert_num_queries
):
    for _ in range(many):
        interaction(site, entity, "click", at=now)
    reviewer.get("/admin/")
    with django_assert_num_queries(9):
        reviewer.get("/admin/")


def test_who_may_not_see_interactions_is_told_nothing_of_them(sign_in, editor):
    editor.is_staff = True
    editor.save()
    page = sign_in(editor).get("/admin/")
    assert (page.status_code, page.context["reviews"]) == (200, [])


def test_ids_lie_in_the_order_of_their_times():
    before = timezone.now() - timedelta(milliseconds=5)
    made = new_id()
    after = timezone.now() + timedelta(milliseconds=5)
    assert first_id_of(before) < made < first_id_of(after)


def test_no_page_of_it_has_inline_script_or_style(reviewer, site, entity, now):
    found = interaction(site, entity, "click", "crawler_fetch", at=now)
    person = get_user_model().objects.first()
    for path in (
        "/admin/",
        LIST,
        f"{LIST}{found.pk}/change/",
        f"{LIST}{found.pk}/history/",
        f"/admin/accounts/user/{person.pk}/change/",
        f"/admin/accounts/user/{person.pk}/delete/",
        "/admin/accounts/workspace/add/",
    ):
        page = reviewer.get(path)
        html = page.content.decode()
        assert page.status_code == 200, path
        assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*json)[^>]*>", html) == [], path
        assert re.findall(r"\sstyle=|<style|\son\w+=\"", html) == [], path
        assert "admin.css" in html
        assert "unsafe" not in page["Content-Security-Policy"]
