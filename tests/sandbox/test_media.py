"""The crawler, against a real server on loopback."""

import base64
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.sandbox.visitor import failure, jpeg

PICTURE = jpeg()


class MediaHost(BaseHTTPRequestHandler):
    """Serves pictures and trouble, and notes what it was asked."""

    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers.items())))
        name = self.path.strip("/").partition("?")[0].partition("/")[0]
        getattr(self, f"send_{name}", self.send_missing)()

    def answer(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_missing(self):
        self.answer(404, b"no such thing")

    def send_good(self):
        self.answer(200, PICTURE, Content_Type="image/jpeg", Set_Cookie="id=1; Path=/")

    def send_disguised(self):
        self.answer(200, PICTURE, Content_Type="application/octet-stream")

    def send_html(self):
        self.answer(200, b"<!doctype html><title>Log in</title>", Content_Type="text/html")

    def send_unlabelled(self):
        self.answer(200, b"  <html>Log in</html>")

    def send_forbidden(self):
        self.answer(403, PICTURE, Content_Type="image/jpeg")

    def send_broken(self):
        self.answer(200, PICTURE[:-500], Content_Type="image/jpeg")

    def send_tiny(self):
        self.answer(200, jpeg(100, 100), Content_Type="image/jpeg")

    def send_empty(self):
        self.answer(200, b"", Content_Type="image/jpeg")

    def send_huge(self):
        self.answer(200, PICTURE + bytes(21 * 1024 * 1024), Content_Type="image/jpeg")

    def send_loop(self):
        self.answer(302, b"", Location="/loop")

    def send_hops(self):
        left = int(self.path.rpartition("/")[2])
        self.answer(302, b"", Location=f"/hops/{left - 1}" if left > 1 else "/good")

    def send_outside(self):
        self.answer(302, b"", Location="http://169.254.169.254/latest")

    def send_slow(self):
        self.server.stop_waiting.wait(5)
        self.answer(200, PICTURE)

    def send_dripping(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(PICTURE)))
        self.end_headers()
        for byte in PICTURE:
            if self.server.stop_waiting.wait(0.02):
                return
            self.wfile.write(bytes([byte]))

    def send_cut(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(PICTURE)))
        self.end_headers()
        self.wfile.write(PICTURE[:1000])

    def log_message(self, *args):
        pass


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """The crawler hangs up on slow answers; that is not worth a traceback."""


@pytest.fixture
def host():
    with QuietServer(("127.0.0.1", 0), MediaHost) as server:
        server.seen, server.stop_waiting = [], threading.Event()
        server.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.stop_waiting.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def pin_from(visitor, board):
    def pin_from(url, **fields):
        source = {"source_type": "image_url", "url": url}
        return visitor.pin(board.id, media_source=source, **fields)

    return pin_from


def test_the_picture_is_fetched_under_pinterests_name_while_the_call_waits(host, pin_from, sandbox):
    response = pin_from(f"{host.url}/good?v=2")
    assert response.status_code == 201
    [(path, headers)] = host.seen
    assert path == "/good?v=2"
    assert headers["User-Agent"] == (
        "Mozilla/5.0 (compatible; Pinterestbot/1.0; +https://www.pinterest.com/bot.html)"
    )
    assert not {"Cookie", "Authorization", "Referer"} & headers.keys()
    [fetch] = sandbox.fetches
    assert (fetch.url, fetch.outcome, fetch.status) == (f"{host.url}/good?v=2", "ok", 200)
    assert fetch.size_bytes == len(PICTURE)


def test_no_cookie_is_ever_returned(host, pin_from):
    pin_from(f"{host.url}/good")
    pin_from(f"{host.url}/good")
    assert ["Cookie" in headers for _, headers in host.seen] == [False, False]


