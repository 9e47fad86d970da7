"""What is not sure about a file is named and asked once, and done so from then on."""

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from publishing.imports.services import imports, work
from publishing.models import Import, ImportSource, KnownHeader, Media, Pin
from tests import factories
from tests.markup import squeezed

pytestmark = pytest.mark.django_db

SHORT = "Title,Media URL,Pinterest board,Publish date"
PICTURE = "https://pictures.example/a.jpg"


@pytest.fixture
def member(sign_in, editor, boards):
    return sign_in(editor)


@pytest.fixture
def upload(member, connection):
    """Uploads a file as an editor; gives the import."""

    def uploaded(*lines, header=SHORT, data=None):
        content = data if data is not None else "\n".join([header, *lines]).encode()
        member.post(
            reverse("pin_import"),
            {"connection": connection.pk, "file": SimpleUploadedFile("pins.csv", content)},
        )
        return Import.objects.order_by("-created_at").first()

    return uploaded


@pytest.fixture
def say(member):
    """Answers a question of an import's page: what was told."""

    def said(name, batch, **answer):
        response = member.post(reverse(f"import_{name}", args=[batch.pk]), answer)
        batch.refresh_from_db()
        return [str(message) for message in get_messages(response.wsgi_request)]

    return said


@pytest.fixture
def shown(member):
    def page_of(batch):
        return squeezed(member.get(reverse("import_detail", args=[batch.pk])).content.decode())

    return page_of


def cells(batch, column="Title"):
    return [row.cells.get(column) for row in batch.rows.order_by("number")]


def statuses(batch):
    return list(batch.rows.order_by("number").values_list("status", flat=True))


def instants(batch):
    rows = batch.rows.order_by("number")
    return [row.scheduled_at and row.scheduled_at.isoformat() for row in rows]


## THE ZONE


def test_the_zone_is_asked_once_for_a_file_and_remembered_for_its_header(upload, say, shown):
    batch = upload(f"Bowl,{PICTURE},Bowls,2035-10-13T11:00:00", f"Cup,{PICTURE}2,Vases,2035-10-14")
    assert statuses(batch) == ["asks", "ready"]
    html = shown(batch)
    assert "In which zone are the times of this file?" in html
    assert "“2035-10-13T11:00:00” is then Sat 13 Oct 2035, 13:00 CEST" in html
    assert "“2035-10-13T11:00:00” is then Sat 13 Oct 2035, 09:00 UTC" in html
    say("zone", batch, zone="UTC")
    assert instants(batch) == ["2035-10-13T11:00:00+00:00", "2035-10-14T07:00:00+00:00"]
    assert statuses(batch) == ["ready", "ready"]
    html = shown(batch)
    assert "Sat 13 Oct 2035, 13:00 CEST · 11:00 UTC" in html
    assert "Times without a zone are in UTC." in html
    again = upload(f"Plate,{PICTURE}3,Bowls,2035-10-20T11:00:00")
    assert instants(again) == ["2035-10-20T11:00:00+00:00"]
    assert "In which zone are the times of this file? They do not say." in shown(again)
    say("zone", again, zone="Europe/Berlin")
    assert instants(again) == ["2035-10-20T09:00:00+00:00"]


def test_times_with_an_offset_and_days_without_a_time_ask_nothing(upload, shown):
    batch = upload(
        f"Bowl,{PICTURE},Bowls,2035-10-13T11:00:00Z", f"Cup,{PICTURE}2,Vases,2035-10-14", "x,y,z,"
    )
    assert statuses(batch)[:2] == ["ready", "ready"]
    assert "In which zone" not in shown(batch)


def test_where_the_workspace_is_in_utc_there_is_nothing_to_ask(upload, workspace):
    workspace.time_zone = "UTC"
    workspace.save()
    assert statuses(upload(f"Bowl,{PICTURE},Bowls,2035-10-13T11:00:00")) == ["ready"]


def test_what_is_no_zone_answers_nothing(upload, say):
    batch = upload(f"Bowl,{PICTURE},Bowls,2035-10-13T11:00:00")
    say("zone", batch, zone="Mars/Olympus")
    assert statuses(batch) == ["asks"]


