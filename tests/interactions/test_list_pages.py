"""The pages by which a person brings a list along."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from interactions.models import Entity, PageList, PageRow, RowStatus
from interactions.services import list_work
from tests import factories
from tests.interactions.page_lists import add, picture, take
from tests.markup import squeezed

pytestmark = pytest.mark.django_db


ELSEWHERE = "https://elsewhere.example"


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
    page = squeezed(answer.content.decode())
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
        (
            {"file": SimpleUploadedFile("a.csv", b"Page" + b"," * 4_000_000 + b"\nx\n")},
            "200 are the most",
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


def test_a_guessed_encoding_is_named(visitor, shop, site, editor):
    text = f"Page,Title\n{shop.url}/a,Уютная спальня для всей семьи\n"
    batch = take(site, editor, text.encode("cp1251"))
    page = visitor.get(f"/interactions/lists/{batch.pk}/").content.decode()
    assert "Уютная спальня" in page
    assert "The file was read as Cyrillic (Windows)." in page
    assert "Read in this encoding" in page
    batch = take(site, editor, text)
    assert (
        "The file was read as"
        not in visitor.get(f"/interactions/lists/{batch.pk}/").content.decode()
    )


def test_another_encoding_can_be_chosen_until_pages_are_added(visitor, shop, site, editor):
    """A single word of Czech, which as bytes is one of Western Europe as well."""
    text = f"Page,Title\n{shop.url}/a,Černý džbán\n{shop.url}/a,Černý džbán\n"
    batch = take(site, editor, text.encode("cp1250"))
    choose = f"/interactions/lists/{batch.pk}/encoding/"

    def titles(encoding):
        assert visitor.post(choose, {"encoding": encoding}).status_code == 302
        return list(batch.rows.order_by("number").values_list("title", "status"))

    assert titles("cp1252")[0][0] != "Černý džbán"
    assert titles("cp1250") == [("Černý džbán", "ready"), ("Černý džbán", "same")]
    page = visitor.get(f"/interactions/lists/{batch.pk}/").content.decode()
    assert "The file was read as Central European (Windows)." in page
    # What it can't be read in, and what is none, change nothing and say so.
    for encoding, says in (
        ("utf-8", "can&#x27;t be read in this encoding"),
        ("rot13", "not one of the list"),
        ("", "not one of the list"),
    ):
        answer = visitor.post(choose, {"encoding": encoding}, follow=True)
        assert says in answer.content.decode()
        assert titles("cp1250")[0] == ("Černý džbán", "ready")
    add(batch, editor)
    answer = visitor.post(choose, {"encoding": "cp1252"}, follow=True).content.decode()
    assert "give it again" in answer
    assert "Read in this encoding" not in answer
    assert set(batch.rows.values_list("title", flat=True)) == {"Černý džbán"}


def test_whose_list_it_is_and_who_edits_chooses_the_encoding(
    sign_in, viewer, stranger, shop, site, editor
):
    batch = take(site, editor, f"Page,Title\n{shop.url}/a,Schüssel\n".encode("cp1252"))
    choose = f"/interactions/lists/{batch.pk}/encoding/"
    assert sign_in(viewer).post(choose, {"encoding": "cp1250"}).status_code == 403
    assert sign_in(stranger).post(choose, {"encoding": "cp1250"}).status_code == 404
    batch.refresh_from_db()
    assert batch.encoding == "cp1252"
