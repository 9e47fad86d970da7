"""Bringing a shop's pages along, from its sitemap or a file."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from interactions.models import Entity, ListStatus, PageList, PageRow, RowStatus
from interactions.services import list_work, lists
from interactions.services.lists import ListAtWork, NothingNew
from interactions.services.sites import archive_entity
from interactions.tasks import go_on_with_lists
from tests import factories
from tests.interactions.shop import open_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(settings, site):
    settings.FETCH_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    with open_shop() as shop:
        site.origins = [shop.url]
        site.save(update_fields=["origins"])
        yield shop


def picture(color):
    return factories.picture((600, 900), color=color)


def read(site, owner, url):
    batch = lists.take_sitemap(site=site, by=owner, url=url, now=timezone.now())
    list_work.read_listed_sitemap(list_id=batch.pk, clock=timezone.now)
    batch.refresh_from_db()
    return batch


def take(site, owner, text, name="pages.csv"):
    data = text if isinstance(text, bytes) else text.encode()
    return lists.take_file(site=site, by=owner, name=name, data=data, now=timezone.now())


def add(batch, owner, **more):
    lists.start(batch=batch, by=owner, now=timezone.now(), **more)
    while list_work.work_on_list(list_id=batch.pk, clock=timezone.now, rest=lambda _seconds: None):
        pass
    batch.refresh_from_db()


def rows(batch):
    return list(batch.rows.order_by("number").values_list("number", "status", "note"))


def test_from_the_sitemap_to_the_buttons(shop, site, owner):
    """Two pages name their pictures; the third has none and says so."""
    shop.put("/bowl.jpg", picture("#3366aa"))
    shop.put("/cup.jpg", picture("#aa6633"))
    shop.page("/bowl", picture="/bowl.jpg", title="Blue bowl")
    shop.page("/cup", picture=f"{shop.url}/cup.jpg", title="Red cup")
    shop.page("/about")
    batch = read(site, owner, shop.sitemap("/bowl", "/cup", "/about"))
    assert (batch.status, rows(batch)) == ("open", [(n, "ready", "") for n in (1, 2, 3)])
    assert not Entity.objects.exists()
    add(batch, owner)
    assert batch.status == ListStatus.DONE
    assert list(
        Entity.objects.order_by("title").values_list("title", "page_url", "origin_url")
    ) == [
        ("Blue bowl", f"{shop.url}/bowl", f"{shop.url}/bowl.jpg"),
        ("Red cup", f"{shop.url}/cup", f"{shop.url}/cup.jpg"),
    ]
    assert rows(batch)[2] == (
        3,
        "failed",
        "The page names no picture (og:image). Give the picture's address in a CSV file.",
    )


def test_the_same_sitemap_twice_adds_nothing(shop, site, owner):
    shop.put("/bowl.jpg", picture("#3366aa"))
    shop.page("/bowl", picture="/bowl.jpg", title="Blue bowl")
    url = shop.sitemap("/bowl")
    add(read(site, owner, url), owner)
    again = read(site, owner, url)
    assert (again.known_count, again.rows.count()) == (1, 0)
    with pytest.raises(NothingNew):
        lists.start(batch=again, by=owner, now=timezone.now())
    assert Entity.objects.count() == 1


def test_the_same_file_twice_adds_nothing(shop, site, owner):
    image = shop.put("/bowl.jpg", picture("#3366aa"))
    text = f"Page,Picture,Title\n{shop.url}/bowl,{image},Bowl\n{shop.url}/bowl,{image},Bowl\n"
    batch = take(site, owner, text)
    assert rows(batch) == [(2, "ready", ""), (3, "same", "The same as row 2.")]
    add(batch, owner)
    assert [row[1:] for row in rows(take(site, owner, text))] == [
        ("same", "“Bowl” has this page already.")
    ] * 2
    assert Entity.objects.count() == 1
    assert shop.asked == ["/bowl.jpg"]


def test_what_is_offered_no_more_stays_so(shop, site, owner):
    image = shop.put("/bowl.jpg", picture("#3366aa"))
    other = shop.put("/copy.jpg", picture("#3366aa"))
    text = f"Page,Picture,Title\n{shop.url}/bowl,{image},Bowl\n"
    add(take(site, owner, text), owner)
    archive_entity(entity=Entity.objects.get(), by=owner, now=timezone.now())
    (row,) = rows(take(site, owner, text))
    assert row[1:] == ("same", "“Bowl” is offered no more. Offer it again on its page.")
    # The same picture at another address is known by its bytes, once it is fetched.
    batch = take(site, owner, text.replace(image, other))
    add(batch, owner)
    assert rows(batch)[0][1] == "same"
    assert Entity.objects.get().archived_at is not None


def test_a_file_of_any_spelling_is_read(shop, site, owner):
    text = (
        "sep=;\r\nProduct URL;IMAGE_LINK;Name;Words\r\n"
        f"{shop.url}/a;{shop.url}/a.jpg;Schüssel;Für Suppe\r\n"
    )
    batch = take(site, owner, text.encode("cp1252"))
    row = batch.rows.get()
    assert (row.page_url, row.image_url, row.title, row.description, row.status) == (
        f"{shop.url}/a",
        f"{shop.url}/a.jpg",
        "Schüssel",
        "Für Suppe",
        "ready",
    )


ELSEWHERE = "https://elsewhere.example"


def test_each_row_that_can_t_be_used_says_why(shop, site, owner):
    batch = take(
        site,
        owner,
        "Page,Picture\n"
        ",https://x.example/a.jpg\n"
        "bowl,\n"
        f"{ELSEWHERE}/bowl,\n"
        f"{shop.url}/a,a.jpg\n"
        f"{shop.url}/{'a' * 2000},\n",
    )
    assert [row[1:] for row in rows(batch)] == [
        ("wrong", "The page's address is missing."),
        (
            "wrong",
            "The page's address is none. Write it in full, as https://shop.example/bowl.",
        ),
        (
            "wrong",
            f"The page is not on this site. Add {ELSEWHERE} in its settings, or leave the page out.",  # noqa: E501
        ),
        ("wrong", "The picture's address is none. Write it in full, or leave it empty."),
        ("wrong", "An address has more than 2,000 characters."),
    ]


def test_a_page_with_another_picture_gets_a_second_one(shop, site, owner):
    first, second = shop.put("/1.jpg", picture("#111111")), shop.put("/2.jpg", picture("#eeeeee"))
    add(take(site, owner, f"Page,Picture,Title\n{shop.url}/a,{first},Bowl\n"), owner)
    batch = take(site, owner, f"Page,Picture,Title\n{shop.url}/a,{second},Bowl\n")
    assert rows(batch)[0][2] == (
        "“Bowl” has this page with another picture; this adds a second one."
    )
    add(batch, owner)
    assert Entity.objects.count() == 2


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


def test_a_worker_that_dies_is_followed_by_another(shop, site, owner, monkeypatch):
    """It dies in the second row; the next one finishes, and nothing is there twice."""
    for number in (1, 2, 3):
        shop.put(f"/{number}.jpg", picture(f"#{number}{number}{number}"))
        shop.page(f"/{number}", picture=f"/{number}.jpg", title=f"Bowl {number}")
    batch = read(site, owner, shop.sitemap("/1", "/2", "/3"))
    lists.start(batch=batch, by=owner, now=timezone.now())
    fetched = []

    class Died(BaseException):
        pass

    real = list_work.fetch_image

    def fetch(url, **more):
        fetched.append(url)
        if len(fetched) == 2:
            raise Died
        return real(url, **more)

    monkeypatch.setattr(list_work, "fetch_image", fetch)
    work = {"list_id": batch.pk, "rest": lambda _seconds: None}
    with pytest.raises(Died):
        list_work.work_on_list(clock=timezone.now, **work)
    # Nobody else takes it while its lease runs; then the next one goes on.
    assert list_work.work_on_list(clock=timezone.now, **work) is False
    assert Entity.objects.count() == 1
    later = timezone.now() + list_work.LEASE + timedelta(seconds=1)
    list_work.work_on_list(clock=lambda: later, **work)
    batch.refresh_from_db()
    assert (batch.status, Entity.objects.count()) == ("done", 3)


def test_a_page_that_kills_every_worker_is_given_up(shop, site, owner):
    batch = take(site, owner, f"Page,Picture,Title\n{shop.url}/a,{shop.url}/a.jpg,Bowl\n")
    PageRow.objects.update(tries=list_work.TRIES)
    add(batch, owner)
    assert rows(batch)[0][1:] == (
        "failed",
        "PinApp could not finish with this page. Add it by hand.",
    )


def test_a_site_that_asks_for_time_gets_it(shop, site, owner):
    """Told to come back later, the list waits a minute and goes on; the third time it gives up."""
    shop.put("/a", "", status=429)
    batch = take(site, owner, f"Page\n{shop.url}/a\n")
    lists.start(batch=batch, by=owner, now=timezone.now())
    now = timezone.now()
    for _ in range(3):
        list_work.work_on_list(
            list_id=batch.pk, clock=lambda now=now: now, rest=lambda _seconds: None
        )
        now += timedelta(seconds=61)
    batch.refresh_from_db()
    assert shop.asked == ["/a"] * 3
    assert rows(batch)[0][1:] == (
        "failed",
        "The site asks us to come back later. Try again in some minutes.",
    )


def test_stopping_keeps_what_is_added_and_the_rest_goes_on_later(shop, site, owner):
    for number in (1, 2):
        shop.put(f"/{number}.jpg", picture(f"#{number}{number}{number}"))
    batch = take(
        site,
        owner,
        "Page,Picture,Title\n"
        + "".join(f"{shop.url}/{n},{shop.url}/{n}.jpg,Bowl {n}\n" for n in (1, 2)),
    )
    lists.start(batch=batch, by=owner, now=timezone.now())
    list_work.work_on_list(
        list_id=batch.pk,
        clock=timezone.now,
        rest=lambda _seconds: lists.stop(batch=batch, by=owner),
    )
    batch.refresh_from_db()
    assert (batch.status, Entity.objects.count()) == ("open", 1)
    add(batch, owner)
    assert (batch.status, Entity.objects.count()) == ("done", 2)


def test_one_list_of_a_site_at_a_time(shop, site, owner):
    text = f"Page,Picture,Title\n{shop.url}/a,{shop.url}/a.jpg,Bowl\n"
    one, other = take(site, owner, text), take(site, owner, text)
    lists.start(batch=one, by=owner, now=timezone.now())
    for attempt in (
        lambda: lists.start(batch=one, by=owner, now=timezone.now()),
        lambda: lists.start(batch=other, by=owner, now=timezone.now()),
        lambda: lists.discard(batch=one, by=owner),
        lambda: lists.take_sitemap(site=site, by=owner, url=shop.url, now=timezone.now()),
    ):
        with pytest.raises(ListAtWork):
            attempt()


def test_what_failed_is_tried_again_when_asked(shop, site, owner):
    batch = take(site, owner, f"Page,Picture,Title\n{shop.url}/a,{shop.url}/a.jpg,Bowl\n")
    add(batch, owner)
    assert rows(batch)[0][1] == "failed"
    shop.put("/a.jpg", picture("#3366aa"))
    add(batch, owner, again=True)
    assert (rows(batch)[0][1], Entity.objects.count()) == ("done", 1)


def test_lost_messages_are_made_up_for(shop, site, owner, monkeypatch):
    sent = []
    for name in ("read_sitemap", "work_on_list"):
        monkeypatch.setattr(
            f"interactions.tasks.{name}.delay",
            lambda name=name, **given: sent.append((name, given)),
        )
    batch = lists.take_sitemap(site=site, by=owner, url=shop.sitemap("/a"), now=timezone.now())
    go_on_with_lists()
    list_work.read_listed_sitemap(list_id=batch.pk, clock=timezone.now)
    lists.start(batch=batch, by=owner, now=timezone.now())
    go_on_with_lists()
    given = {"list_id": str(batch.pk)}
    assert sent == [("read_sitemap", given), ("work_on_list", given)]


def test_old_lists_are_forgotten_and_what_they_added_stays(shop, site, owner):
    shop.put("/a.jpg", picture("#3366aa"))
    add(take(site, owner, f"Page,Picture,Title\n{shop.url}/a,{shop.url}/a.jpg,Bowl\n"), owner)
    later = timezone.now() + lists.KEPT_FOR + timedelta(days=1)
    assert lists.forget_old_lists(now=later) == 1
    assert (PageList.objects.count(), Entity.objects.count()) == (0, 1)


@pytest.fixture
def visitor(sign_in, editor):
    return sign_in(editor)


def test_a_file_by_the_pages(visitor, shop, site, editor):
    """As a person does it: give the file, look, add, download what failed."""
    image = shop.put("/bowl.jpg", picture("#3366aa"))
    text = (
        f"Page,Picture,Title\n{shop.url}/bowl,{image},=Bowl\nnowhere,,\n{shop.url}/x,{image}x,X\n"
    )
    path = f"/interactions/sites/{site.key}/lists/new"
    assert visitor.get(path).status_code == 200
    file = SimpleUploadedFile("bowls.csv", text.encode(), "text/csv")
    answer = visitor.post(path, {"file": file}, follow=True)
    page = answer.content.decode()
    assert "3 pages: 2 new, 1 can" in page
    batch = PageList.objects.get()
    assert batch.created_by == editor
    visitor.post(f"/interactions/lists/{batch.pk}/start/")
    assert "Adding pages" in visitor.get(f"/interactions/lists/{batch.pk}/").content.decode()
    progress = visitor.get(f"/interactions/lists/{batch.pk}/progress/")
    assert ("0 of 2 pages" in progress.content.decode(), progress.get("HX-Refresh")) == (True, None)
    list_work.work_on_list(list_id=batch.pk, clock=timezone.now, rest=lambda _seconds: None)
    assert visitor.get(f"/interactions/lists/{batch.pk}/progress/")["HX-Refresh"] == "true"
    file = visitor.get(f"/interactions/lists/{batch.pk}/failed.csv").content.decode("utf-8-sig")
    header, *cells = list(csv.reader(io.StringIO(file)))
    assert header == ["Page", "Picture", "Title", "Description", "Why not"]
    assert [row[0] for row in cells] == ["nowhere", f"{shop.url}/x"]
    assert Entity.objects.get().title == "=Bowl"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"sitemap": " "}, "Give the sitemap"),
        ({"sitemap": "sitemap.xml"}, "This is no address"),
        ({"file": SimpleUploadedFile("a.csv", b"")}, "This file is empty"),
        (
            {"file": SimpleUploadedFile("a.csv", b"Name\nx\n")},
            "The first row must name the columns",
        ),
        ({"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04aa")}, "This is a workbook"),
        (
            {
                "sitemap": "https://a.example/s.xml",
                "file": SimpleUploadedFile("a.csv", b"Page\nx\n"),
            },
            "not both",
        ),
    ],
)
def test_what_can_t_be_taken_is_told_beside_the_field(visitor, site, given, words):
    answer = visitor.post(f"/interactions/sites/{site.key}/lists/new", given)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not PageList.objects.exists()


@pytest.mark.parametrize("many", [1, 60])
def test_the_page_of_a_list_takes_a_fixed_number_of_queries(
    visitor, shop, site, owner, many, django_assert_num_queries
):
    text = "Page\n" + "".join(f"{shop.url}/{number}\n" for number in range(many))
    batch = take(site, owner, text)
    visitor.get(f"/interactions/lists/{batch.pk}/")
    with django_assert_num_queries(10):
        assert visitor.get(f"/interactions/lists/{batch.pk}/").status_code == 200


def test_other_workspaces_have_no_part_in_it(sign_in, shop, site, owner):
    batch = take(site, owner, f"Page\n{shop.url}/a\n")
    stranger = sign_in(factories.member(factories.WorkspaceFactory(name="Other"), "eve", "owner"))
    for path in ("", "progress/", "failed.csv"):
        assert stranger.get(f"/interactions/lists/{batch.pk}/{path}").status_code == 404
    for path in ("start/", "stop/", "discard/"):
        assert stranger.post(f"/interactions/lists/{batch.pk}/{path}").status_code == 404
    assert PageRow.objects.get().status == RowStatus.READY
