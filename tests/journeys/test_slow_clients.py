"""T18: clients that send byte by byte, against the real web server."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import pytest
import requests

from tests.application import Application

pytestmark = pytest.mark.slow


def _connect(app: Application, text: str) -> socket.socket:
    place = urlsplit(app.url)
    one = socket.create_connection((place.hostname, place.port), timeout=20)
    one.sendall(text.replace("HOST", place.netloc).encode())
    return one


def test_bodies_that_never_end_keep_nobody_from_pictures_and_pages(
    running_app: Application,
) -> None:
    head = "POST /interactions HTTP/1.1\r\nHost: HOST\r\nContent-Length: 500\r\n\r\n{"
    with ExitStack() as slow:
        for _ in range(24):
            slow.enter_context(closing(_connect(running_app, head)))
        time.sleep(1)
        for path in ("/pinit.js", "/interactions/verify/pinit/nonsense.jpg", "/accounts/login/"):
            assert requests.get(running_app.url + path, timeout=5).status_code == 200, path
        refused = requests.post(f"{running_app.url}/interactions", data="{}", timeout=5)
        assert (refused.status_code, refused.json()["code"]) == (503, "busy")
    # They are gone: the next click is read again, and refused for what is in it.
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        answer = requests.post(f"{running_app.url}/interactions", data="{}", timeout=5)
        if answer.json()["code"] != "busy":
            break
        time.sleep(0.2)
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable")


def test_headers_that_never_end_are_cut_off(running_app: Application) -> None:
    with closing(_connect(running_app, "GET /pinit.js HTTP/1.1\r\nHost: HOST\r\nX-Slow: ")) as one:
        began = time.monotonic()
        one.settimeout(20)
        said = one.recv(1000)
        assert time.monotonic() - began < 15
        assert b"200 OK" not in said
