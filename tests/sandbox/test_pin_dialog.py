"""The Pin dialog: preview through the proxy, save through the copier, then a look at the page."""

import re
import sys
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sandbox.crawler import IMAGE_COPIER, IMAGE_PROXY, PINTERESTBOT, Crawler
from sandbox.server import serve
from tests.sandbox.visitor import ORIGIN, jpeg, mounted_session

EVIL = '<script>alert("x")</script>'
PICTURE = jpeg()


@dataclass(frozen=True)
class Asked:
    path: str
    by: str
    referer: str | None
    address: str


class Shop(BaseHTTPRequestHandler):
    """A publisher: a page, a picture, and what is neither."""

    def do_GET(self):
        agent, referer = self.headers["User-Agent"], self.headers["Referer"]
        self.server.asked.append(Asked(self.path, agent, referer, self.client_address[0]))
        answers = {
            "/bowl.jpg": (200, PICTURE, "image/jpeg"),
            "/tiny.jpg": (200, jpeg(50, 50), "image/jpeg"),
            "/broken.jpg": (200, PICTURE[:-500], "image/jpeg"),
            "/bowl": (200, b"<!doctype html><title>Bowl</title>", "text/html"),
        }
        status, body, kind = answers.get(self.path, (404, b"no such thing", "text/plain"))
        if status == 200 and self.path in self.server.gone:
            status, body = 503, b""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


@pytest.fixture
def shop():
    with ThreadingHTTPServer(("127.0.0.1", 0), Shop) as server:
        server.asked, server.gone = [], set()
        server.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def sandbox(sandbox):
    """One that reads the page at once."""
    sandbox.settings.landing_read_seconds = 0
    return sandbox


@pytest.fixture
def button(shop):
    """What the shop's button asks for."""
    return {
        "url": f"{shop.url}/bowl",
        "media": f"{shop.url}/bowl.jpg",
        "description": "A blue bowl",
        "guid": "aBcDeFgHiJkL-1",
    }


def open_dialog(session, button, form="button"):
    return session.get(f"{ORIGIN}/pin/create/{form}/", params=button)


def decide(session, button, decision="save", **more):
    data = {**button, "decision": decision, **more}
    return session.post(f"{ORIGIN}/pin/create/button/", data=data)


@pytest.mark.parametrize("form", ["button", "link", "bookmarklet"])
def test_the_dialog_shows_the_picture_as_the_image_proxy_fetched_it(
    session, shop, button, board, form
):
    page = open_dialog(session, button, form)

    assert page.status_code == 200
    assert [(seen.path, seen.by, seen.referer) for seen in shop.asked] == [
        ("/bowl.jpg", IMAGE_PROXY, None)
    ]
    shown = re.search(r'<img src="(/proxied/[0-9a-f]{32})" alt="A blue bowl">', page.text)[1]
    picture = session.get(f"{ORIGIN}{shown}")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
    assert picture.content[:2] == b"\xff\xd8"
    assert shop.url not in re.sub(r'(value|title)="[^"]*"', "", page.text)
    assert len(shop.asked) == 1


def test_the_dialog_offers_everyones_boards(session, sandbox, button, board):
    bella = sandbox.add_account("bella", name="Bella & Co")
    summer = sandbox.add_board(bella, "Summer", privacy="SECRET")
    sandbox.add_account("nobody")

    page = open_dialog(session, button).text

    groups = re.findall(r'<optgroup label="([^"]+)"><option value="(\d+)">([^<]+)', page)
    assert groups == [
        ("Acme (@acme)", board.id, "Spring"),
        ("Bella &amp; Co (@bella)", summer.id, "Summer"),
    ]


def test_a_save_copies_the_picture_twice_and_then_reads_the_page(
    session, sandbox, shop, button, board, visitor
):
    open_dialog(session, button)
    saved = decide(session, button, board=board.id, description="For the table")

    assert saved.status_code == 200
    assert "Saved to <a" in saved.text
    assert [(seen.path, seen.by, seen.referer) for seen in shop.asked] == [
        ("/bowl.jpg", IMAGE_PROXY, None),
        ("/bowl.jpg", IMAGE_COPIER, None),
        ("/bowl.jpg", IMAGE_COPIER, None),
        ("/bowl", PINTERESTBOT, None),
    ]
    assert [fetch.user_agent for fetch in sandbox.fetches] == [seen.by for seen in shop.asked]
    (pin,) = visitor.get("/pins").json()["items"]
    assert (pin["board_id"], pin["link"], pin["description"]) == (
        board.id,
        f"{shop.url}/bowl",
        "For the table",
    )
    assert f"/pin/{pin['id']}/" in session.get(f"{ORIGIN}/acme/spring/").text


def test_cancelling_saves_nothing_and_fetches_nothing_more(session, sandbox, shop, button, board):
    open_dialog(session, button)
    answer = decide(session, button, "cancel", board=board.id)

    assert answer.status_code == 200
    assert "Nothing was saved" in answer.text
    assert sandbox.pins() == []
    assert len(shop.asked) == 1


