"""The queue and the composer's when, in a real browser: live, by keyboard, and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.application import Application

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_A_SLOT = re.compile(r"\w{3} \d+ \w{3} \d{4}, 20:00")


def test_slots_are_chosen_live_by_keyboard_and_without_scripts(
    page: Page, browser: Browser, running_app: Application
) -> None:
    _sign_in(page, running_app)
    page.goto(f"{running_app.url}/connections/")
    page.get_by_role("button", name="Connect").first.click()
    page.get_by_text("Maison Clay").first.click()
    page.get_by_role("button", name="Allow").click()
    expect(page).to_have_url(re.compile(rf"^{re.escape(running_app.url)}/"))

    page.goto(f"{running_app.url}/pins/queue/")
    page.get_by_role("button", name="Use this week").click()
    expect(page.get_by_text("7 slots added.")).to_be_visible()

    page.goto(f"{running_app.url}/pins/new")
    plan = page.locator("#plan")
    expect(plan).to_contain_text("Goes out")
    page.get_by_role("radio", name=re.compile("At a time")).focus()
    page.keyboard.press("ArrowDown")
    expect(plan).to_contain_text(re.compile(r"Goes out \w{3} \d+ \w+ \d{4}, 20:00 \(UTC\), in "))
    page.keyboard.press("ArrowDown")
    expect(plan).not_to_contain_text("Goes out")
    # Enter does what the button at the foot says, whatever else could be pressed above it.
    page.get_by_label("Title").fill("By keyboard")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved as a draft.")).to_be_visible()

    plain = browser.new_context(java_script_enabled=False).new_page()
    _sign_in(plain, running_app)
    plain.goto(f"{running_app.url}/pins/new")
    expect(plain.locator("#next-slot")).to_have_text(_A_SLOT)
    plain.locator("input[name=when][value=slot]").check()
    plain.get_by_role("button", name="Add to queue").click()
    expect(plain.get_by_text("Add a picture: a Pin can't go out without one.")).to_be_visible()
    expect(plain.locator("#plan")).to_contain_text("20:00 (UTC)")
    plain.context.close()


def _sign_in(page: Page, app: Application) -> None:
    page.goto(f"{app.url}/accounts/login/")
    page.locator("input[name=login]").fill(app.email)
    page.locator("input[name=password]").fill(app.password)
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
