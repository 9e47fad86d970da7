"""From a click in a shop to a Pin, and what PinApp can say of it, in a real browser."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import time
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit
from uuid import UUID

import psycopg
import pytest
from playwright.sync_api import Page, expect

from interactions.policy.levels import Level
from tests.application import Application

pytestmark = pytest.mark.browser

# What a button does at a click: a nonce for it, a word to PinApp, an address for the picture.
_AS_THE_BUTTON = """
async ({app, site, entity}) => {
  const nonce = () => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const options = {credentials: "omit", mode: "cors"};
  const question = `${app}/interactions/offer?site=${site}&entity=${entity}`;
  const offer = await (await fetch(question, options)).json();
  const token = offer.tokens[entity];
  const click = {site, entity, token, nonce: nonce(), landing: nonce(), page_url: location.href};
  const headers = {"Content-Type": "text/plain"};
  const told = await fetch(`${app}/interactions`, {
    ...options, method: "POST", keepalive: true, headers, body: JSON.stringify(click),
  });
  const record = await told.json();
  const media = `${offer.media[entity]}${token}.${click.nonce}.${offer.format[entity]}`;
  return {status: told.status, id: record.id, verified: record.verified, media};
}
"""


@pytest.mark.slow
def test_a_save_is_verified_and_a_preview_alone_is_not(
    page: Page, running_app: Application
) -> None:
    page.goto(f"{running_app.shop_url}/breakfast-bowl")
    interaction, dialog = _click(page, running_app)

    page.goto(dialog)
    picture = page.get_by_role("img", name=re.compile("A wide bowl in sea blue"))
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    _wait_for(running_app, interaction, Level.PREVIEWED)
    # Long enough for a fetch to be looked up, if there had been one.
    page.wait_for_timeout(3000)
    assert _level(running_app, interaction) == Level.PREVIEWED

    page.get_by_label("Board").select_option(index=0)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Saved to")).to_be_visible()
    _wait_for(running_app, interaction, Level.VERIFIED)

    page.get_by_role("link", name="See the Pin").click()
    expect(page).to_have_url(re.compile(rf"^{re.escape(running_app.sandbox_url)}/pin/\d+/$"))
    expect(page.get_by_text("A wide bowl in sea blue")).to_be_visible()
    page.get_by_role("link", name="127.0.0.1").click()
    expect(page.get_by_role("heading", name="Breakfast bowl")).to_be_visible()
    assert page.evaluate("document.referrer") == f"{running_app.sandbox_url}/"


@pytest.mark.slow
def test_cancelling_leaves_it_at_the_preview(page: Page, running_app: Application) -> None:
    page.goto(f"{running_app.shop_url}/sage-dip-vase")
    interaction, dialog = _click(page, running_app)
    page.goto(dialog)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", name="Nothing was saved")).to_be_visible()
    page.wait_for_timeout(3000)
    assert _level(running_app, interaction) == Level.PREVIEWED


def _click(page: Page, app: Application) -> tuple[UUID, str]:
    """Play the button's part from the shop's own page; the interaction, and where the dialog is."""
    button = page.locator("a.pin-it")
    told = page.evaluate(
        _AS_THE_BUTTON,
        {
            "app": app.url,
            "site": page.locator("script[data-site]").get_attribute("data-site"),
            "entity": button.get_attribute("data-pinapp-entity"),
        },
    )
    assert (told["status"], told["verified"]) == (201, False)
    address = urlsplit(button.get_attribute("href") or "")
    parameters = {name: values[0] for name, values in parse_qs(address.query).items()}
    query = urlencode({**parameters, "media": told["media"]})
    return UUID(told["id"]), urlunsplit(address._replace(query=query))


def _wait_for(app: Application, interaction: UUID, level: Level, *, seconds: float = 30) -> None:
    give_up_at = time.monotonic() + seconds
    while (found := _level(app, interaction)) < level:
        assert time.monotonic() < give_up_at, f"it stayed at {found!r}"
        time.sleep(0.1)
    assert found == level


def _level(app: Application, interaction: UUID) -> Level:
    """What the database of the running application says."""
    database = app.environment["DATABASE_URL"]
    question = "SELECT level FROM interactions_interaction WHERE id = "
    if database.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as connection:
            row = connection.execute(f"{question}?", (interaction.hex,)).fetchone()
    else:
        with psycopg.connect(database) as connection:
            row = connection.execute(f"{question}%s", (interaction,)).fetchone()
    return Level(row[0])
