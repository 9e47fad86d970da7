"""What is read of a sitemap, and what is refused."""

from __future__ import annotations

import gzip
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import Event
from interactions.models import ListStatus, PageList
from interactions.policy import sitemaps
from interactions.policy.sitemaps import ForeignSitemap, SitemapRejected, read_sitemap
from interactions.services import list_leases, list_reading, list_work, lists
from tests.interactions.page_lists import add, read, rows, take

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
        ("<!doctype html><html><body>Not found</body></html>", "This is no sitemap"),
        ("<urlset><url>", "damaged at line 1"),
        (BOMB, "This is no sitemap"),
        ("hello", "This is no sitemap"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "This is no sitemap"),
        ("<a>" * 50 + "</a>" * 50, "This is no sitemap"),
    ],
    ids=["page", "page with doctype", "damaged", "bomb", "text", "picture", "deep"],
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


PAGE = "<url><loc>https://shop.example/bowl</loc></url>"


def listed(data, charset=""):
    given = data if isinstance(data, bytes) else data.encode()
    return [page.url for page in read_sitemap(ForeignSitemap(given, charset)).pages]


def declared(encoding, path="/ü", codec=None):
    text = f'<?xml version="1.0" encoding="{encoding}"?><urlset>{PAGE}</urlset>'
    return text.replace("/bowl", path).encode(codec or encoding)


@pytest.mark.parametrize(
    ("data", "charset", "path"),
    [
        (declared("windows-1251", "/ю"), "", "/ю"),
        (declared("shift_jis", "/あ", "cp932"), "", "/あ"),
        (declared("iso-8859-1", "/–", "cp1252"), "", "/–"),
        (declared("utf-16", "/あ"), "", "/あ"),
        (declared("utf-16", "/ü", "utf-8"), "", "/ü"),
        (declared("utf-8", "/あ", "utf-16-be"), "", "/あ"),
        (declared("utf-8", "/ü", "utf-8-sig"), "", "/ü"),
        (declared("utf-7", "/ü", "utf-8"), "utf-8", "/ü"),
        (declared("utf-8", "/ü") + b" <p>Warning: something", "", "/ü"),
        (b"\n\n " + declared("utf-8", "/ü"), "", "/ü"),
        (declared("utf-8", "/~").replace(b"~", b"\xff"), "", "/\ufffd"),
        (gzip.compress(gzip.compress(declared("utf-8", "/ü"))), "", "/ü"),
        (gzip.compress(declared("utf-8", "/ü")) + b"left over", "", "/ü"),
        ("https://shop.example/ü".encode("utf-8-sig"), "", "/ü"),
    ],
)
def test_a_sitemap_of_any_encoding_is_read(data, charset, path):
    assert listed(data, charset) == [f"https://shop.example{path}"]