def test_another_workspace_answers_for_itself(upload, say, connection, stranger, now):
    batch = upload(f"Bowl,{PICTURE},Bowls,2035-10-13T11:00:00")
    say("zone", batch, zone="UTC")
    assert KnownHeader.objects.get().workspace == connection.workspace
    assert KnownHeader.objects.filter(workspace__memberships__user=stranger).count() == 0


def test_both_times_of_an_autumn_night_can_be_told_apart(upload, say, shown):
    batch = upload(
        f"First,{PICTURE},Bowls,2035-10-28T02:30:00+02:00",
        f"Second,{PICTURE}2,Vases,2035-10-28T02:30:00+01:00",
    )
    html = shown(batch)
    assert "02:30 CEST · 00:30 UTC" in html
    assert "02:30 CET · 01:30 UTC" in html


## THE ORDER OF DAY AND MONTH


def test_one_certain_date_of_the_file_settles_the_order_of_all(upload, say, shown):
    rows = [f"Bowl {day},{PICTURE}{day},Bowls,10/{day}/2035 9:30" for day in range(8, 18)]
    batch = upload(*rows)
    say("zone", batch, zone="UTC")
    assert instants(batch) == [f"2035-10-{day:02}T09:30:00+00:00" for day in range(8, 18)]
    assert "Which comes first in the dates" not in shown(batch)


def test_where_no_date_is_certain_there_is_one_question(upload, say, shown):
    batch = upload(f"A,{PICTURE}1,Bowls,10/8/2035", f"B,{PICTURE}2,Vases,11/8/2035")
    assert statuses(batch) == ["asks", "asks"]
    html = shown(batch)
    assert html.count("Which comes first in the dates of this file?") == 1
    assert "“10/8/2035” is then 10 August 2035" in html
    assert "“10/8/2035” is then 8 October 2035" in html
    say("day_order", batch, order="month")
    assert [moment[:10] for moment in instants(batch)] == ["2035-10-08", "2035-11-08"]
    again = upload(f"C,{PICTURE}3,Bowls,10/9/2035")
    assert instants(again)[0][:10] == "2035-10-09"
    assert "Dates are read month first." in shown(again)


def test_a_date_that_proves_the_other_order_is_believed(upload, say):
    batch = upload(f"A,{PICTURE},Bowls,10/8/2035")
    say("day_order", batch, order="month")
    again = upload(f"C,{PICTURE}3,Bowls,10/9/2035", f"D,{PICTURE}4,Vases,31/12/2035")
    assert [moment[:10] for moment in instants(again)] == ["2035-09-10", "2035-12-31"]


def test_a_date_that_can_not_exist_says_so(upload, say):
    batch = upload(f"A,{PICTURE},Bowls,31/04/2035", f"B,{PICTURE},Bowls,2035-03-25 02:30")
    say("zone", batch, zone="Europe/Berlin")
    first, second = (row.problems[0]["message"] for row in batch.rows.order_by("number"))
    assert first == "“31/04/2035” is not a day or a time that exists: April 2035 has 30 days."
    assert second.startswith("02:30 does not exist on 25 March 2035 in Europe/Berlin")


## THE ENCODING


def test_a_guessed_encoding_is_named_with_lines_and_can_be_changed(upload, say, shown):
    data = f"Title;Media URL;Pinterest board\nУютная спальня;{PICTURE};Bowls\n".encode("cp1251")
    batch = upload(data=data)
    assert cells(batch) == ["Уютная спальня"]
    html = shown(batch)
    assert "<strong>Encoding: Cyrillic (Windows).</strong> This is likely, not sure" in html
    assert "Уютная спальня;https://pictures.example/a.jpg;Bowls" in html
    say("encoding", batch, encoding="koi8-r")
    assert cells(batch) == ["Уютная спальня".encode("cp1251").decode("koi8-r")]
    again = upload(data=data)
    assert again.encoding == "koi8-r"
    say("encoding", again, encoding="cp1251")
    assert cells(again) == ["Уютная спальня"]


