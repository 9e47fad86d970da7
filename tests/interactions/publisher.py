"""A publisher's page in a browser, with PinApp and Pinterest on its network, each up or down."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

from playwright.sync_api import BrowserContext, Page, Request, Route

from tests.chromium import ROOT

SHOP, APP = "http://shop.test", "http://pinapp.test"
TAG = f'<script async src="{APP}/pinit.js" data-site="site"></script>'
DIALOG = "http://pinterest.test/pin/create/button/"
PLAIN = f"{SHOP}/a.jpg"
WORDS = "&description=Blue%20bowl+spoon"


def address(good: str = "bowl", *, page: str = "%3F1234-My-thread%26a%3Db%2520c%23top") -> str:
    """The plain link to the dialog for one of the shop's goods."""
    spelled = f"http%3A%2F%2Fshop.test%2F{good}{page}"
    return f"{DIALOG}?url={spelled}&media=http%3A%2F%2Fshop.test%2Fa.jpg{WORDS}"


def link(good: str = "bowl", *, name: str = "pin", more: str = "", words: str = "Pin it") -> str:
    """A button as a publisher copies it."""
    href = address(good).replace("&", "&amp;")
    return (
        f'<a id="{name}" target="_blank" rel="noopener" data-pinapp-entity="{good}"'
        f' href="{href}" {more}>{words}</a>'
    )


