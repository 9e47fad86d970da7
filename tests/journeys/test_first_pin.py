"""A newcomer's first Pin, in a real browser against the whole application."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.application import Application
from tests.factories import picture
from tests.journeys.newcomers import connect_maison_clay, sign_up_and_verify

A_MINUTE_AND_A_BIT = 100_000
"""Milliseconds: a clock without seconds can be a full minute away."""

pytestmark = pytest.mark.browser


@pytest.mark.slow
def test_a_newcomer_signs_up_connects_pinterest_and_sees_a_scheduled_pin_go_out(
    page: Page, running_app: Application, tmp_path: Path
) -> None:
    bowl = tmp_path / "bowl.jpg"
    bowl.write_bytes(picture((1000, 1500)))

    sign_up_and_verify(page, running_app, email="nora@example.com")
    connect_maison_clay(page, running_app)

    page.goto(f"{running_app.url}/pins/new")
    page.locator("[data-dropzone] input[type=file]").set_input_files(bowl)
    expect(page.locator("[data-dropzone-words]")).to_have_text("1000 × 1500 pixels")
    page.get_by_label("Title").fill("Terracotta bowl")
    page.get_by_label("Description").fill("Thrown by hand, one of a kind 🏺")
    page.get_by_label("Link", exact=False).first.fill("https://maison-clay.example/bowl")
    page.get_by_label("Alt text").fill("A round bowl of red clay")
    board = page.locator("label.board-option").first
    board_name = board.locator("strong").inner_text()
    board.click()
    _plan(page, datetime.now(UTC) + timedelta(minutes=1))
    page.get_by_role("button", name="Schedule Pin").click()

    status = page.locator("#pin-status-label")
    expect(status).to_have_text("Scheduled")
    expect(status).to_have_text("Published", timeout=A_MINUTE_AND_A_BIT)

    page.get_by_role("link", name="See it on Pinterest").click()
    expect(page).to_have_url(re.compile(rf"^{re.escape(running_app.sandbox_url)}/pin/\d+/$"))
    expect(page.get_by_role("heading", name="Terracotta bowl")).to_be_visible()
    page.get_by_role("link", name=board_name).first.click()
    card = page.locator("img[alt='A round bowl of red clay']").first
    expect(card).to_be_visible()
    assert card.evaluate("image => image.complete && image.naturalWidth > 0")


def _plan(page: Page, moment: datetime) -> None:
    """Choose a time; the browser of the tests lives in UTC, and so does a new workspace."""
    page.get_by_text("At a time").click()
    page.locator("[name=scheduled_date]").fill(f"{moment:%Y-%m-%d}")
    page.locator("[name=scheduled_clock]").fill(f"{moment:%H:%M}")
