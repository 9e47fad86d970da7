"""What pages say of themselves, whoever wrote them, and what they can't do to us."""

from __future__ import annotations

import gzip

import pytest

from foundation.fetching.documents import Document
from interactions.models import Entity
from interactions.policy.pages import ForeignPage, PageFacts, read_page
from interactions.services.foreign import PageRejected, read_foreign_page
from tests.interactions.page_lists import add, picture, rows, take

URL = "https://shop.example/pages/bowl"
DATA = "<script type='application/ld+json'>"
PICTURE = "https://shop.example/bowl.jpg"


def facts(html, **more):
    data = html if isinstance(html, bytes) else html.encode()
    return read_page(ForeignPage(data, URL, **more))


def image(html):
    return facts(html).image_url


def test_one_bad_byte_is_one_bad_byte():
    page = '<html><head><meta charset="utf-8"><meta property="og:title" content="Süße Schüssel">'
    cut = b'<meta property="og:description" content="cut off \xc3"></head></html>'
    assert facts(page.encode() + cut) == PageFacts("Süße Schüssel", "cut off \ufffd")


def test_a_page_in_windows_1251_says_what_it_means():
    page = '<html><head><meta charset="windows-1251"><title>Уютная спальня</title></head></html>'
    assert facts(page.encode("cp1251")).title == "Уютная спальня"


def test_the_header_says_the_encoding():
    assert facts("<title>Ночь</title>".encode("koi8-r"), charset="koi8-r").title == "Ночь"


def test_a_packed_page_is_unpacked_as_far_as_it_came():
    page = b"<title>Bowl</title>" + b"<p>text" * 100_000
    assert facts(gzip.compress(page)).title == "Bowl"
    assert facts(gzip.compress(page)[:-50]).title == "Bowl"


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<meta property=og:image content=/bowl.jpg>", PICTURE),
        ("<META NAME='OG:Image' CONTENT=' ../bowl.jpg '>", PICTURE),
        ("<meta content='/bowl.jpg' property='og:image twitter:image'/>", PICTURE),
        ("<meta property='og:image' content=''><meta name='twitter:image' content='/bowl.jpg'>",
         PICTURE),
        (f"<meta name=og:image content=/a><meta name=og:image:secure_url content={PICTURE}>",
         PICTURE),
        ("<link rel='image_src' href='//shop.example/bowl.jpg'>", PICTURE),
        ("<link rel='preload image_src' href='/bowl.jpg'>", PICTURE),
        ("<base href='https://shop.example/x/'><meta property=og:image content='../bowl.jpg'>",
         PICTURE),
        ("<script type='application/ld+json'>{\"image\": [{\"url\": \"/bowl.jpg\"}]}</script>",
         PICTURE),
        (f"{DATA}{{</script>{DATA.upper()}[{{\"a\": {{\"image\": \"/bowl.jpg\"}}}}]</script>",
         PICTURE),
        ("<body><p><div></p><meta property=og:image content='/bowl.jpg'>", PICTURE),
        ("<meta property=og:image content='https://straße.example/a b.jpg'>",
         "https://straße.example/a b.jpg"),
        ("<meta property=og:image content='data:image/png;base64,AAAA'>", ""),
        ("<meta property=og:image content='javascript:alert(1)'>", ""),
        ("<meta property=og:image content='http://[bad'>", ""),
        (f"<meta property=og:image content='/{'a' * 3000}'>", ""),
        ("<!-- <meta property=og:image content='/bowl.jpg'> -->", ""),
        ("<script>'<meta property=og:image content=/bowl.jpg>'</script>", ""),
        ("<script type='application/ld+json'>" + "[" * 5000 + "</script>", ""),
        ("<script type='application/ld+json'>{\"image\": " + "9" * 9000 + "}</script>", ""),
        ("plain text", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_pictures_are_found_in_any_html(html, found):
    assert image(html) == found


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title> Blue\n bowl </title><title>Other</title>", "Blue bowl"),
        ("<svg><title>Arrow</title></svg><title>Bowl</title>", "Bowl"),
        ("<title><b>Bowl</b> &lt;3 &quot;new&quot;", '<b>Bowl</b> <3 "new"'),
        (
            "<title>Bowl</title><meta property='og:title' content='Blue &amp; round'>",
            "Blue & round",
        ),
        (
            "<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0//EN'><html><title>Bowl</title></html>",
            "Bowl",
        ),
        ("<title>" + "x" * 999, "x" * 200),
    ],
)
def test_titles_are_found_in_any_html(html, title):
    assert facts(html).title == title


def document(data):
    return Document(URL, data)


def test_pages_are_read_in_a_process_of_their_own():
    page = b"<title>Bowl</title><meta name=description content=Round>"
    assert read_foreign_page(document(page)) == PageFacts("Bowl", "Round")


@pytest.mark.slow
def test_a_page_that_takes_too_long_is_given_up_with_a_sentence():
    with pytest.raises(PageRejected, match="takes too much time or memory"):
        read_foreign_page(document(b"<div>" * 200_000))
    assert read_foreign_page(document(b"<title>Next</title>")).title == "Next"


@pytest.mark.slow
@pytest.mark.django_db
def test_the_pages_after_it_are_added_all_the_same(shop, site, owner):
    shop.put("/bowl.jpg", picture("#3366aa"))
    shop.put("/deep", "<div>" * 200_000)
    shop.page("/bowl", picture="/bowl.jpg", title="Bowl")
    batch = take(site, owner, f"Page\n{shop.url}/deep\n{shop.url}/bowl\n")
    add(batch, owner)
    assert rows(batch) == [
        (
            2,
            "failed",
            str(PageRejected()),
        ),
        (3, "done", ""),
    ]
    assert Entity.objects.get().title == "Bowl"
