"""Pinterest gets the pictures of a file without signing in, for a while, and nobody gets others."""

import csv
import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.urls import reverse

from publishing.exports.views.export_text import PARTS_SHOWN
from publishing.media.selectors.public_pictures import public_url
from publishing.media.services.media import store_picture
from publishing.models import Media
from tests import factories
from tests.markup import squeezed

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(write_pin, media, now):
    """The path of a picture's public address."""

    def of(until=None, pin=None):
        url = public_url(pin or write_pin(), media, until=until or now + timedelta(days=1))
        return url.removeprefix("http://testserver")

    return of


def test_the_picture_itself_is_sent_to_whoever_has_its_address(client, address, media):
    answer = client.get(address())
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    with default_storage.open(media.file_name) as file:
        assert answer.content == file.read()
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Length"] == str(media.size)
    assert not answer.cookies


def test_head_tells_the_same_without_the_picture(client, address, media):
    answer = client.head(address())
    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "image/jpeg", b"")
    assert answer["Content-Length"] == str(media.size)


def test_an_address_ends_with_the_kind_of_picture_and_names_nothing_of_ours(address, media):
    path = address()
    assert path.startswith("/pins/pictures/")
    assert path.endswith(".jpg")
    assert str(media.pk) not in path


def test_an_address_ends_at_its_time(client, address, now):
    assert client.get(address(until=now - timedelta(seconds=1))).status_code == 404


def test_an_address_ends_with_its_pin(client, address, write_pin):
    pin = write_pin(at=None)
    path = address(pin=pin)
    assert client.get(path).status_code == 200
    pin.delete()
    assert client.get(path).status_code == 404


def test_an_address_ends_when_the_pin_shows_another_picture(
    client, address, write_pin, workspace, owner
):
    pin = write_pin(at=None)
    path = address(pin=pin)
    pin.media = store_picture(
        workspace=workspace, by=owner, data=factories.picture(color="#123456")
    )
    pin.save()
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("change", ["letter", "until", "signature", "junk", "none"])
def test_addresses_that_were_made_up_show_nothing(client, address, change):
    name = address().removeprefix("/pins/pictures/")
    content, signature, kind = name.split(".")
    made_up = {
        "letter": f"{'B' if content[0] == 'A' else 'A'}{content[1:]}.{signature}.{kind}",
        "until": f"{content[:-2]}__.{signature}.{kind}",
        "signature": f"{content}.{signature[::-1]}.{kind}",
        "junk": "x.y.jpg",
        "none": f"{content}.{kind}",
    }[change]
    answer = client.get(f"/pins/pictures/{made_up}")
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/plain")
    assert answer["Cache-Control"] == "no-store"


def test_a_picture_whose_file_is_gone_is_told_like_any_other(client, address, media):
    path = address()
    default_storage.delete(media.file_name)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_an_address_is_only_for_reading(client, address, method):
    assert getattr(client, method)(address()).status_code == 405


def test_there_is_no_list_of_pictures(client, db):
    assert client.get("/pins/pictures/").status_code == 404


## THE FILES FOR PINTEREST


@pytest.fixture
def member(sign_in, viewer):
    return sign_in(viewer)


def rows_of(answer):
    text = b"".join(answer.streaming_content).decode()
    return list(csv.reader(io.StringIO(text)))[1:]


def test_a_file_for_pinterest_has_utc_times_and_pictures_that_anybody_gets(
    member, client, write_pin, glazed, settings
):
    settings.PUBLIC_URL = "https://pins.company.com"
    write_pin(
        at=datetime(2035, 6, 10, 12, 30, tzinfo=UTC), section=glazed, description="word " * 150
    )
    answer = member.get(reverse("pin_export_pinterest"))
    assert "-utc.csv" in answer["Content-Disposition"]
    (row,) = rows_of(answer)
    assert (row[2], row[6]) == ("Bowls/Glazed", "2035-06-10T12:30:00")
    assert len(row[4]) <= 500
    url = row[1]
    assert url.startswith("https://pins.company.com/pins/pictures/")
    picture = client.get(url.removeprefix("https://pins.company.com"))
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/jpeg")


def test_a_picture_outlasts_the_last_pin_of_the_file(member, client, write_pin, now):
    last = now + timedelta(days=40)
    write_pin(at=last)
    (row,) = rows_of(member.get(reverse("pin_export_pinterest")))
    path = row[1].removeprefix("http://testserver")
    with time_machine.travel(last + timedelta(days=29), tick=False):
        assert client.get(path).status_code == 200
    with time_machine.travel(last + timedelta(days=31), tick=False):
        assert client.get(path).status_code == 404


def test_pictures_of_the_web_keep_their_address(member, write_pin, now):
    write_pin(at=now + timedelta(days=1))
    Media.objects.update(origin_url="https://x.example/a.jpg")
    assert rows_of(member.get(reverse("pin_export_pinterest")))[0][1] == "https://x.example/a.jpg"


