"""The frame of every page: head, banner, footer, and the headers that go with it."""

from sandbox.markup import Child, Html, el, fragment
from sandbox.wire import Response

_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    # As on Pinterest's pages: who follows a Pin's link is known to come from here, not from where.
    "referrer-policy": "origin",
    "x-content-type-options": "nosniff",
}


def page_response(title: str, *content: Child, status: int = 200) -> Response:
    """A whole HTML page."""
    markup = f"<!doctype html>{_document(title, content)}"
    return Response(status, dict(_HEADERS), markup.encode("utf-8", "replace"))


def message_page(title: str, text: str, *, status: int) -> Response:
    """A page with nothing but a message."""
    body = el("section", el("h1", title), el("p", text), class_="message")
    return page_response(title, body, status=status)


def _document(title: str, content: tuple[Child, ...]) -> Html:
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("title", f"{title} · Local Pinterest sandbox"),
        el("link", rel="icon", href="/assets/favicon.svg", type="image/svg+xml"),
        el("link", rel="stylesheet", href="/assets/sandbox.css"),
    )
    body = el(
        "body",
        el("a", "Skip to content", href="#content", class_="skip"),
        _banner(),
        el("main", *content, id="content"),
        el("footer", el("p", "Everything here lives on this machine.")),
    )
    return el("html", fragment(head, body), lang="en")


def _banner() -> Html:
    return el(
        "header",
        el("a", el("span", class_="mark", aria_hidden="true"), "Local Pinterest sandbox", href="/"),
        el("p", "Nothing here reaches Pinterest"),
        class_="banner",
    )
