"""Messages that hide no button, and a preview that follows the account: in a real browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
STATIC = "http://static.test/"
CSS = (ROOT / "static" / "css" / "alerts.css").read_text()
TOKENS = (ROOT / "static" / "css" / "tokens.css").read_text()

CORNERS = {
    "bottom-end": "inset: auto 1rem 1rem auto",
    "top-end": "inset: 1rem 1rem auto auto",
    "bottom-start": "inset: auto auto 1rem 17rem",
    "top-start": "inset: 1rem auto auto 17rem",
}


def open_page(page: Page, body: str, script: str) -> None:
    """A page of our own scripts and styles, as the browser loads them."""

    def answer(route) -> None:
        name = route.request.url.removeprefix(STATIC)
        if not name.endswith(".js"):
            html = (
                f"<!doctype html><html><head><style>{TOKENS}{CSS}</style></head>"
                f"<body data-icons='/icons.svg'>{body}"
                f"<script type='module'>{script}</script></body></html>"
            )
            route.fulfill(content_type="text/html", body=html)
            return
        source = (ROOT / "static" / "js" / name).read_text()
        route.fulfill(content_type="text/javascript", body=source)

    page.route(f"{STATIC}**", answer)
    page.goto(STATIC)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("taken", CORNERS)
def test_a_message_does_not_lie_over_a_button(page: Page, width: int, taken: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    body = (
        f'<button style="position: fixed; {CORNERS[taken]}; width: 12rem; height: 3rem">'
        'Publish</button><ul class="toasts" id="toasts"></ul>'
    )
    script = """
        import { showToast } from "./toasts.js";
        showToast("warn", "Look at it once more, then press Publish.");
    """
    open_page(page, body, script)
    page.wait_for_selector("#toasts[data-place]")
    page.wait_for_timeout(600)  # it has come in by then
    page.get_by_role("button", name="Publish").click(timeout=2000, trial=True)


def test_a_message_makes_way_when_the_page_is_scrolled_below_it(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    body = (
        '<div style="height: 900px"></div><button style="margin-inline-start: 1000px">Save</button>'
        '<div style="height: 900px"></div><ul class="toasts" id="toasts"></ul>'
    )
    script = """
        import { enhanceToasts, showToast } from "./toasts.js";
        enhanceToasts(document.body);
        showToast("bad", "Not saved. Press Save.");
    """
    open_page(page, body, script)
    page.wait_for_selector('#toasts[data-place="bottom-end"]')
    page.evaluate("scrollTo(0, 160)")
    page.wait_for_selector('#toasts[data-place="top-end"]')
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Save").click(timeout=2000, trial=True)


def test_the_preview_shows_the_account_that_is_chosen(page: Page) -> None:
    """Its picture, or its first letter where it has none, never the former one's."""
    options = "".join(
        f"<option value='{value}'{f' data-picture={json.dumps(picture)}' if picture else ''}>"
        f"@{value}</option>"
        for value, picture in (("clay", "data:,clay"), ("glass", "data:,glass"), ("paper", ""))
    )
    body = (
        f"<form id='f'><select name='connection'>{options}</select></form>"
        "<div data-live-preview='f'><div class='pin-preview-picture'></div>"
        "<span data-preview-account><span class='avatar'>c<img src='data:,clay'></span></span>"
        "<small data-preview-board></small></div>"
    )
    script = """
        import { enhancePreviews } from "./preview.js";
        HTMLImageElement.prototype.addEventListener = () => {};  // a picture that is none stays
        enhancePreviews(document.body);
        document.documentElement.dataset.ready = "1";
    """
    open_page(page, body, script)
    page.wait_for_selector("html[data-ready]")
    avatar = page.locator("[data-preview-account] .avatar")
    page.select_option("select", "glass")
    assert avatar.locator("img").get_attribute("src") == "data:,glass"
    page.select_option("select", "paper")
    assert avatar.locator("img").count() == 0
    assert avatar.text_content() == "p"
