"""Figures in a browser: read, looked at with the keyboard, other filters kept, taken away."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.application import Application
from tests.journeys.newcomers import connect_maison_clay, sign_up_and_verify

pytestmark = pytest.mark.browser
READ_WITHIN = 40_000
"""Milliseconds: the next tick takes the account up, and a visit takes some seconds."""
TOO_WIDE = """
() => [...document.querySelectorAll(".stat")].filter(tile => {
    const words = document.createRange();
    words.selectNodeContents(tile);
    return words.getBoundingClientRect().right > tile.getBoundingClientRect().right;
}).map(tile => tile.innerText)
"""


@pytest.mark.slow
def test_figures_are_read_and_looked_at_day_by_day(page: Page, running_app: Application) -> None:
    sign_up_and_verify(page, running_app, email="fay@example.com")
    page.goto(f"{running_app.url}/analytics/")
    expect(page.get_by_text("No account yet")).to_be_visible()
    connect_maison_clay(page, running_app)

    page.goto(f"{running_app.url}/analytics/")
    chart = page.get_by_role("slider", name="Impressions")
    expect(chart).to_be_visible(timeout=READ_WITHIN)
    _look_with_the_keyboard(page)
    page.get_by_label("Draw the days before").check()
    expect(page.locator("polyline.day-before").first).to_be_attached()

    page.locator("select[name=content]").select_option("ORGANIC")
    page.get_by_role("button", name="Keep these figures").click()
    expect(chart).to_be_visible(timeout=READ_WITHIN)
    expect(page.locator("select[name=content]")).to_have_value("ORGANIC")
    expect(page.get_by_label("Draw the days before")).to_be_checked()

    with page.expect_download() as caught:
        page.locator(".report-files a").first.click()
    assert caught.value.suggested_filename == "analytics.csv"
    for path in ("/analytics/", "/"):
        _look_on_a_phone(page, running_app.url + path)


def _look_with_the_keyboard(page: Page) -> None:
    """All charts tell of the same day, and the words are what a screen reader says."""
    impressions = page.get_by_role("slider", name="Impressions")
    saves = page.get_by_role("slider", name="Saves")
    usual = page.locator("#said-save").inner_text()
    impressions.focus()
    page.keyboard.press("End")
    today = impressions.get_attribute("aria-valuetext") or ""
    page.keyboard.press("ArrowLeft")
    expect(impressions).not_to_have_attribute("aria-valuetext", today)
    day = today.split(":")[0]
    assert re.match(r"\d{1,2} \w+ \d{4}: [\d,]+ impressions\.", today)
    page.keyboard.press("End")
    expect(page.locator("#said-save")).to_have_text(re.compile(f"^{day}: [\\d,]+ saves"))
    page.keyboard.press("Escape")
    expect(page.locator("#said-save")).to_have_text(usual)
    saves.hover()
    expect(page.locator("#said-impression")).to_have_text(re.compile("impressions"))


def _look_on_a_phone(page: Page, url: str) -> None:
    """No figure is wider than its tile, and no page than the screen."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(url)
    expect(page.locator(".stat", has_text="Outbound clicks")).to_be_visible()
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