def test_the_page_is_read_a_moment_later(session, sandbox, shop, button, board):
    sandbox.settings.landing_read_seconds = 0.2
    read = threading.Event()
    log_fetch = sandbox.log_fetch
    sandbox.log_fetch = lambda fetch: (log_fetch(fetch), fetch.url == button["url"] and read.set())

    decide(session, button, board=board.id)

    assert [seen.path for seen in shop.asked] == ["/bowl.jpg", "/bowl.jpg"]
    assert read.wait(5)
    assert shop.asked[-1].path == "/bowl"


def test_a_description_is_cut_at_five_hundred_characters(session, sandbox, button, board):
    decide(session, button, board=board.id, description="ä" * 600)
    assert [pin.description for pin in sandbox.pins()] == ["ä" * 500]


@pytest.mark.parametrize(
    ("field", "address", "words"),
    [
        ("media", "javascript:alert(1)", "names no picture"),
        ("media", "/bowl.jpg", "names no picture"),
        ("media", "ftp://127.0.0.1/bowl.jpg", "names no picture"),
        ("media", "http:///bowl.jpg", "names no picture"),
        ("media", "http://[::1/bowl.jpg", "names no picture"),
        ("media", f"http://127.0.0.1/{'a' * 3000}", "names no picture"),
        ("media", "", "names no picture"),
        ("url", "data:text/html,hello", "names no page"),
        ("url", "//shop.test/bowl", "names no page"),
    ],
)
def test_addresses_that_are_not_of_the_web_are_refused_in_words(
    session, sandbox, shop, button, board, field, address, words
):
    for page in (
        open_dialog(session, {**button, field: address}),
        decide(session, {**button, field: address}, board=board.id),
    ):
        assert page.status_code == 400
        assert words in page.text
        assert "http://" in page.text
    assert (shop.asked, sandbox.pins()) == ([], [])


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/gone.jpg", "The site of the picture answered 404."),
        ("/bowl", "What the site sent is not a picture"),
        ("/tiny.jpg", "too small"),
        ("/broken.jpg", "image"),
    ],
)
def test_a_picture_that_cannot_be_had_is_said_in_the_dialog(
    session, sandbox, shop, button, board, path, words
):
    button["media"] = f"{shop.url}{path}"

    page = open_dialog(session, button)
    assert page.status_code == 200
    assert words in re.search(r'role="alert">([^<]+)', page.text)[1]
    assert re.search(r"<button[^>]*disabled[^>]*>Save", page.text)

    refused = decide(session, button, board=board.id)
    assert refused.status_code == 400
    assert "Nothing was saved." in refused.text
    assert sandbox.pins() == []


def test_a_site_that_is_down_is_said_too(session, button, board):
    button["media"] = "http://127.0.0.1:1/bowl.jpg"
    assert "could not be reached" in open_dialog(session, button).text


def test_a_picture_that_vanishes_between_preview_and_save_makes_no_pin(
    session, sandbox, shop, button, board
):
    open_dialog(session, button)
    shop.gone.add("/bowl.jpg")
    assert "answered 503" in decide(session, button, board=board.id).text
    assert sandbox.pins() == []


@pytest.mark.parametrize("board_id", ["", "12", "x"])
def test_a_board_that_is_not_there_is_asked_for_again(session, sandbox, button, board, board_id):
    answer = decide(session, button, board=board_id)
    assert answer.status_code == 400
    assert "Choose the board to save to." in answer.text
    assert sandbox.pins() == []


def test_without_any_board_the_dialog_says_so(session, button):
    assert "nowhere to save to" in open_dialog(session, button).text


def test_words_of_a_stranger_are_only_words(session, button, board):
    button["description"] = EVIL
    assert EVIL not in open_dialog(session, button).text
    decide(session, button, board=board.id)
    assert EVIL not in session.get(f"{ORIGIN}/acme/spring/").text


def test_a_visit_from_a_pin_says_where_it_came_from_but_not_from_which_page(
    session, sandbox, button, board
):
    decide(session, button, board=board.id)
    page = session.get(f"{ORIGIN}/pin/{sandbox.pins()[0].id}/")
    link = re.search(rf'<a href="{re.escape(button["url"])}"[^>]*>', page.text)[0]
    assert "noreferrer" not in link
    assert page.headers["referrer-policy"] == "origin"


def test_other_methods_are_refused(session, button):
    assert session.put(f"{ORIGIN}/pin/create/button/", data=button).status_code == 405


@pytest.mark.skipif(sys.platform != "linux", reason="Linux: one may come from any 127.0.0.0/8")
def test_the_copier_and_the_proxy_come_from_addresses_of_their_own(sandbox, shop, button, board):
    sandbox.crawler = Crawler(address="127.0.0.54", proxy_address="127.0.0.53")
    with serve(sandbox) as base, mounted_session(sandbox) as session:
        session.get(f"{base}/pin/create/button/", params=button)
        form = {**button, "decision": "save", "board": board.id}
        session.post(f"{base}/pin/create/button/", data=form)
    assert [seen.address for seen in shop.asked] == [
        "127.0.0.53",
        "127.0.0.54",
        "127.0.0.54",
        "127.0.0.54",
    ]
