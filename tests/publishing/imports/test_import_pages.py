"""The pages of an import: who may, what they say, and what foreign files can do: nothing."""

import csv
import io
import re

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pinapp.celery import app
from publishing.imports import tasks
from publishing.imports.services import imports
from publishing.models import Import, Pin
from tests import factories
from tests.markup import squeezed
from tests.pinterest.loopback import respond, serve

pytestmark = pytest.mark.django_db

HEADER = "Title,Media URL,Pinterest board,Thumbnail,Description,Link,Publish date,Keywords"


def told(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def site(settings):
    settings.FETCH_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    with serve(respond(200, factories.picture(), content_type="image/jpeg")) as server:
        yield server


@pytest.fixture
def upload(sign_in, editor, connection, boards):
    """Uploads lines under Pinterest's header as an editor."""
    browser = sign_in(editor)

    def uploaded(*lines, data=None):
        content = data if data is not None else "\n".join([HEADER, *lines]).encode()
        return browser.post(
            reverse("pin_import"),
            {"connection": connection.pk, "file": SimpleUploadedFile("my pins.csv", content)},
        )

    uploaded.browser = browser
    return uploaded


@pytest.fixture
def batch(upload, site):
    """One row that is ready, one to mend, and one whose board is unknown."""
    upload(
        f"Bowl,{site.url}/a.jpg,Bowls,,,,,clay",
        f"Mend me,{site.url}/b.jpg,Bowls,,,nonsense,,",
        f"Near,{site.url}/c.jpg,Bowl,,,,,",
    )
    return Import.objects.get()


def test_a_file_leads_to_its_preview(upload, site):
    answer = upload(f"Bowl,{site.url}/a.jpg,Bowls,,,,,")
    batch = Import.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/pins/import/{batch.pk}/")
    page = squeezed(upload.browser.get(answer.url).content.decode())
    assert "1 row: 1 ready" in page
    assert "Import 1 Pin</span>" in page
    assert "Times are shown in Europe/Berlin." in page
    assert Pin.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "This file is empty."),
        (HEADER.encode(), "There are no rows under the header"),
        (b"\x00\x01binary", "This is not a CSV file"),
        (b"a,b\n1,2", "The first row must name the columns"),
        (HEADER.encode() + b"\nt,u,b" * 3000, "This file has more than 2,000 rows."),
        (b"x" * (5 * 1024 * 1024 + 1), "5 MB is the most."),
        (HEADER.encode() + b"\n" + b"x" * 1_000_000, "Row 2 has a value of more than"),
    ],
)
def test_a_file_that_can_not_be_read_is_refused_beside_the_field(upload, data, words):
    answer = upload(data=data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Import.objects.exists()


def test_no_file_and_no_account_are_told(sign_in, editor, connection):
    answer = sign_in(editor).post(reverse("pin_import"), {"connection": "junk"})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "connection": ["This account is not connected to this workspace. Choose another one."],
        "file": ["Choose the file with your Pins."],
    }


def test_the_account_of_another_workspace_is_no_choice(upload, sign_in, stranger, connection):
    answer = sign_in(stranger).post(
        reverse("pin_import"),
        {"connection": connection.pk, "file": SimpleUploadedFile("x.csv", HEADER.encode())},
    )
    assert (answer.status_code, Import.objects.count()) == (422, 0)


def test_the_preview_says_what_is_wrong_and_offers_boards(upload, batch):
    page = upload.browser.get(reverse("import_detail", args=[batch.pk]))
    rows = page.context["rows"]
    assert [row["status_label"] for row in rows] == ["Ready", "Needs mending", "Needs mending"]
    html = squeezed(page.content.decode())
    assert "<strong>Link:</strong> Start the link with https://" in html
    assert "<strong>Pinterest board:</strong> There is no board “Bowl” on this account." in html
    assert "2 rows need mending." in html
    assert "Pinterest’s API takes no keywords." in html
    assert re.search(r'name="place" value="\d+"', html)


def test_the_tabs_show_parts_of_the_file(upload, batch):
    url = reverse("import_detail", args=[batch.pk])
    numbers = {
        show: [row["number"] for row in upload.browser.get(url, {"show": show}).context["rows"]]
        for show in ("all", "mend", "ready", "same", "done", "junk")
    }
    assert numbers == {
        "all": [2, 3, 4],
        "mend": [3, 4],
        "ready": [2],
        "same": [],
        "done": [],
        "junk": [2, 3, 4],
    }