def test_unicode_is_sure_whatever_was_said_of_the_last_file(upload, say, shown):
    header = "Title;Media URL;Pinterest board"
    batch = upload(data=f"{header}\nFrühstück;{PICTURE};Bowls\n".encode("cp1252"))
    say("encoding", batch, encoding="cp1250")
    again = upload(data=f"{header}\nFrühstück;{PICTURE};Bowls\n".encode())
    assert cells(again) == ["Frühstück"]
    assert "<strong>Encoding: UTF-8.</strong> The file itself says so." in shown(again)


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("rot13", "This encoding is not one of the list."),
        ("utf-8", "The file can't be read in this encoding."),
    ],
)
def test_an_encoding_that_can_not_be_is_refused(upload, say, encoding, words):
    batch = upload(data=f"{SHORT}\nFrühstück,{PICTURE},Bowls,\n".encode("cp1252"))
    (told,) = say("encoding", batch, encoding=encoding)
    assert told.startswith(words)
    assert (batch.encoding, cells(batch)) == ("cp1252", ["Frühstück"])


## THE COLUMNS


def test_unknown_names_are_assigned_once_and_remembered(upload, say, shown, member):
    header = "Überschrift,Foto-Adresse,Pinnwandname,Notiz"
    batch = upload(f"Bowl,{PICTURE},Bowls,x", header=header)
    assert (batch.rows.count(), batch.has_known_columns) == (0, False)
    html = shown(batch)
    assert "Say which column is which" in html
    assert "No column is known as “Title” and “Media URL” and “Pinterest board”." in html
    assert PICTURE in html
    say(
        "columns",
        batch,
        **{"column-0": "Title", "column-1": "Media URL", "column-2": "Pinterest board"},
    )
    assert (cells(batch), statuses(batch)) == (["Bowl"], ["ready"])
    assert "Columns that are not used: “Notiz”." in shown(batch)
    again = upload(f"Cup,{PICTURE}2,Vases,x", header=header)
    assert (cells(again), statuses(again)) == (["Cup"], ["ready"])


def test_columns_that_are_missing_can_be_done_without(upload, say, shown):
    batch = upload("Bowl,https://shop.example/,x", header="Title,Link,Colour")
    say("columns", batch, **{"column-0": "Title", "column-1": "Link"})
    assert statuses(batch) == ["wrong"]
    assert [each["column"] for each in batch.rows.get().problems] == [
        "Media URL",
        "Pinterest board",
    ]


def test_a_column_is_given_once_and_only_one_that_there_is(upload, say):
    batch = upload("a,b,c", header="One,Two,Three")
    say("columns", batch, **{"column-0": "Title", "column-1": "Title", "column-2": "Secrets"})
    assert batch.columns == ["Title", "", ""]


## WHEN IT IS SETTLED


def test_a_file_is_not_kept_longer_than_it_can_be_read_anew(upload, say, shown, editor, now):
    batch = upload(f"Bowl,{PICTURE},Bowls,2035-10-13T11:00:00Z")
    assert ImportSource.objects.filter(batch=batch).exists()
    imports.start_import(batch=batch, by=editor, now=now)
    assert not ImportSource.objects.exists()
    batch.refresh_from_db()
    told = say("encoding", batch, encoding="cp1252")[-1]
    assert told.startswith("This import is under way.")
    Import.objects.update(status="done")
    told = say("encoding", batch, encoding="cp1252")[-1]
    assert told.startswith("Pins were made of this file already.")
    assert "Read in this encoding" not in shown(batch)


## ONE ROW


def test_the_board_of_a_row_is_picked_from_the_accounts_boards(upload, member, boards):
    batch = upload(f"Bowl,{PICTURE},Nowhere,")
    url = reverse("import_row", args=[batch.pk, 2])
    html = squeezed(member.get(url, headers={"HX-Request": "true"}).content.decode())
    assert "<html" not in html
    assert "As written: “Nowhere”" in html
    bowls = boards["Bowls"]
    section = bowls.sections.get(name="Glazed")
    key = f"{bowls.pinterest_id}/{section.pinterest_id}"
    assert f'<option value="{key}">Bowls / Glazed</option>' in html
    assert f'<option value="{bowls.pinterest_id}">Bowls</option>' in html
    member.post(url, {"Pinterest board": key})
    row = batch.rows.get()
    assert (row.status, row.board, row.section) == ("ready", bowls, section)
    assert f'<option value="{key}" selected>' in squeezed(member.get(url).content.decode())


