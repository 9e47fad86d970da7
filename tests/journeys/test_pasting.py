"""Pasting in the composer: text is the field's, a picture alone is the Pin's."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.application import Application
from tests.journeys.newcomers import connect_maison_clay, sign_up_and_verify

pytestmark = pytest.mark.browser

_COPY = """async (kinds) => {
  const canvas = new OffscreenCanvas(400, 600);
  canvas.getContext("2d").fillRect(0, 0, 400, 600);
  const all = {
    "image/png": await canvas.convertToBlob({ type: "image/png" }),
    "text/plain": new Blob(["Blue bowl"], { type: "text/plain" }),
    "text/html": new Blob(["<table><tr><td>Blue bowl</td></tr></table>"], { type: "text/html" }),
  };
  const chosen = Object.fromEntries(kinds.map((kind) => [kind, all[kind]]));
  await navigator.clipboard.write([new ClipboardItem(chosen)]);
}"""
A_CELL = ["text/html", "text/plain", "image/png"]
"""What a spreadsheet puts on the clipboard for one cell."""
A_PICTURE = ["image/png"]
A_PICTURE_OF_A_PAGE = ["text/html", "image/png"]
"""What a browser puts there for “Copy image”."""


@pytest.mark.slow
@pytest.mark.browser_context_args(permissions=["clipboard-read", "clipboard-write"])
def test_a_cell_is_pasted_as_its_text_and_a_picture_alone_as_the_picture(
    page: Page, running_app: Application
) -> None:
    sign_up_and_verify(page, running_app, email="petra@example.com")
    connect_maison_clay(page, running_app)
    page.goto(f"{running_app.url}/pins/new")
    words = page.locator("[data-dropzone-words]")
    title, description = page.get_by_label("Title"), page.get_by_label("Description")

    def paste(kinds: list[str]) -> None:
        page.evaluate(_COPY, kinds)
        page.keyboard.press("Control+V")

    for field in (title, description):
        field.focus()
        paste(A_CELL)
        expect(field).to_have_value("Blue bowl")
    # Outside of any field a cell is still no picture.
    page.locator("h1").click()
    paste(A_CELL)
    expect(words).to_be_empty()
    expect(page.locator("[name=media]")).to_have_value("")

    title.focus()
    paste(A_PICTURE)
    expect(words).to_have_text("400 × 600 pixels")
    expect(title).to_have_value("Blue bowl")
    chosen = page.locator("[name=media]").input_value()

    # A text in the field leaves the chosen picture alone.
    title.select_text()
    paste(A_CELL)
    expect(title).to_have_value("Blue bowl")
    expect(page.locator("[name=media]")).to_have_value(chosen)

    page.reload()
    page.get_by_label("Description").focus()
    paste(A_PICTURE_OF_A_PAGE)
    expect(words).to_have_text("400 × 600 pixels")