NOT_ONE = "This is no sitemap"
DAMAGED = "The sitemap is damaged at line 1"
FILE = "The packed file is damaged"
HUGE = 12_000_000


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (declared("utf-7", "/a", "utf-8"), "“utf-7”, which is no encoding of the web"),
        (declared("rot13", "/a", "utf-8"), "“rot13”, which is no encoding of the web"),
        (b"", NOT_ONE),
        (b"\x00" * 99, NOT_ONE),
        (f"<urlset>\x00{PAGE}</urlset>", DAMAGED),
        (f"<urlset>{PAGE}", DAMAGED),
        ("<urlset>&nbsp;</urlset>", DAMAGED),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><urlset>&b;</urlset>', NOT_ONE),
        ("<urlset>" + "<a>" * 50_000, NOT_ONE),
        ("<a/>" * 50_000, NOT_ONE),
        (gzip.compress(b"<urlset>" + b"<a/>" * 2_500_000), NOT_ONE),
        (gzip.compress(b"<urlset><!--" + b"x" * HUGE), NOT_ONE),
        (gzip.compress(b'<urlset a="' + b"x" * HUGE), NOT_ONE),
        (gzip.compress(b"<urlset><" + b"x" * HUGE), NOT_ONE),
        (gzip.compress(b"<urlset><a" + b" b=''" * (HUGE // 5)), NOT_ONE),
        (gzip.compress(b"<urlset>" + b" " * sitemaps.SITEMAP_BYTES), "It is too large"),
        (gzip.compress(b"https://shop.example/" + b"x" * HUGE), NOT_ONE),
        (gzip.compress(gzip.compress(gzip.compress(b"<urlset/>"))), NOT_ONE),
        (gzip.compress(f"<urlset>{PAGE}</urlset>".encode())[:-30], FILE),
        (b"\x1f\x8b" + b"x" * 99, FILE),
    ],
    ids=["utf-7", "rot13", "empty", "nulls", "null", "unclosed", "entity", "external", "deep",
         "other root", "many tags", "comment", "attribute", "name", "attributes", "bomb", "line",
         "three times packed", "cut off", "no gzip"],
)  # fmt: skip
def test_whatever_a_sitemap_holds_there_is_a_sentence_soon(data, words):
    began = time.process_time()
    with pytest.raises(SitemapRejected, match=words):
        listed(data)
    assert time.process_time() - began < 5


def test_a_text_in_a_tag_without_end_is_no_address():
    page = f"<url><loc>{'x' * HUGE}</loc></url>"
    assert listed(gzip.compress(f"<urlset>{page}</urlset>".encode())) == []


def test_no_more_is_taken_of_one_sitemap_than_it_may_list():
    pages = "".join(f"<url><loc>https://shop.example/{n}</loc></url>" for n in range(50_001))
    found = read_sitemap(ForeignSitemap(f"<urlset>{pages}</urlset>".encode()))
    assert (len(found.pages), found.is_cut) == (50_000, True)
    long = "".join(f"<url><loc>https://shop.example/{n:01900}</loc></url>" for n in range(5000))
    found = read_sitemap(ForeignSitemap(f"<urlset>{long}</urlset>".encode()))
    assert (3000 < len(found.pages) < 5000, found.is_cut) == (True, True)


def index(shop, *paths, at="/index.xml"):
    names = "".join(f"<sitemap><loc>{shop.url}{path}</loc></sitemap>" for path in paths)
    return shop.put(at, f"<sitemapindex>{names}</sitemapindex>")


def test_a_sitemap_that_can_t_be_read_keeps_no_other_from_it(sign_in, shop, site, owner):
    shop.put("/utf-7.xml", declared("utf-7", "/a", "utf-8"))
    shop.put("/packed.xml.gz", b"\x1f\x8b" + b"x" * 99)
    shop.sitemap("/bowl", at="/good.xml")
    batch = read(site, owner, index(shop, "/utf-7.xml", "/packed.xml.gz", "/away.xml", "/good.xml"))
    assert (batch.status, batch.rows.get().page_url) == ("open", f"{shop.url}/bowl")
    assert [
        (each["url"].removeprefix(shop.url), each["problem"][:30]) for each in batch.unread
    ] == [
        ("/utf-7.xml", "It says to be written in “utf-"),
        ("/packed.xml.gz", "The packed file is damaged. Ha"),
        ("/away.xml", "There is nothing at this addre"),
    ]
    page = sign_in(owner).get(f"/interactions/lists/{batch.pk}/").content.decode()
    assert "Not all of the sitemap was read" in page
    assert f"{shop.url}/away.xml: There is nothing at this address" in page


def test_a_list_that_can_t_be_read_ends_and_the_next_begins(shop, site, owner):
    batch = read(site, owner, shop.put("/utf-7.xml", declared("utf-7", "/a", "utf-8")))
    assert (batch.status, batch.leased_until) == (ListStatus.UNREADABLE, None)
    assert "“utf-7”, which is no encoding of the web. Have the site save it as" in batch.problem
    assert read(site, owner, shop.sitemap("/bowl")).status == ListStatus.OPEN


def test_what_leads_nowhere_but_to_what_can_t_be_read_lists_nothing(shop, site, owner):
    batch = read(site, owner, index(shop, "/away.xml"))
    assert (batch.status, batch.rows.count(), len(batch.unread)) == ("open", 0, 1)


def test_no_more_sitemaps_are_read_than_one_may_lead_to(shop, site, owner):
    paths = [f"/{number}.xml" for number in range(52)]
    for path in paths:
        shop.sitemap(f"/page{path}", at=path)
    batch = read(site, owner, index(shop, *paths))
    assert (batch.files_read, batch.rows.count()) == (51, 50)
    (remark,) = batch.unread
    assert remark["problem"].startswith("It leads to more than 50 sitemaps. The rest was not read")


def test_a_sitemap_that_leads_to_itself_is_read_once(shop, site, owner):
    batch = read(site, owner, index(shop, "/index.xml", "/index.xml"))
    assert (batch.files_read, shop.asked) == (1, ["/index.xml"])


def test_reading_ends_in_time_with_what_it_has(shop, site, owner):
    shop.sitemap("/a", at="/a.xml")
    shop.sitemap("/b", at="/b.xml")
    url = index(shop, "/a.xml", "/b.xml")
    batch = lists.take_sitemap(site=site, by=owner, url=url, now=timezone.now())
    times = iter(timezone.now() + timedelta(minutes=2 * number) for number in range(99))
    list_reading.read_listed_sitemap(list_id=batch.pk, clock=lambda: next(times))
    batch.refresh_from_db()
    assert (batch.status, batch.rows.get().page_url) == ("open", f"{shop.url}/a")
    assert batch.unread == [
        {
            "url": f"{shop.url}/b.xml",
            "problem": "Reading stopped after 5 minutes, before this one. The rest was not read: "
            "give the address of one of those.",
        }
    ]


def test_pages_beyond_what_is_looked_at_are_left_out(shop, site, owner, monkeypatch):
    monkeypatch.setattr(list_reading, "PAGE_LIMIT", 3)
    shop.sitemap("/1", "/2", at="/a.xml")
    shop.sitemap("/2", "/3", "/4", at="/b.xml")
    shop.sitemap("/5", at="/c.xml")
    batch = read(site, owner, index(shop, "/a.xml", "/b.xml", "/c.xml"))
    assert (batch.rows.count(), len(batch.unread)) == (3, 1)


def test_a_sitemap_over_which_workers_die_is_given_up(shop, site, owner, monkeypatch):
    """A worker that dies leaves the list to another; after three the list says so and ends."""

    class Died(BaseException):
        pass

    def die(_url):
        raise Died

    url = shop.sitemap("/bowl")
    batch = lists.take_sitemap(site=site, by=owner, url=url, now=timezone.now())
    now = timezone.now()
    with monkeypatch.context() as dying:
        dying.setattr(list_reading, "_read_one", die)
        for _ in range(list_reading.TRIES):
            with pytest.raises(Died):
                list_reading.read_listed_sitemap(list_id=batch.pk, clock=lambda now=now: now)
            list_reading.read_listed_sitemap(list_id=batch.pk, clock=lambda now=now: now)
            now += list_leases.LEASE + timedelta(seconds=1)
    list_reading.read_listed_sitemap(list_id=batch.pk, clock=lambda now=now: now)
    batch.refresh_from_db()
    assert (batch.status, batch.problem) == (
        "unreadable",
        "PinApp could not finish reading it. Bring the pages as a CSV file.",
    )
    assert read(site, owner, url).status == ListStatus.OPEN


def test_lists_take_no_more_threads_than_they_may(shop, site, owner, settings):
    """While others read and add pages, a list waits in its row, and whoever works lets it go on."""
    sitemap = lists.take_sitemap(site=site, by=owner, url=shop.sitemap("/a"), now=timezone.now())
    for _ in range(settings.LISTS_AT_ONCE):
        assert list_leases.PLACES.acquire(blocking=False)
    try:
        list_reading.read_listed_sitemap(list_id=sitemap.pk, clock=timezone.now)
    finally:
        list_leases.PLACES.release(settings.LISTS_AT_ONCE)
    sitemap.refresh_from_db()
    assert (sitemap.status, sitemap.leased_until, sitemap.tries) == ("reading", None, 0)
    assert list_leases.others_wait()
    assert not list_leases.others_wait()


def test_a_list_leaves_its_place_to_those_that_wait(shop, site, owner, monkeypatch):
    monkeypatch.setattr(list_work, "SLICE", timedelta())
    for turn in (False, True):
        batch = take(site, owner, f"Page\n{shop.url}/a\n{shop.url}/b\n")
        lists.start(batch=batch, by=owner, now=timezone.now())
        if turn:
            list_leases._refused.set()
        goes_on = list_work.work_on_list(
            list_id=batch.pk, clock=timezone.now, rest=lambda _seconds: None
        )
        assert goes_on is not turn
        lists.stop(batch=batch, by=owner)


def memory_of_this_process():
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024
    raise AssertionError(line)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc here")
def test_three_sitemaps_of_fifty_megabytes_leave_the_worker_small(shop, site, owner):
    """Each is read in a process of its own, one after the other, within its bounds."""
    entry = b"<url><loc>https://shop.example/bowl</loc></url>"
    packed = gzip.compress(b"<urlset>" + entry * 1_050_000 + b"</urlset>")
    paths = [f"/{number}.xml.gz" for number in range(3)]
    for path in paths:
        shop.put(path, packed)
    url = index(shop, *paths)
    before, most = memory_of_this_process(), []
    done = threading.Event()

    def watch():
        while not done.wait(0.01):
            most.append(memory_of_this_process())

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.process_time()
    batch = read(site, owner, url)
    spent = time.process_time() - began
    done.set()
    watcher.join()
    assert (batch.status, batch.files_read, len(batch.unread)) == ("open", 4, 3)
    assert batch.unread[0]["problem"].startswith(
        "It is longer than a sitemap may be (50,000 pages)."
    )
    assert max(most) - before < 60_000_000
    assert spent < 3
    assert PageList.objects.count() == 1
