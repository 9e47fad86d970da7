"""The first steps of somebody new, in a browser."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.application import Application


def sign_up_and_verify(page: Page, app: Application, *, email: str) -> None:
    """Make an account, and confirm its address by the mail that comes."""
    page.goto(f"{app.url}/")
    page.get_by_role("link", name="Create your account").first.click()
    page.get_by_label("Your name").fill("Nora New")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password1]").fill("a-long-passphrase-7")
    page.locator("[name=password2]").fill("a-long-passphrase-7")
    page.locator("form button[type=submit]").first.click()
    expect(page).to_have_url(f"{app.url}/accounts/confirm-email/")

    page.goto(f"{app.url}/demo/mail/")
    page.get_by_role("link").filter(has_text=re.compile("confirm", re.IGNORECASE)).first.click()
    page.locator("a[href*='/accounts/confirm-email/']").first.click()
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def connect_maison_clay(page: Page, app: Application) -> None:
    """Let PinApp act for the sandbox's account of that name."""
    page.goto(f"{app.url}/connections/")
    page.get_by_role("button", name="Connect Pinterest").click()
    expect(page).to_have_url(re.compile(rf"^{re.escape(app.sandbox_url)}/oauth/"))
    page.get_by_text("Maison Clay").first.click()
    page.get_by_role("button", name="Allow").click()
    expect(page).to_have_url(f"{app.url}/connections/")
    expect(page.get_by_text("@maison-clay is connected.")).to_be_visible()