def test_rows_are_mended_on_the_page(upload, batch, bowls):
    browser = upload.browser
    answer = browser.post(
        reverse("import_row", args=[batch.pk, 3]),
        {"Link": "https://shop.example/", "show": "mend", "page": "1", "Nonsense": "x"},
    )
    assert answer.url == f"/pins/import/{batch.pk}/?show=mend&page=1#row-3"
    assert told(answer) == ["Row 3 is changed."]
    answer = browser.post(
        reverse("import_board", args=[batch.pk]),
        {"text": "Bowl", "place": bowls.pinterest_id, "anchor": "row-4"},
    )
    assert answer.url == f"/pins/import/{batch.pk}/#row-4"
    assert list(batch.rows.values_list("status", flat=True)) == ["ready"] * 3


def test_where_to_go_back_to_can_not_be_made_up(upload, batch):
    answer = upload.browser.post(
        reverse("import_board", args=[batch.pk]),
        {"text": "x", "place": "1", "anchor": "//evil.example", "show": "a&b", "page": "%0d"},
    )
    assert answer.url == f"/pins/import/{batch.pk}/"


def test_a_mended_row_that_is_still_wrong_says_so(upload, batch):
    answer = upload.browser.post(reverse("import_row", args=[batch.pk, 3]), {"Title": "x" * 200})
    assert told(answer) == ["Row 3 still needs mending: look at what it says."]


def test_importing_shows_progress_until_it_is_done(upload, batch, settings):
    browser = upload.browser
    url = reverse("import_detail", args=[batch.pk])
    browser.post(reverse("import_start", args=[batch.pk]))
    page = squeezed(browser.get(url).content.decode())
    progress = reverse("import_progress", args=[batch.pk])
    assert f'hx-get="{progress}" hx-trigger="every 1s"' in page
    assert "0 of 1 row" in page
    answer = browser.get(progress)
    assert (answer.status_code, answer.get("HX-Refresh")) == (200, None)
    app.conf.update(task_always_eager=True, task_eager_propagates=True)
    try:
        tasks.resume_imports()
    finally:
        app.conf.update(task_always_eager=False, task_eager_propagates=False)
    assert browser.get(progress)["HX-Refresh"] == "true"
    page = squeezed(browser.get(url).content.decode())
    assert "1 Pin imported" in page
    pin = Pin.objects.get()
    assert f"/pins/{pin.pk}/" in page
    assert "<dt>Keywords</dt><dd>clay " in squeezed(
        browser.get(f"/pins/{pin.pk}/").content.decode()
    )


def test_starting_twice_or_with_nothing_ready_is_told(upload, batch):
    start = reverse("import_start", args=[batch.pk])
    upload.browser.post(start)
    again = upload.browser.post(start)
    assert told(again)[-1].startswith("This import is under way.")
    Import.objects.update(status="done")
    batch.rows.update(status="done")
    assert told(upload.browser.post(start))[-1].startswith("No row is ready.")


def test_rows_to_mend_are_downloaded_with_their_errors_and_come_back(upload, batch, site):
    answer = upload.browser.get(reverse("import_failed", args=[batch.pk]))
    content = b"".join(answer.streaming_content)
    assert answer["Content-Disposition"] == 'attachment; filename="pins-to-mend.csv"'
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert header == [*HEADER.split(","), "Error"]
    assert [row[0] for row in rows] == ["Mend me", "Near"]
    assert rows[0][-1].startswith("Link: Start the link with https://")
    mended = content.replace(b"nonsense", b"https://shop.example/")
    upload(data=mended)
    newest = Import.objects.latest("created_at")
    assert list(newest.rows.order_by("number").values_list("status", flat=True)) == [
        "ready",
        "wrong",
    ]
    assert newest.unused_columns == []


def test_there_is_no_file_to_mend_when_nothing_is_wrong(upload, site):
    upload(f"Bowl,{site.url}/a.jpg,Bowls,,,,,")
    url = reverse("import_failed", args=[Import.objects.get().pk])
    assert upload.browser.get(url).status_code == 404


