"""Choosing a button's look: what is shown, what is read and what is copied change together."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.application import Application

pytestmark = pytest.mark.browser


@pytest.mark.slow
@pytest.mark.browser_context_args(permissions=["clipboard-read", "clipboard-write"])
def test_choosing_changes_the_preview_and_what_is_copied(
    page: Page, running_app: Application
) -> None:
    page.goto(f"{running_app.url}/accounts/login/")
    page.locator("input[name=login]").fill(running_app.email)
    page.locator("input[name=password]").fill(running_app.password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{running_app.url}/")
    page.goto(f"{running_app.url}/interactions/")
    page.locator(".site-grid h2 a").first.click()
    page.locator(".entity-card a").first.click()

    shown = page.locator(".button-ground a").first
    expect(shown).to_have_css("background-color", "rgb(230, 0, 35)")
    page.locator("select[name=look]").select_option("dark")
    expect(shown).to_have_css("background-color", "rgb(27, 27, 27)")
    page.get_by_label("Words on it").fill("Merken")
    expect(shown).to_have_text("Merken")
    assert page.get_by_label("Words on it").input_value() == "Merken"

    snippet = page.locator(".snippet", has=page.get_by_role("heading", name="A plain link"))
    code = snippet.locator("code").text_content()
    assert code is not None
    assert code.endswith(">Merken</a>")
    snippet.get_by_role("button", name="Copy").click()
    expect(snippet.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == code
