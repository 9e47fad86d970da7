"""A spreadsheet of another product becomes planned Pins, and leaves as files for Pinterest."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.application import Application
from tests.factories import picture
from tests.journeys.newcomers import connect_maison_clay, sign_up_and_verify

pytestmark = pytest.mark.browser

FILE = (
    "Tytuł;Zdjęcie;Tablica;Link;Publish date\n"
    "Żółte gwiazdki, Łódź;;The table;https://shop.example/a;10/13/2035 9:30\n"
    "Mac &amp; Cheese;;Nowhere;https://shop.example/b;10/8/2035 9:30\n"
)


@pytest.mark.slow
def test_a_file_with_foreign_names_and_letters_becomes_pins_and_leaves_for_pinterest(
    page: Page, running_app: Application, tmp_path: Path
) -> None:
    sheet = tmp_path / "pins.csv"
    sheet.write_bytes(FILE.encode("cp1250"))
    bowls = [tmp_path / f"{color}.png" for color in ("red", "blue")]
    for bowl in bowls:
        bowl.write_bytes(picture(kind="PNG", color=bowl.stem))
    sign_up_and_verify(page, running_app, email="ida@example.com")
    connect_maison_clay(page, running_app)

    page.goto(f"{running_app.url}/pins/import/")
    page.get_by_label("CSV file").set_input_files(sheet)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("Encoding: Central European (Windows).")).to_be_visible()
    page.get_by_label("Tytuł").select_option("Title")
    page.get_by_label("Zdjęcie").select_option("Media URL")
    page.get_by_label("Tablica").select_option("Pinterest board")
    page.get_by_role("button", name="Use these columns").click()
    expect(page.get_by_role("heading", name="Żółte gwiazdki, Łódź")).to_be_visible()
    expect(page.get_by_text("Sat 13 Oct 2035, 09:30 UTC", exact=True)).to_be_visible()

    for number, bowl in enumerate(bowls, start=2):
        row = page.locator(f"#row-{number}")
        row.get_by_role("link", name="Change this row").click()
        expect(row.get_by_label("Title")).to_be_focused()
        row.get_by_label("Pinterest board").select_option(label="The table")
        row.get_by_label("Or a picture from this device").set_input_files(bowl)
        row.get_by_role("button", name="Save and check").click()
        expect(page.locator(f"#row-{number}").get_by_text("Ready")).to_be_visible()
    page.get_by_role("button", name="Import 2 Pins").click()
    expect(page.get_by_role("heading", name="2 Pins imported")).to_be_visible(timeout=60_000)

    page.goto(f"{running_app.url}/pins/")
    page.get_by_role("link", name="Export this list").click()
    expect(page.get_by_text("2 Pins in 1 file. Times are in UTC")).to_be_visible()
    expect(page.get_by_text("Pinterest can’t reach these pictures")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV for Pinterest").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text())))
    assert [(row["Title"], row["Publish date"]) for row in rows] == [
        ("Mac & Cheese", "2035-10-08T09:30:00"),
        ("Żółte gwiazdki, Łódź", "2035-10-13T09:30:00"),
    ]
    page.context.clear_cookies()
    for row in rows:
        answer = page.request.get(f"{running_app.url}{urlsplit(row['Media URL']).path}")
        assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
        assert "set-cookie" not in answer.headers
