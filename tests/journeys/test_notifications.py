"""Something happens, and the person hears of it: at the bell, in the list, and by mail."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.application import ROOT, Application
from tests.journeys.newcomers import sign_up_and_verify

pytestmark = pytest.mark.browser
_HAPPENS = """
from django.utils import timezone
from accounts.models import Membership
from publishing.models import Pin
from publishing.pins.notifications import PIN_FAILED
from publishing.pins.services.telling import tell_of_pins
place = Membership.objects.get(user__email="bella@example.com")
said = {"status": "failed", "title": "Blue bowl", "problem": "Pinterest said no."}
failed = [
    Pin.objects.create(workspace_id=place.workspace_id, created_by_id=place.user_id, **said)
    for _ in range(2)
]
tell_of_pins(PIN_FAILED, pin_ids=[pin.pk for pin in failed], now=timezone.now())
"""


def let_it_happen(app: Application) -> None:
    """Write the event down as a worker would, in a process of its own."""
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", _HAPPENS]
    subprocess.run(command, cwd=ROOT, env=dict(app.environment), check=True, timeout=60)


@pytest.mark.slow
def test_from_what_happened_to_the_bell_and_the_mail(page: Page, running_app: Application) -> None:
    sign_up_and_verify(page, running_app, email="bella@example.com")
    let_it_happen(running_app)

    bell = page.get_by_role("link", name="Notifications, 1 unread")

    def bell_rings() -> bool:
        page.goto(f"{running_app.url}/")
        return bell.first.is_visible()

    until(bell_rings, page, seconds=30)
    page.set_viewport_size({"width": 390, "height": 800})
    expect(bell.locator("visible=true")).to_have_count(1)
    bell.locator("visible=true").focus()
    page.keyboard.press("Enter")
    entry = page.get_by_role("listitem").filter(has_text="2 Pins were not published")
    expect(entry.get_by_text("Pinterest said no.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    def mail_is_there() -> bool:
        page.goto(f"{running_app.url}/demo/mail/")
        return page.get_by_role("link", name=re.compile("2 Pins were not published")).is_visible()

    until(mail_is_there, page, seconds=90)
    page.goto(f"{running_app.url}/notifications/")
    page.get_by_role("button", name="Mark all as read").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Mark all as read")).to_have_count(0)
    expect(page.get_by_role("link", name="Notifications", exact=True).first).to_be_attached()


def until(is_so, page: Page, *, seconds: int) -> None:
    """Ask again each second for so long."""
    for _ in range(seconds):
        if is_so():
            return
        page.wait_for_timeout(1000)
    pytest.fail(f"not so after {seconds} s")