def test_a_row_has_a_page_of_its_own_where_scripts_do_not_run(upload, member):
    batch = upload(f"Bowl,{PICTURE},Nowhere,")
    url = reverse("import_row", args=[batch.pk, 2])
    html = member.get(url).content.decode()
    assert "<html" in html
    assert "There is no board “Nowhere”" in html
    assert member.get(reverse("import_row", args=[batch.pk, 9])).status_code == 404


def test_a_picture_is_uploaded_for_a_row_that_lacks_a_good_address(
    upload, member, editor, now, workspace
):
    batch = upload("Bowl,https://x,Bowls,")
    picture = SimpleUploadedFile("a.jpg", factories.picture(), content_type="image/jpeg")
    member.post(
        reverse("import_row", args=[batch.pk, 2]), {"Media URL": "https://x", "picture": picture}
    )
    media = Media.objects.get(workspace=workspace)
    assert (statuses(batch), batch.rows.get().picture) == (["ready"], media)
    batch.refresh_from_db()
    imports.start_import(batch=batch, by=editor, now=now)
    work.work_on_import(import_id=batch.pk, clock=lambda: now)
    assert Pin.objects.get().media == media


def test_an_address_that_is_changed_takes_the_place_of_an_uploaded_picture(upload, member):
    batch = upload("Bowl,https://x,Bowls,")
    picture = SimpleUploadedFile("a.jpg", factories.picture(), content_type="image/jpeg")
    url = reverse("import_row", args=[batch.pk, 2])
    member.post(url, {"picture": picture})
    member.post(url, {"Media URL": PICTURE})
    row = batch.rows.get()
    assert (row.picture, row.cells["Media URL"]) == (None, PICTURE)


def test_a_file_that_is_no_picture_is_told_and_changes_nothing(upload, member):
    batch = upload(f"Bowl,{PICTURE},Bowls,")
    answer = member.post(
        reverse("import_row", args=[batch.pk, 2]),
        {"Title": "Changed", "picture": SimpleUploadedFile("a.jpg", b"no picture")},
    )
    assert answer.status_code == 302
    assert cells(batch) == ["Bowl"]
    assert [str(message) for message in get_messages(answer.wsgi_request)]


## CODES AND REPEATS


def test_decoded_cells_say_so_until_they_are_changed(upload, member, shown):
    batch = upload(
        f"Mac &amp; Cheese &#8217;n&#8217; Peas,{PICTURE},Bowls,https://shop.example/?a=1&amp;b=2",
        header="Title,Media URL,Pinterest board,Link",
    )
    row = batch.rows.get()
    assert (row.cells["Title"], row.cells["Link"]) == (
        "Mac & Cheese ’n’ Peas",
        "https://shop.example/?a=1&b=2",
    )
    assert "HTML’s codes, such as &amp;amp;, were decoded in: Title, Link." in shown(batch)
    member.post(reverse("import_row", args=[batch.pk, 2]), {"Title": "Peas"})
    assert "were decoded" not in shown(batch)


def test_repeats_are_asked_about_on_the_page(upload, say, shown):
    batch = upload(f"A,{PICTURE},Bowls,2035-10-13T11:00Z", f"B,{PICTURE},Vases,2035-10-13T12:00Z")
    assert statuses(batch) == ["ready", "asks"]
    html = shown(batch)
    assert "1 row repeats a link or a picture too soon." in html
    assert "A picture that looks the same goes out with another row of this file" in html
    say("repeats", batch, number="3")
    assert statuses(batch) == ["ready", "ready"]


def test_a_file_of_ours_that_is_brought_back_asks_nothing(member, upload, write_pin, now, settings):
    settings.PUBLIC_URL = "https://pins.company.com"
    write_pin(title="Ours", at=now.replace(year=2035))
    content = b"".join(member.get(reverse("pin_export_csv")).streaming_content)
    batch = upload(data=content)
    assert (statuses(batch), batch.local_date) == (["same"], "")
    content = b"".join(member.get(reverse("pin_export_csv"), {"times": "utc"}).streaming_content)
    assert statuses(upload(data=content)) == ["same"]
