"""What is read of a sitemap, and what is refused."""

from __future__ import annotations

import gzip

import pytest

from accounts.models import Event
from interactions.models import ListStatus
from tests.interactions.page_lists import add, read, rows

pytestmark = pytest.mark.django_db


def test_indexes_of_sitemaps_and_packed_ones_are_followed(shop, site, owner):
    inner = shop.sitemap("/a", "/b", at="/inner.xml")
    shop.put("/inner.xml.gz", gzip.compress(shop.shelf["/inner.xml"][1]))
    names = "".join(
        f"<sitemap><loc>{url}</loc></sitemap>"
        for url in (f"{shop.url}/inner.xml.gz", inner, f"{shop.url}/index.xml")
    )
    index = shop.put(
        "/index.xml",
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{names}</sitemapindex>',
    )
    batch = read(site, owner, index)
    assert (batch.files_read, batch.rows.count()) == (3, 2)


def test_pictures_and_titles_of_image_sitemaps_are_taken(shop, site, owner):
    url = shop.put(
        "/images.xml",
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
        f"<url><loc>{shop.url}/a?x=1&amp;y=2</loc><image:image><image:loc>{shop.url}/a.jpg"
        "</image:loc><image:title>Bowl</image:title></image:image><image:image><image:loc>"
        f"{shop.url}/b.jpg</image:loc></image:image></url></urlset>",
    )
    row = read(site, owner, url).rows.get()
    assert (row.page_url, row.image_url, row.title) == (
        f"{shop.url}/a?x=1&y=2",
        f"{shop.url}/a.jpg",
        "Bowl",
    )


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><urlset>&b;</urlset>'


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<html><body>Not found</body></html>", "This is no sitemap"),
        ("<urlset><url>", "damaged at line 1"),
        (BOMB, "This is no sitemap"),
        ("hello", "This is no sitemap"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "This is no sitemap"),
        ("<a>" * 50 + "</a>" * 50, "This is no sitemap"),
    ],
    ids=["page", "damaged", "bomb", "text", "picture", "deep"],
)
def test_what_is_no_sitemap_is_told(shop, site, owner, body, words):
    batch = read(site, owner, shop.put("/sitemap.xml", body))
    assert batch.status == ListStatus.UNREADABLE
    told = Event.objects.get()
    assert (told.kind, told.subject_id, told.concerns) == ("list_needs_you", str(batch.pk), owner)
    assert told.payload["problem"] == batch.problem
    assert words in batch.problem


def test_a_sitemap_that_unpacks_to_too_much_is_refused(shop, site, owner):
    bomb = gzip.compress(b"<urlset>" + b" " * (51 * 1024 * 1024))
    batch = read(site, owner, shop.put("/sitemap.xml.gz", bomb))
    assert (batch.status, batch.problem) == (
        "unreadable",
        "It is too large. Bring the pages in smaller files.",
    )


def test_private_networks_are_closed_to_sitemaps_and_pages(shop, site, owner, settings):
    url = shop.sitemap("/a")
    batch = read(site, owner, url)
    settings.FETCH_ALLOWED_NETWORKS = []
    assert read(site, owner, url).problem.startswith("This address leads into a private network")
    add(batch, owner)
    assert rows(batch)[0][1:] == (
        "failed",
        (
            "This address leads into a private network. Give one that is open to everybody, or "
            "bring the pages as a CSV file."
        ),
    )
    assert shop.asked == ["/sitemap.xml"]


def test_more_pages_than_a_list_takes_come_the_next_time(shop, site, owner):
    url = shop.sitemap(*(f"/{number}" for number in range(2003)))
    batch = read(site, owner, url)
    assert (batch.rows.count(), batch.beyond_count) == (2000, 3)


def test_pages_of_other_sites_are_counted_and_left_out(shop, site, owner):
    url = shop.put("/list.txt", f"{shop.url}/a\nhttps://other.example/b\n{shop.url}/a\n")
    batch = read(site, owner, url)
    assert (batch.rows.count(), batch.elsewhere_count) == (1, 1)