def test_what_does_not_fit_one_file_comes_in_several_and_in_an_archive(member, write_pin, now):
    for number in range(101):
        write_pin(title=f"Pin {number}", at=now + timedelta(days=1, minutes=number))
    write_pin(title="Later", at=now + timedelta(days=30))
    page = member.get(reverse("pin_export")).content.decode()
    assert "102 Pins in 3 files" in page
    first = rows_of(member.get(reverse("pin_export_pinterest"), {"part": "1"}))
    second = rows_of(member.get(reverse("pin_export_pinterest"), {"part": "2"}))
    third = rows_of(member.get(reverse("pin_export_pinterest"), {"part": "3"}))
    assert [len(rows) for rows in (first, second, third)] == [100, 1, 1]
    assert third[0][0] == "Later"
    archive = zipfile.ZipFile(
        io.BytesIO(b"".join(member.get(reverse("pin_export_archive")).streaming_content))
    )
    names = archive.namelist()
    assert (len(names), names[0]) == (3, "pins-for-pinterest-1-of-3-utc.csv")
    assert names[2].startswith("pins-for-pinterest-3-of-3-not-before-")
    texts = [archive.read(name).decode() for name in names]
    assert [len(list(csv.reader(io.StringIO(text)))) for text in texts] == [101, 2, 2]


@pytest.mark.parametrize(
    ("beyond", "words"), [(1, "1 more is in the ZIP."), (2, "2 more are in the ZIP.")]
)
def test_files_that_are_not_listed_are_counted(member, write_pin, now, beyond, words):
    for number in range(PARTS_SHOWN + beyond):
        write_pin(title=f"Pin {number}", link="https://shop.example/", at=now + timedelta(days=1))
    assert words in squeezed(member.get(reverse("pin_export")).content.decode())


@pytest.mark.parametrize("part", ["0", "2", "x", "²", "99999999999"])
def test_a_part_that_is_not_there_is_not_found(member, write_pin, now, part):
    write_pin(at=now + timedelta(days=1))
    assert member.get(reverse("pin_export_pinterest"), {"part": part}).status_code == 404


def test_no_pins_make_no_files(member):
    assert member.get(reverse("pin_export_archive")).status_code == 404
    assert member.get(reverse("pin_export_pinterest")).status_code == 404
    page = squeezed(member.get(reverse("pin_export")).content.decode())
    assert "No Pin of this list can be uploaded." in page


def test_the_page_says_with_numbers_what_pinterest_makes_of_the_files(
    member, write_pin, put, now, settings
):
    settings.PUBLIC_URL = "https://pins.company.com"
    soon = now + timedelta(days=1)
    for number in range(3):
        write_pin(title=f"Pin {number}", link="https://shop.example/", at=soon)
    write_pin(title="pin  0", at=soon, description="x" * 501)
    write_pin(title="Draft", at=None)
    put("published", content={"title": "Out"})
    html = member.get(reverse("pin_export")).content.decode()
    for words in (
        "5 Pins in 3 files. Times are in UTC",
        "2 Pins have the same link as another. Pinterest keeps one Pin of each link",
        "1 Pin has the same title as another.",
        "1 description has more than 500 characters and is cut",
        "1 Pin has no date. Pinterest publishes it as soon as",
        "4 Pins are planned here as well: PinApp publishes them too.",
        "1 Pin of this list is not in it",
        "1 is published or on its way already",
        "work for anybody who has them until",
    ):
        assert words in html
    assert "can’t reach these pictures" not in html


def test_the_page_says_where_pinterest_can_not_fetch(member, write_pin, now, settings):
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    write_pin(at=now + timedelta(days=1))
    html = member.get(reverse("pin_export")).content.decode()
    assert "Pinterest can’t fetch the picture: http://127.0.0.1:8000" in html
    assert "Set PUBLIC_URL" in html
    Media.objects.update(origin_url="https://x.example/a.jpg")
    assert "Set PUBLIC_URL" not in member.get(reverse("pin_export")).content.decode()


def test_files_of_several_accounts_say_whose_they_are(
    member, write_pin, connect, workspace, sandbox, owner, now
):
    other = connect(workspace, sandbox.add_account("other", name="Other"), by=owner)
    theirs = other.boards.create(pinterest_id="77", name="Bowls", owner_username="other")
    write_pin(title="Ours", at=now + timedelta(days=3))
    write_pin(title="Theirs", at=now + timedelta(days=3), connection=other, board=theirs)
    names = zipfile.ZipFile(
        io.BytesIO(b"".join(member.get(reverse("pin_export_archive")).streaming_content))
    ).namelist()
    assert sorted(name.split("-")[3] for name in names) == ["clay", "other"]


@pytest.mark.parametrize("pins", [1, 100])
@pytest.mark.parametrize(("name", "queries"), [("pin_export", 7), ("pin_export_pinterest", 5)])
def test_files_cost_the_same_for_one_pin_and_for_many(
    member, write_pin, glazed, now, pins, name, queries, django_assert_num_queries
):
    for number in range(pins):
        write_pin(title=f"Pin {number}", section=glazed, at=now + timedelta(days=2))
    with django_assert_num_queries(queries):
        answer = member.get(reverse(name))
        if answer.streaming:
            b"".join(answer.streaming_content)


@pytest.mark.parametrize("name", ["pin_export", "pin_export_pinterest", "pin_export_archive"])
def test_visitors_sign_in_first(client, db, name):
    assert client.get(reverse(name)).status_code == 302


def test_pins_of_other_workspaces_stay_there(sign_in, stranger, write_pin, now):
    write_pin(at=now + timedelta(days=1))
    assert sign_in(stranger).get(reverse("pin_export_pinterest")).status_code == 404