def test_bytes_decide_not_the_content_type(host, pin_from):
    assert pin_from(f"{host.url}/disguised").status_code == 201


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("missing", (400, 1)),
        ("forbidden", (400, 1)),
        ("html", (400, 1)),
        ("unlabelled", (400, 1)),
        ("empty", (400, 1)),
        ("loop", (400, 1)),
        ("outside", (400, 1)),
        ("cut", (400, 1)),
        ("broken", (403, 235)),
        ("huge", (403, 235)),
        ("tiny", (403, 233)),
    ],
)
def test_a_bad_answer_is_refused_with_pinterests_code(host, pin_from, sandbox, path, expected):
    response = pin_from(f"{host.url}/{path}")
    assert failure(response) == expected
    if expected == (400, 1):
        assert "could not fetch the image" in response.json()["message"]
    assert sandbox.pins() == []
    assert len(sandbox.fetches) == 1


def test_three_redirects_are_followed_and_a_fourth_is_not(host, pin_from):
    assert pin_from(f"{host.url}/hops/3").status_code == 201
    assert failure(pin_from(f"{host.url}/hops/4")) == (400, 1)


@pytest.mark.parametrize("path", ["slow", "dripping"])
def test_a_slow_host_runs_into_the_time_limit(host, pin_from, sandbox, path):
    sandbox.crawler.timeout_seconds = 0.3
    started = time.monotonic()
    assert failure(pin_from(f"{host.url}/{path}")) == (400, 1)
    assert time.monotonic() - started < 2


def test_a_closed_port_cannot_be_fetched(pin_from):
    assert failure(pin_from("http://127.0.0.1:1/a.jpg")) == (400, 1)


@pytest.mark.parametrize(
    "url",
    ["https://example.com/a.jpg", "http://10.0.0.1/a.jpg", "http://localhost.example.com/a.jpg"],
)
def test_hosts_that_are_not_allowed_are_never_asked(pin_from, sandbox, url):
    assert failure(pin_from(url)) == (400, 1)
    assert sandbox.fetches[0].outcome == "host not allowed"


def test_a_named_host_may_be_allowed(sandbox):
    assert not sandbox.crawler.may_visit("http://media:9000/a.jpg")
    sandbox.crawler.allow_hosts.add("media")
    assert sandbox.crawler.may_visit("http://Media:9000/a.jpg")
    assert sandbox.crawler.may_visit("http://[::1]/a.jpg")


def test_nothing_is_fetched_for_a_board_that_may_not_be_used(host, visitor, sandbox):
    source = {"source_type": "image_url", "url": f"{host.url}/good"}
    assert failure(visitor.pin("999", media_source=source)) == (403, 29)
    assert host.seen == []


def test_other_calls_are_answered_while_a_fetch_is_slow(host, sandbox, visitor, pin_from):
    sandbox.crawler.timeout_seconds = 3
    slow = threading.Thread(target=pin_from, args=(f"{host.url}/slow",))
    slow.start()
    while not host.seen:
        time.sleep(0.01)
    started = time.monotonic()
    assert visitor.get("/boards").status_code == 200
    assert time.monotonic() - started < 1
    host.stop_waiting.set()
    slow.join()


def test_a_board_deleted_during_the_fetch_gets_no_pin(host, sandbox, board, pin_from):
    answers = []
    slow = threading.Thread(target=lambda: answers.append(pin_from(f"{host.url}/slow")))
    slow.start()
    while not host.seen:
        time.sleep(0.01)
    sandbox.delete_board(board)
    host.stop_waiting.set()
    slow.join()
    assert failure(answers[0]) == (403, 29)
    assert sandbox.pins() == []


def test_a_carousel_fetches_every_picture(host, visitor, board):
    items = [{"url": f"{host.url}/good/{number}"} for number in range(3)]
    source = {"source_type": "multiple_image_urls", "items": items}
    pin = visitor.pin(board.id, media_source=source).json()
    assert [path for path, _ in host.seen] == ["/good/0", "/good/1", "/good/2"]
    assert len(pin["media"]["items"]) == 3


def test_sent_and_fetched_pictures_are_the_same_picture(host, visitor, board, pin_from):
    data = base64.b64encode(PICTURE).decode()
    source = {"source_type": "image_base64", "content_type": "image/jpeg", "data": data}
    sent = visitor.pin(board.id, media_source=source).json()
    assert sent["media"] == pin_from(f"{host.url}/good").json()["media"]
