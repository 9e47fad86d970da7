"""A site with a name in its own letters is the site that browsers name, and no other."""

from __future__ import annotations

from html import unescape
from importlib import import_module

import pytest
from django.apps import apps

from interactions.models import Interaction, PageList, Site
from interactions.selectors.known_sites import forget_known
from tests.interactions.asking import beacon, tell
from tests.interactions.conftest import SHOP, make_entity
from tests.interactions.test_sites import WISHES

pytestmark = pytest.mark.django_db

TYPED = "https://straße.example"
SENT = "https://xn--strae-oqa.example"
SOMEBODY_ELSES = "https://strasse.example"
read_anew = import_module("interactions.migrations.0009_hosts_of_sites").read_anew


def test_a_click_on_such_a_site_is_kept(sign_in, editor, site, entity, page_token):
    sign_in(editor).post(f"/interactions/sites/{site.key}/settings/", {**WISHES, "origins": TYPED})
    site.refresh_from_db()
    assert site.origins == [SENT]
    word = beacon(site, entity, page_token)
    assert tell(word, origin=SOMEBODY_ELSES).status_code == 403
    assert Interaction.objects.count() == 0
    assert tell(word, origin=SENT).status_code == 201


def test_its_pages_show_the_name_as_it_was_typed(sign_in, editor, site):
    Site.objects.filter(pk=site.pk).update(origins=[SENT])
    visitor = sign_in(editor)
    for path in (
        "/interactions/",
        f"/interactions/sites/{site.key}/",
        f"/interactions/sites/{site.key}/settings/",
        f"/interactions/sites/{site.key}/lists/new",
    ):
        page = unescape(visitor.get(path).content.decode())
        assert (path, TYPED in page, SENT in page) == (path, True, False)


def test_a_page_is_on_the_site_however_its_name_is_written(sign_in, editor, site):
    Site.objects.filter(pk=site.pk).update(origins=[SENT])
    visitor = sign_in(editor)
    path = f"/interactions/sites/{site.key}/entities/new"
    for origin, error in ((TYPED, False), (SENT, False), (SOMEBODY_ELSES, True)):
        answer = visitor.post(path, {"title": "Bowl", "page_url": f"{origin}/bowl"})
        assert answer.status_code == 422  # a picture is missing
        words = {
            "title": "Bowl",
            "page_url": f"{origin}/bowl",
            "image_url": "http://127.0.0.1:9/x.jpg",
        }
        page = unescape(visitor.post(path, words).content.decode())
        assert (origin, f"This page is not on {TYPED}" in page) == (origin, error)


@pytest.mark.parametrize(
    ("before", "pages", "after"),
    [
        ([SOMEBODY_ELSES], [f"{TYPED}/bowl"], [SENT]),
        ([SHOP, SOMEBODY_ELSES, SENT], [f"{TYPED}/bowl"], [SHOP, SENT]),
        ([f"{SOMEBODY_ELSES}:8443"], [f"{TYPED}:8443/bowl"], [f"{SENT}:8443"]),
        (
            [SOMEBODY_ELSES],
            [f"{TYPED}/bowl", f"{SOMEBODY_ELSES}/vase"],
            [SOMEBODY_ELSES, SENT],
        ),
        ([SOMEBODY_ELSES], [f"{SOMEBODY_ELSES}/vase"], [SOMEBODY_ELSES]),
        ([SOMEBODY_ELSES], ["https://[broken"], [SOMEBODY_ELSES]),
        ([SHOP], [f"{SHOP}/bowl"], [SHOP]),
        (["https://xn--bcher-kva.example"], ["https://bücher.example/a"],
         ["https://xn--bcher-kva.example"]),
    ],
)  # fmt: skip
def test_sites_kept_under_another_name_are_mended_by_what_their_pages_say(
    site, before, pages, after
):
    Site.objects.filter(pk=site.pk).update(origins=before)
    for number, page in enumerate(pages):
        make_entity(site, title="Bowl", page_url=page, color=f"#0000{number:02}")
    read_anew(apps, None)
    forget_known()
    site.refresh_from_db()
    assert site.origins == after


def test_a_sitemap_says_it_as_well(site):
    Site.objects.filter(pk=site.pk).update(origins=[SOMEBODY_ELSES])
    PageList.objects.create(site=site, name=f"{TYPED}/sitemap.xml", is_sitemap=True)
    read_anew(apps, None)
    site.refresh_from_db()
    assert site.origins == [SENT]
