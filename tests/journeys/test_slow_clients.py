"""T18: hundreds of clients that send or read byte by byte, against the real web server."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.application import Application

pytestmark = pytest.mark.slow

MANY = 500
_POST = "POST {path} HTTP/1.1\r\nHost: HOST\r\nCookie: csrftoken=x\r\n"
_SLOW = {
    "a body that never ends": _POST + "Content-Length: 50000\r\n\r\na",
    "pieces that never end": _POST + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
    "a video that never comes": _POST + "Content-Length: 1500000000\r\n\r\na",
    "headers that never end": "GET {path} HTTP/1.1\r\nHost: HOST\r\nX-Slow: ",
    "nothing at all": "",
    "an answer and no further question": "GET {path} HTTP/1.1\r\nHost: HOST\r\n\r\n",
}
_PATHS = ("/accounts/login/", "/interactions", "/pins/videos/", "/healthz", "/admin/login/")
_NEEDED = ("/healthz", "/pinit.js", "/interactions/verify/pinit/nonsense.jpg", "/accounts/login/")


def _connect(app: Application, text: str, *, window: int = 0) -> socket.socket:
    place = urlsplit(app.url)
    one = socket.socket()
    if window:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    one.settimeout(20)
    one.connect((place.hostname, place.port))
    one.sendall(text.replace("HOST", place.netloc).encode())
    return one


@contextmanager
def _many(app: Application, text: str, *, window: int = 0) -> Iterator[None]:
    with ExitStack() as slow:
        for _ in range(MANY):
            slow.enter_context(closing(_connect(app, text, window=window)))
        time.sleep(0.5)
        yield


def _all_is_answered(app: Application) -> None:
    for path in _NEEDED:
        assert requests.get(app.url + path, timeout=5).status_code == 200, path


@pytest.mark.parametrize("kind", list(_SLOW))
def test_no_number_of_slow_senders_keeps_anybody_from_anything(
    running_app: Application, kind: str
) -> None:
    for path in _PATHS:
        with _many(running_app, _SLOW[kind].replace("{path}", path)):
            _all_is_answered(running_app)


def test_no_number_of_slow_readers_keeps_anybody_from_anything(running_app: Application) -> None:
    static = running_app.var / "static"
    largest = max(static.rglob("*.js"), key=lambda each: each.stat().st_size)
    for path in (f"/static/{largest.relative_to(static)}", "/accounts/login/", "/pinit.js"):
        with _many(running_app, f"GET {path} HTTP/1.1\r\nHost: HOST\r\n\r\n", window=2048):
            _all_is_answered(running_app)


def test_a_body_that_never_ends_is_told_so_and_cut_off(running_app: Application) -> None:
    text = _POST.replace("{path}", "/interactions") + "Content-Length: 500\r\n\r\n{"
    with closing(_connect(running_app, text)) as one:
        began = time.monotonic()
        one.settimeout(25)
        said = one.recv(5000)
        assert b"408 Request Timeout" in said
        assert b'"code": "too_slow"' in said
        assert one.recv(5000) == b""
        assert time.monotonic() - began < 20


def test_headers_that_never_end_are_cut_off(running_app: Application) -> None:
    with closing(_connect(running_app, "GET /pinit.js HTTP/1.1\r\nHost: HOST\r\nX-Slow: ")) as one:
        began = time.monotonic()
        one.settimeout(20)
        said = one.recv(1000)
        assert time.monotonic() - began < 15
        assert b"200 OK" not in said


def _zeros(size: int) -> Iterator[bytes]:
    for _ in range(size // 1_000_000):
        yield bytes(1_000_000)


@pytest.mark.parametrize("announced", ["announced", "in pieces"])
@pytest.mark.parametrize("path", ["/accounts/login/", "/pins/videos/", "/interactions"])
def test_a_flood_is_refused_and_leaves_nothing_on_the_disk(
    running_app: Application, path: str, announced: str
) -> None:
    body = bytes(300_000_000) if announced == "announced" else _zeros(300_000_000)
    answer = requests.post(running_app.url + path, data=body, timeout=60)
    assert answer.status_code == 413
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert _size_of(running_app.var / "incoming") == 0
    _all_is_answered(running_app)


def _size_of(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.rglob("*")) if folder.exists() else 0