class Publisher:
    """What is answered on the network of the page, and what was asked.

    `told`: path, words and request of each beacon; `visited`: the addresses of dialogs; `offers`:
    the entities of each request for offers.
    """

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.context, self.page = context, page
        self.pages: dict[str, str] = {}
        self.scripts: dict[str, str] = {}
        self.headers: dict[str, str] = {}
        self.offer: dict[str, Any] = {"tag_landing": True, "consent": "not_needed"}
        self.sites: dict[str, set[str]] = {}
        self.offer_status = 200
        self.is_down = False
        self.takes_beacons = True
        self.told: list[tuple[str, dict[str, Any], Request]] = []
        self.visited: list[str] = []
        self.offers: list[list[str]] = []
        context.route("**/*", self._answer)

    def open(self, html: str, *, path: str = "/", head: str = "", tag: str = TAG) -> None:
        """Show a page, and wait until its buttons have their offers."""
        policy = f"<!doctype html><head>{head}</head><body>"
        self.pages[path.partition("?")[0]] = f"{policy}{html}{tag}"
        self.page.goto(SHOP + path)
        self.settle()

    def settle(self, ms: int = 150) -> None:
        self.page.wait_for_timeout(ms)

    def _answer(self, route: Route) -> None:
        url = urlsplit(route.request.url)
        place = f"{url.scheme}://{url.netloc}"
        if place == SHOP:
            self._serve(route, url.path)
        elif place == APP and self.is_down:
            route.abort("connectionrefused")
        elif url.path == "/pinit.js":
            script = (ROOT / "var" / "build" / "pinit.js").read_text()
            route.fulfill(body=script, content_type="text/javascript")
        elif url.path == "/interactions/offer":
            self._offer(route, parse_qs(url.query))
        elif place == APP:
            if not self.takes_beacons:
                route.abort("blockedbyclient")
                return
            words = json.loads(route.request.post_data or "")
            self.told.append((url.path, words, route.request))
            self._fulfil(route, "{}", 201)
        else:
            self.visited.append(route.request.url)
            route.fulfill(body="<title>Pinterest</title>", content_type="text/html")

    def _serve(self, route: Route, path: str) -> None:
        if path in self.scripts:
            route.fulfill(body=self.scripts[path], content_type="text/javascript")
        elif path in self.pages:
            page, kind = self.pages[path], "text/html; charset=utf-8"
            route.fulfill(body=page, content_type=kind, headers=self.headers)
        else:
            route.fulfill(status=404, body="")

    def _offer(self, route: Route, query: dict[str, list[str]]) -> None:
        self.offers.append(query["entity"])
        of_site = self.sites.get(query["site"][0])
        entities = [each for each in query["entity"] if of_site is None or each in of_site]
        body = {
            "tokens": {each: f"token-{each}" for each in entities},
            "media": dict.fromkeys(entities, f"{APP}/interactions/verify/pinit/"),
            "format": dict.fromkeys(entities, "jpg"),
            "expires_at": "2099-01-01T00:00:00Z",
            **self.offer,
        }
        self._fulfil(route, json.dumps(body), self.offer_status)

    def _fulfil(self, route: Route, body: str, status: int) -> None:
        headers = {"Access-Control-Allow-Origin": SHOP}
        route.fulfill(body=body, status=status, content_type="application/json", headers=headers)

    def click(self, selector: str = "#pin", **options: Any) -> None:
        """Click, and wait for the dialog."""
        before = len(self.visited)
        self.page.click(selector, **options)
        self.wait_for_dialog(before)

    def press(self, selector: str = "#pin") -> None:
        """The Enter key on a link."""
        before = len(self.visited)
        self.page.focus(selector)
        self.page.keyboard.press("Enter")
        self.wait_for_dialog(before)

    def wait_for_dialog(self, before: int) -> None:
        """Until one more dialog was asked for, and what is told of it has come."""
        for _ in range(100):
            if len(self.visited) > before:
                break
            self.page.wait_for_timeout(20)
        else:
            raise AssertionError("no dialog was opened")
        self.page.wait_for_timeout(60)
        for each in self.context.pages:
            if each is not self.page:
                each.close()

    @property
    def words(self) -> list[dict[str, Any]]:
        """What was told of clicks."""
        return [words for path, words, _ in self.told if path == "/interactions"]

    @property
    def dialog(self) -> dict[str, str]:
        """What the last dialog was asked for, as Pinterest's script takes it apart."""
        pairs = urlsplit(self.visited[-1]).query.split("&")
        return {name: unquote(value) for name, _, value in (pair.partition("=") for pair in pairs)}

    def assert_marked(self, good: str = "bowl", *, trusted: bool = True, clicks: int = 1) -> None:
        """The last dialog and the last of `clicks` records speak of one click, of this good."""
        assert len(self.words) == clicks
        words = self.words[-1]
        assert (words["entity"], words["trusted"]) == (good, trusted)
        marked = address(good).replace("%23top", f"%26pinapp%3D{words['landing']}%23top")
        media = f"{APP}/interactions/verify/pinit/token-{good}.{words['nonce']}.jpg"
        assert unquote(marked).split("&media=")[0].partition("url=")[2] == self.dialog["url"]
        assert self.dialog["media"] == media
        assert self.dialog["description"] == "Blue bowl+spoon"

    def assert_plain(self, good: str = "bowl", *, clicks: int = 0) -> None:
        """The last dialog is the publisher's own, and nothing was told of it."""
        assert len(self.words) == clicks
        asked = dict(parse_qsl(urlsplit(self.visited[-1]).query))
        assert asked == dict(parse_qsl(urlsplit(address(good)).query))

    def assert_unmarked_page(self) -> None:
        """Nowhere in the page stands a mark, open shadow trees included."""
        marks = self.page.evaluate(_MARKS)
        assert marks == []


_MARKS = """() => {
  const found = [];
  const look = (root) => {
    for (const each of root.querySelectorAll("*")) {
      for (const { value } of each.attributes) {
        if (/verify.{1,3}pinit|pinapp(=|%3D)/.test(value)) found.push(value);
      }
      if (each.shadowRoot) look(each.shadowRoot);
    }
  };
  look(document);
  return found;
}"""


def bundle(source: Path | str) -> str:
    """JavaScript of the pages, with the npm packages that it imports."""
    esbuild = ROOT / "node_modules" / ".bin" / "esbuild"
    is_path = isinstance(source, Path)
    done = subprocess.run(
        [
            *(str(esbuild), "--bundle", "--format=iife", "--jsx=automatic", "--minify-syntax"),
            '--define:process.env.NODE_ENV="production"',
            *(("--loader=jsx", "--sourcefile=page.jsx") if not is_path else (str(source),)),
        ],
        input=None if is_path else source,
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    if done.returncode:
        raise AssertionError(re.sub(r"\x1b\[\d+m", "", done.stderr))
    return done.stdout
