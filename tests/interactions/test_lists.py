"""Bringing a shop's pages along: each once, whoever dies meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Event
from interactions.models import Entity, ListStatus, PageList, PageRow
from interactions.services import list_reading, list_work, lists
from interactions.services.lists import ListAtWork, NothingNew
from interactions.services.sites import archive_entity
from interactions.tasks import go_on_with_lists
from tests.interactions.page_lists import add, picture, read, rows, take

pytestmark = pytest.mark.django_db


ELSEWHERE = "https://elsewhere.example"


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
    told = Event.objects.get()
    assert (told.kind, told.payload["problem"]) == ("list_needs_you", "1 page was not added.")
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
    list_reading.read_listed_sitemap(list_id=batch.pk, clock=timezone.now)
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
