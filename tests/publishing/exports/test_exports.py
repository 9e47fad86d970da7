"""What is taken away can be brought back, and doubles nothing."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from publishing.imports.selectors.imports import own_media_id
from publishing.imports.services import imports
from publishing.media.services.media import store_picture
from publishing.models import Import, Media, Pin
from tests import factories

pytestmark = pytest.mark.django_db

HEADER = "Title,Media URL,Pinterest board,Thumbnail,Description,Link,Publish date,Keywords"


@pytest.fixture
def export(sign_in, viewer):
    """Downloads the Pins of a list as a viewer: the header and the rows."""
    browser = sign_in(viewer)

    def exported(**query):
        answer = browser.get(reverse("pin_export_csv"), query)
        exported.content = b"".join(answer.streaming_content)
        return list(csv.reader(io.StringIO(exported.content.decode())))

    return exported


@pytest.fixture
def bring_back(connection, owner):
    """Uploads an export again: what becomes of its rows."""

    def brought(content, now):
        batch = imports.take_file(
            connection=connection, by=owner, file_name="pins.csv", data=content, now=now
        )
        return list(batch.rows.order_by("number").values_list("status", flat=True))

    return brought


def test_pins_stand_in_pinterests_columns_with_times_of_the_workspace(
    export, write_pin, glazed, media, settings
):
    settings.PUBLIC_URL = "https://pins.example"
    pin = write_pin(
        at=datetime(2027, 6, 10, 12, 30, tzinfo=UTC),
        section=glazed,
        title='=A "bowl", blue',
        description="First line\nsecond; line",
        link="https://shop.example/",
    )
    Pin.objects.update(keywords="clay, bowl")
    header, row = export()
    assert header == HEADER.split(",")
    assert export.content.startswith(f"{HEADER}\r\n".encode())
    assert row == [
        '\'=A "bowl", blue',
        row[1],
        "Bowls/Glazed",
        "",
        "First line\nsecond; line",
        "https://shop.example/",
        "2027-06-10T14:30:00+02:00",
        "clay, bowl",
    ]
    assert row[1].startswith("https://pins.example/pins/pictures/")
    assert own_media_id(row[1]) == pin.media_id


def test_times_can_be_had_in_utc(export, write_pin):
    write_pin(at=datetime(2027, 6, 10, 12, 30, tzinfo=UTC))
    assert export(times="utc")[1][6] == "2027-06-10T12:30:00+00:00"


def test_pictures_in_a_file_are_there_for_anybody(export, write_pin, client):
    write_pin()
    client.logout()
    assert client.get(export()[1][1].removeprefix("http://testserver")).status_code == 200


@pytest.fixture
def other_picture(workspace, owner, media):
    return store_picture(workspace=workspace, by=owner, data=factories.picture(color="#123456"))


def test_an_export_brought_back_doubles_nothing(
    export, bring_back, write_pin, put, boards, glazed, other_picture, now, settings
):
    settings.PUBLIC_URL = "https://pins.example"
    write_pin(title="Scheduled", at=now + timedelta(days=3))
    write_pin(title="Draft", at=None)
    write_pin(title="-Formula", at=now + timedelta(days=4), section=glazed)
    write_pin(title="Vases", at=now + timedelta(days=5), board=boards["Vases"])
    put("published", content={"title": "Out"})
    put("failed", content={"title": "Failed"})
    Media.objects.exclude(pk=other_picture.pk).update(origin_url="https://x.example/a.jpg")
    write_pin(title="Uploaded", media=other_picture, at=now + timedelta(days=6))
    export()
    assert bring_back(export.content, now) == ["same"] * 7
    Pin.objects.filter(title="Draft").delete()
    assert sorted(bring_back(export.content, now)) == ["ready", *["same"] * 6]


@pytest.mark.parametrize(
    ("instant", "written"),
    [
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "2027-10-31T02:30:00+02:00"),
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), "2027-10-31T02:30:00+01:00"),
        (datetime(2027, 3, 28, 1, 30, tzinfo=UTC), "2027-03-28T03:30:00+02:00"),
    ],
)
def test_the_hour_that_comes_twice_comes_back_as_it_was(
    export, bring_back, write_pin, now, instant, written
):
    write_pin(at=instant)
    assert export()[1][6] == written
    assert bring_back(export.content, now) == ["same"]
    Pin.objects.all().delete()
    bring_back(export.content, now)
    assert Import.objects.latest("created_at").rows.get().scheduled_at == instant


def test_a_board_whose_name_means_several_is_named_by_its_id(
    export, bring_back, write_pin, connection, bowls, now
):
    connection.boards.create(pinterest_id="77", name="Bowls", owner_username="friend")
    write_pin(at=now + timedelta(days=3))
    assert export()[1][2] == bowls.pinterest_id
    assert bring_back(export.content, now) == ["same"]


def test_pins_of_several_accounts_say_whose_they_are(
    export, bring_back, write_pin, connect, workspace, sandbox, owner, now
):
    other = connect(workspace, sandbox.add_account("other", name="Other"), by=owner)
    theirs = other.boards.create(pinterest_id="77", name="Bowls", owner_username="other")
    write_pin(title="Ours", at=now + timedelta(days=3))
    write_pin(title="Theirs", at=now + timedelta(days=3), connection=other, board=theirs)
    header, *rows = export()
    assert header == [*HEADER.split(","), "Account"]
    assert {row[0]: row[-1] for row in rows} == {"Ours": "clay-studio", "Theirs": "other"}
    assert bring_back(export.content, now) == ["same", "same"]
    assert export(account=str(other.pk))[0] == HEADER.split(",")


def test_a_board_that_is_gone_keeps_its_name(export, write_pin, bowls, now):
    write_pin()
    bowls.gone_at = now
    bowls.save()
    assert export()[1][2] == "Bowls"


def test_a_pin_that_lacks_everything_is_a_row_all_the_same(export, write_pin):
    write_pin(at=None, title="", connection=None, board=None, media=None)
    assert export()[1] == [""] * 8


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, {"Out", "Wait", "Vase"}),
        ({"show": "published"}, {"Out"}),
        ({"q": "vas"}, {"Vase"}),
        ({"status": "scheduled"}, {"Wait", "Vase"}),
        ({"show": "scheduled", "q": "wait"}, {"Wait"}),
        ({"account": "junk", "board": "x"}, {"Out", "Wait", "Vase"}),
    ],
)
def test_the_filters_of_the_list_count(export, write_pin, put, query, titles):
    put("published", content={"title": "Out"})
    write_pin(title="Wait")
    write_pin(title="Vase")
    assert {row[0] for row in export(**query)[1:]} == titles


def test_one_board_and_one_account_can_be_exported(export, write_pin, boards, connection):
    write_pin(title="Bowl")
    write_pin(title="Vase", board=boards["Vases"])
    assert [row[0] for row in export(board=str(boards["Vases"].pk))[1:]] == ["Vase"]
    assert len(export(account=str(connection.pk))) == 3
    assert len(export(account="00000000-0000-0000-0000-000000000000")) == 1


def test_pins_of_other_workspaces_stay_there(sign_in, stranger, write_pin):
    write_pin()
    answer = sign_in(stranger).get(reverse("pin_export_csv"))
    assert b"".join(answer.streaming_content).decode() == f"{HEADER}\r\n"


def test_json_has_all_that_is_known(sign_in, viewer, put, glazed, connection, bowls, owner, media):
    pin = put("published", content={"section": glazed, "alt_text": "Round", "description": "Blue"})
    put("failed")
    answer = sign_in(viewer).get(reverse("pin_export_json"), {"show": "published"})
    assert answer["Content-Type"] == "application/json"
    document = json.loads(b"".join(answer.streaming_content))
    assert document["format"] == "pinapp-pins-1"
    assert (document["workspace"], document["time_zone"]) == ("Clay", "Europe/Berlin")
    (found,) = document["pins"]
    assert found | {"updated_at": None} == {
        "id": str(pin.pk),
        "status": "published",
        "kind": "image",
        "account": {"id": connection.pinterest_id, "username": "clay-studio"},
        "board": {"id": bowls.pinterest_id, "name": "Bowls"},
        "section": {"id": glazed.pinterest_id, "name": "Glazed"},
        "title": "A bowl",
        "description": "Blue",
        "link": "",
        "alt_text": "Round",
        "keywords": "",
        "media": {
            "id": str(media.pk),
            "url": f"http://testserver/pins/media/{media.pk}/",
            "sha256": media.sha256,
            "content_type": "image/jpeg",
            "size": media.size,
            "width": 1000,
            "height": 1500,
        },
        "slides": [],
        "time_zone": "Europe/Berlin",
        "scheduled_at": pin.scheduled_at.isoformat(),
        "due_at": None,
        "slot_at": None,
        "published_at": pin.published_at.isoformat(),
        "removed_at": None,
        "created_at": pin.created_at.isoformat(),
        "updated_at": None,
        "held_reason": "",
        "question": "",
        "problem": "",
        "remedy": "",
        "pinterest_id": "987",
        "pinterest_url": "",
        "repeats": False,
        "series": None,
        "created_by": "olga@example.com",
    }


def test_an_empty_json_export_is_whole(sign_in, viewer):
    answer = sign_in(viewer).get(reverse("pin_export_json"))
    assert json.loads(b"".join(answer.streaming_content))["pins"] == []


@pytest.mark.parametrize("pins", [1, 100])
@pytest.mark.parametrize(("name", "queries"), [("pin_export_csv", 8), ("pin_export_json", 5)])
def test_an_export_costs_the_same_for_one_pin_and_for_many(
    sign_in, viewer, write_pin, glazed, pins, name, queries, django_assert_num_queries
):
    for number in range(pins):
        write_pin(title=f"Pin {number}", section=glazed)
    browser = sign_in(viewer)
    with django_assert_num_queries(queries):
        b"".join(browser.get(reverse(name)).streaming_content)


def test_the_list_leads_to_its_files(sign_in, viewer, write_pin, now):
    write_pin(title="Vase", at=now + timedelta(days=1))
    browser = sign_in(viewer)
    html = browser.get(reverse("pin_list"), {"q": "vase"}).content.decode()
    assert 'href="/pins/export/?show=all&amp;q=vase"' in html
    html = browser.get("/pins/export/?show=all&q=vase").content.decode()
    for name in ("export.csv", "export.json", "export/pinterest.csv"):
        assert f'href="/pins/{name}?show=all&amp;q=vase' in html


def test_visitors_sign_in_first(client, db):
    assert client.get(reverse("pin_export_csv")).status_code == 302
