"""From a click in a shop to a Pin, and what PinApp can say of it, in a real browser."""

from __future__ import annotations

import json
import re
import time
from typing import Any
from uuid import UUID

import psycopg
import pytest
from playwright.sync_api import Page, expect

from interactions.policy.levels import Level
from interactions.policy.nonces import read_nonce
from tests.application import Application

pytestmark = pytest.mark.browser

# A person's browser: the one of the tests calls itself headless, which is some bot's for PinApp.
_PERSON = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/141.0.0.0 Safari/537.36"
)


@pytest.mark.slow
@pytest.mark.browser_context_args(user_agent=_PERSON)
def test_a_save_is_verified_and_corroborated_and_a_visit_from_the_pin_is_seen(
    page: Page, running_app: Application
) -> None:
    interaction, dialog = _click(page, running_app, "breakfast-bowl")
    picture = dialog.get_by_role("img", name=re.compile("A wide bowl in sea blue"))
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    _wait_for(running_app, interaction, Level.PREVIEWED)

    dialog.get_by_label("Board").select_option(index=0)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("heading", name="Saved to")).to_be_visible()
    # The crawler reads the page a moment after the picture, and the shop tells of it.
    _wait_for(running_app, interaction, Level.CORROBORATED)

    dialog.get_by_role("link", name="See the Pin").click()
    expect(dialog).to_have_url(re.compile(rf"^{re.escape(running_app.sandbox_url)}/pin/\d+/$"))
    expect(dialog.get_by_role("heading", name="A wide bowl in sea blue")).to_be_visible()
    with dialog.expect_response("**/interactions/landing"):
        dialog.get_by_role("link", name="127.0.0.1").click()
    expect(dialog.get_by_role("heading", name="Breakfast bowl")).to_be_visible()
    assert _kinds(running_app, interaction) == {
        *("click", "preview_proxy", "crawler_fetch", "crawler_check"),
        *("landing_crawl", "landing_visit"),
    }


@pytest.mark.slow
@pytest.mark.browser_context_args(user_agent=_PERSON)
def test_a_preview_alone_is_no_save(page: Page, running_app: Application) -> None:
    """T9, seen from the shop: the dialog was opened and cancelled."""
    interaction, dialog = _click(page, running_app, "sage-dip-vase")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog.get_by_role("heading", name="Nothing was saved")).to_be_visible()
    _wait_for(running_app, interaction, Level.PREVIEWED)
    # Long enough for a fetch to be looked up, if there had been one.
    page.wait_for_timeout(4000)
    assert _level(running_app, interaction) == Level.PREVIEWED
    assert _kinds(running_app, interaction) == {"click", "preview_proxy"}


@pytest.mark.slow
def test_without_pinapps_script_the_button_still_saves(
    page: Page, running_app: Application
) -> None:
    page.route("**/pinit.js", lambda route: route.fulfill(status=403))
    page.goto(f"{running_app.shop_url}/terracotta-carafe")
    with page.expect_popup() as opened:
        page.locator("a.pin-it").click()
    dialog = opened.value
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("heading", name="Saved to")).to_be_visible()


def _click(page: Page, app: Application, good: str) -> tuple[UUID, Page]:
    """Press a good's button; the interaction that PinApp made of it, and the dialog."""
    with page.expect_response("**/interactions/offer?**"):
        page.goto(f"{app.shop_url}/{good}")
    # The answer has come; the script reads it within a turn of its own.
    page.wait_for_timeout(200)
    with page.expect_response(f"{app.url}/interactions") as told, page.expect_popup() as opened:
        page.locator("a.pin-it").click()
    assert told.value.status == 201
    # The script leaves the answer unread, so a browser can't be asked for it.
    nonce = read_nonce(json.loads(told.value.request.post_data or "")["nonce"])
    assert nonce is not None
    question = "SELECT id FROM interactions_interaction WHERE nonce = %s"
    ((interaction,),) = _ask(app, question, nonce)
    return UUID(str(interaction)), opened.value


def _wait_for(app: Application, interaction: UUID, level: Level, *, seconds: float = 30) -> None:
    give_up_at = time.monotonic() + seconds
    while (found := _level(app, interaction)) < level:
        assert time.monotonic() < give_up_at, f"it stayed at {found!r}"
        time.sleep(0.1)
    assert found == level


def _level(app: Application, interaction: UUID) -> Level:
    ((level,),) = _ask(app, "SELECT level FROM interactions_interaction WHERE id = %s", interaction)
    return Level(level)


def _kinds(app: Application, interaction: UUID) -> set[str]:
    question = "SELECT DISTINCT kind FROM interactions_evidence WHERE interaction_id = %s"
    return {kind for (kind,) in _ask(app, question, interaction)}


def _ask(app: Application, question: str, interaction: UUID) -> list[tuple[Any, ...]]:
    """What the database of the running application says."""
    with psycopg.connect(app.environment["DATABASE_URL"]) as connection:
        return connection.execute(question, (interaction,)).fetchall()
