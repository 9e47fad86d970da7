"""Planning in the calendar in a real browser: by mouse, by keys, and taking it back."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.application import Application
from tests.factories import picture

pytestmark = pytest.mark.browser


@pytest.mark.slow
def test_a_draft_is_dragged_onto_a_day_moved_on_by_keys_and_taken_back(
    page: Page, running_app: Application, tmp_path: Path
) -> None:
    _sign_in(page, running_app)
    _connect_an_account(page, running_app)
    _write_a_draft(page, running_app, tmp_path)
    wednesday = _a_wednesday_well_ahead()

    page.goto(f"{running_app.url}/pins/calendar/?date={wednesday}")
    card = page.locator(".cal-card").filter(has_text="Calendar bowl")
    expect(page.locator("#tray").locator(card)).to_be_visible()
    card.drag_to(page.locator(f"#day-{wednesday} .cal-day-head"))
    _expect_on(page, card, wednesday)
    _expect_told(page, "Scheduled for")

    card.get_by_role("link").first.focus()
    page.keyboard.press("Shift+ArrowRight")
    _expect_on(page, card, wednesday + timedelta(days=1))
    _expect_told(page, "Moved to")
    # It is the server's word, too.
    page.reload()
    _expect_on(page, card, wednesday + timedelta(days=1))

    card.get_by_role("link").first.focus()
    page.keyboard.press("Shift+ArrowUp")
    _expect_on(page, card, wednesday - timedelta(days=6))
    page.get_by_role("button", name="Undo").click()
    _expect_on(page, card, wednesday + timedelta(days=1))

    # A day that is over takes nothing: the card goes back where it was.
    page.goto(f"{running_app.url}/pins/calendar/?view=week&date={wednesday}")
    card.get_by_role("link", name="Move").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Date").fill(f"{date.today() - timedelta(days=1)}")  # noqa: DTZ011
    page.locator("#move-dialog").get_by_role("button", name="Move").click()
    expect(page.locator("[data-move-problem]")).to_contain_text("That time has passed.")
    page.keyboard.press("Escape")
    expect(card).to_have_attribute("data-date", f"{wednesday + timedelta(days=1)}")


def _expect_on(page: Page, card: Locator, day: date) -> None:
    expect(page.locator(f"#day-{day}").locator(card)).to_be_visible()
    expect(card).not_to_have_attribute("data-waiting", "1")


def _expect_told(page: Page, words: str) -> None:
    expect(page.locator(".toast").filter(has_text=words)).to_be_visible()


def _a_wednesday_well_ahead() -> date:
    """In the middle of the month after next: the weeks around it are on the same page."""
    middle = (datetime.now(UTC).date().replace(day=1) + timedelta(days=62)).replace(day=14)
    return middle + timedelta(days=(2 - middle.weekday()) % 7)


def _sign_in(page: Page, app: Application) -> None:
    page.goto(f"{app.url}/accounts/login/")
    page.locator("[name=login]").fill(app.email)
    page.locator("[name=password]").fill(app.password)
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def _connect_an_account(page: Page, app: Application) -> None:
    page.goto(f"{app.url}/connections/")
    page.get_by_role("button", name="Connect Pinterest").first.click()
    expect(page).to_have_url(re.compile(rf"^{re.escape(app.sandbox_url)}/oauth/"))
    page.get_by_text("Maison Clay").first.click()
    page.get_by_role("button", name="Allow").click()
    expect(page).to_have_url(f"{app.url}/connections/")


def _write_a_draft(page: Page, app: Application, folder: Path) -> None:
    bowl = folder / "bowl.jpg"
    bowl.write_bytes(picture((1000, 1500)))
    page.goto(f"{app.url}/pins/new")
    page.locator("input[type=file]").first.set_input_files(bowl)
    expect(page.locator("[data-dropzone-words]").first).to_have_text("1000 × 1500 pixels")
    page.get_by_label("Title").first.fill("Calendar bowl")
    page.locator("label.board-option").first.click()
    page.get_by_text("Save as draft").first.click()
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#pin-status-label")).to_have_text("Draft")
