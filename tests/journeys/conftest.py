"""What holds on every journey: no script fails, and nothing breaks the content security policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import ConsoleMessage, Page

_NO_FAULTS = (
    # htmx calls it an error that a question was given up for a newer one.
    "htmx:afterRequest",
    "htmx:sendAbort",
    # Chromium's note on an answer that the page then shows in words.
    "Failed to load resource: the server responded with a status of 4",
)


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page whose browser has nothing to complain of.

    What it says is kept and judged at the end: an exception in a listener would end the
    connection to the browser.
    """
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_NO_FAULTS):
            complaints.append(f"{page.url} says: {message.text}")

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(f"A script failed: {error}"))
    yield page
    assert complaints == []