def test_the_template_has_pinterests_columns(upload):
    answer = upload.browser.get(reverse("import_template"))
    assert b"".join(answer.streaming_content).decode("utf-8-sig") == f"{HEADER}\r\n"


def test_boards_are_refreshed_and_rows_checked_again(upload, batch, sandbox, studio, connection):
    sandbox.add_board(studio, "Bowl")
    answer = upload.browser.post(
        reverse("import_account", args=[batch.pk]), {"connection": connection.pk}
    )
    assert told(answer) == ["All rows are checked again."]
    assert batch.rows.get(number=4).status == "ready"
    wrong = upload.browser.post(reverse("import_account", args=[batch.pk]), {"connection": "x"})
    assert told(wrong)[-1].startswith("This account is not connected")


def test_a_file_is_discarded(upload, batch):
    answer = upload.browser.post(reverse("import_discard", args=[batch.pk]))
    assert (answer.url, Import.objects.count()) == (reverse("pin_import"), 0)


def test_texts_of_files_are_shown_and_never_run(upload):
    nasty = "<script>alert(1)</script>"
    upload(f"{nasty},javascript:alert(1),{nasty},{nasty},{nasty},{nasty},{nasty},{nasty}")
    batch = Import.objects.get()
    html = upload.browser.get(reverse("import_detail", args=[batch.pk])).content.decode()
    assert nasty not in html
    assert 'href="javascript' not in html


# What is asked of the database


@pytest.mark.parametrize("rows", [1, 50])
def test_a_preview_costs_the_same_for_few_rows_and_for_many(
    upload, rows, django_assert_num_queries
):
    upload(*[f"Bowl {n},https://x.example/{n}.jpg,Bowls / Glazed,,,,," for n in range(rows)])
    url = reverse("import_detail", args=[Import.objects.get().pk])
    with django_assert_num_queries(12):
        assert len(upload.browser.get(url).context["rows"]) == rows


@pytest.mark.parametrize("files", [1, 10])
def test_the_first_page_costs_the_same_for_few_files_and_for_many(
    upload, files, connection, editor, now, django_assert_num_queries
):
    for number in range(files):
        imports.take_file(
            connection=connection,
            by=editor,
            file_name=f"{number}.csv",
            data=f"{HEADER}\nt,u,b".encode(),
            now=now,
        )
    with django_assert_num_queries(11):
        assert len(upload.browser.get(reverse("pin_import")).context["recent"]) == files


# Who may

READS = ["import_detail", "import_progress", "import_failed"]
WRITES = [
    "import_start",
    "import_board",
    "import_account",
    "import_discard",
    "import_encoding",
    "import_columns",
    "import_zone",
    "import_day_order",
    "import_repeats",
]


@pytest.mark.parametrize("name", [*READS, *WRITES])
@pytest.mark.parametrize(("person", "status"), [("viewer", 403), ("stranger", 404)])
def test_only_editors_of_the_workspace_see_and_change_an_import(
    sign_in, batch, request, name, person, status
):
    browser = sign_in(request.getfixturevalue(person))
    ask = browser.get if name in READS else browser.post
    assert ask(reverse(name, args=[batch.pk])).status_code == status
    assert (Import.objects.get().status, batch.rows.count()) == ("open", 3)


@pytest.mark.parametrize(("person", "status"), [("viewer", 403), ("stranger", 404)])
def test_only_editors_of_the_workspace_change_a_row(sign_in, batch, request, person, status):
    browser = sign_in(request.getfixturevalue(person))
    url = reverse("import_row", args=[batch.pk, 2])
    assert browser.post(url, {"Title": "Theirs"}).status_code == status
    assert batch.rows.get(number=2).cells["Title"] == "Bowl"


@pytest.mark.parametrize("name", WRITES)
def test_nothing_changes_by_looking(upload, batch, name):
    assert upload.browser.get(reverse(name, args=[batch.pk])).status_code == 405


@pytest.mark.parametrize("name", ["pin_import", "import_template"])
def test_visitors_sign_in_and_viewers_ask_an_owner(client, sign_in, viewer, name):
    assert client.get(reverse(name)).status_code == 302
    assert sign_in(viewer).get(reverse(name)).status_code == 403
