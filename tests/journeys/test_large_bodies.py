"""What members send and take away in full, through the real web server."""

from __future__ import annotations

import csv
import io
import re
import socket
import time
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import pytest
import requests
from PIL import Image

from tests.application import Application
from tests.pinterest.films import box, film

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def dana(running_app: Application) -> requests.Session:
    """The demo's person, signed in; her requests are those of scripts."""
    with requests.Session() as session:
        page = session.get(f"{running_app.url}/accounts/login/", timeout=20).text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        signed_in = session.post(
            f"{running_app.url}/accounts/login/",
            {"login": running_app.email, "password": running_app.password}
            | {"csrfmiddlewaretoken": token},
            timeout=20,
        )
        assert "/accounts/login" not in signed_in.url
        session.headers["Accept"] = "application/json"
        session.headers["X-CSRFToken"] = session.cookies["csrftoken"]
        yield session


def _picture(size: tuple[int, int]) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()


def test_a_members_picture_of_some_megabytes_is_taken(running_app: Application, dana) -> None:
    data = _picture((1200, 1800))
    assert len(data) > 2_000_000
    taken = dana.post(
        f"{running_app.url}/pins/media/", files={"image": ("a.png", data)}, timeout=60
    )
    assert taken.status_code == 201, taken.text


def test_a_members_video_is_taken_and_given_back_in_parts(running_app: Application, dana) -> None:
    data = film(5) + box(b"free", bytes(3_000_000))
    taken = dana.post(
        f"{running_app.url}/pins/videos/",
        data=data,
        headers={"Content-Type": "video/mp4"},
        timeout=60,
    )
    assert taken.status_code == 201, taken.text
    address = running_app.url + taken.json()["url"]
    whole = dana.get(address, timeout=20)
    assert (whole.status_code, int(whole.headers["Content-Length"])) == (200, len(whole.content))
    part = dana.get(address, headers={"Range": "bytes=1000-5999"}, timeout=20)
    assert (part.status_code, part.content) == (206, whole.content[1000:6000])
    assert part.headers["Content-Range"] == f"bytes 1000-5999/{len(whole.content)}"
    head = dana.head(address, timeout=20)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(whole.content)))
    question = (
        f"GET {urlsplit(address).path} HTTP/1.1\r\nHost: {urlsplit(address).netloc}\r\n"
        f"Cookie: {'; '.join(f'{name}={value}' for name, value in dana.cookies.items())}\r\n\r\n"
    )
    with ExitStack() as slow:
        for _ in range(100):
            slow.enter_context(closing(_ask_and_read_nothing(address, question)))
        time.sleep(1)
        for path in ("/healthz", "/pins/", "/pinit.js"):
            assert dana.get(running_app.url + path, timeout=5).status_code == 200, path


def _ask_and_read_nothing(address: str, question: str) -> socket.socket:
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    one.connect((urlsplit(address).hostname, urlsplit(address).port))
    one.sendall(question.encode())
    return one


def test_a_file_is_streamed(running_app: Application, dana) -> None:
    answer = dana.get(f"{running_app.url}/pins/export.csv", timeout=20)
    assert (answer.status_code, "no-store" in answer.headers["Cache-Control"]) == (200, True)
    assert len(next(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))) > 3


def test_more_than_a_member_may_send_is_told_in_json(running_app: Application, dana) -> None:
    answer = dana.post(f"{running_app.url}/pins/media/", data=bytes(140_000_000), timeout=60)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert "128 MB at most" in answer.json()["message"]


def test_who_is_signed_out_sends_no_file(running_app: Application) -> None:
    answer = requests.post(
        f"{running_app.url}/pins/media/",
        files={"image": ("a.png", bytes(100_000))},
        headers={"Accept": "application/json"},
        timeout=20,
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert "without being signed in" in answer.json()["message"]
