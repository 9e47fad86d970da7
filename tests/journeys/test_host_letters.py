"""The preview names a link's host in its own letters, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.application import Application
from tests.journeys.newcomers import connect_maison_clay, sign_up_and_verify

pytestmark = pytest.mark.browser


@pytest.mark.slow
def test_a_host_is_shown_in_its_letters_while_it_is_written(
    page: Page, running_app: Application
) -> None:
    sign_up_and_verify(page, running_app, email="lena@example.com")
    connect_maison_clay(page, running_app)
    page.goto(f"{running_app.url}/pins/new")
    host, link = (
        page.locator(".pin-preview-host"),
        page.locator("#pin-form [name=link], [form=pin-form][name=link]"),
    )
    for written, seen in (
        ("https://www.straße.example/bowl", "straße.example"),
        ("https://xn--strae-oqa.example/bowl", "straße.example"),
        ("https://shop.example/bowl", "shop.example"),
        ("https://日本語.jp/", "日本語.jp"),
    ):
        link.fill(written)
        expect(host).to_have_text(seen)
    # Cyrillic that looks like Latin stays as it goes over the wire.
    with page.expect_response("**/pins/hosts/**"):
        link.fill("https://аррӏе.example/")
    expect(host).to_have_text("xn--80ak6aa92e.example")
