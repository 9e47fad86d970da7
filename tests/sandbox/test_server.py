"""The sandbox on a socket: keep-alive, many clients at once, odd requests."""

import socket
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import requests

from sandbox.server import serve
from tests.sandbox.visitor import Visitor, failure


@pytest.fixture
def base(sandbox):
    with serve(sandbox) as base:
        yield base


@pytest.fixture
def visitor(sandbox, acme, base):
    with requests.Session() as session:
        yield Visitor(session, sandbox.issue_token(acme).authorization, base)


def raw_answer(base, text):
    """What comes back for raw bytes until the server closes."""
    place = urlsplit(base)
    with socket.create_connection((place.hostname, place.port), timeout=5) as connection:
        connection.sendall(text)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while chunk := connection.recv(65_536):
            received += chunk
    return received


def test_addresses_of_pictures_lead_back_to_the_server(visitor, board, base):
    image = visitor.pin(board.id).json()["media"]["images"]["600x"]
    assert image["url"].startswith(f"{base}/images/600x/")
    served = visitor.session.get(image["url"])
    assert (served.status_code, served.headers["content-type"]) == (200, "image/jpeg")


def test_a_public_address_may_be_set(sandbox, visitor, board):
    sandbox.settings.public_url = "https://sandbox.example"
    image = visitor.pin(board.id).json()["media"]["images"]["600x"]
    assert image["url"].startswith("https://sandbox.example/images/600x/")


def test_two_requests_share_a_connection_and_get_two_answers(base):
    get = b"GET /v5/boards HTTP/1.1\r\nHost: x\r\n\r\n"
    received = raw_answer(base, get + get)
    assert received.count(b"HTTP/1.1 401 Unauthorized") == 2


def test_head_has_headers_and_no_body(base):
    response = requests.head(f"{base}/", timeout=5)
    assert response.status_code == 200
    assert int(response.headers["content-length"]) > 500
    assert response.content == b""


def test_deleting_answers_204_without_length_or_body(visitor, board):
    gone = visitor.delete(f"/boards/{board.id}")
    assert gone.status_code == 204
    assert "content-length" not in gone.headers
    assert visitor.get("/boards").status_code == 200


def test_many_clients_lose_no_pin(sandbox, acme, board, visitor):
    sandbox.set_quota("org_write", None)
    sandbox.set_quota("universal", None)

    def publish(number):
        with requests.Session() as session:
            one = Visitor(session, visitor.headers["Authorization"], visitor.base)
            return [one.pin(board.id, title=f"{number}").json()["id"] for _ in range(15)]

    with ThreadPoolExecutor(8) as pool:
        ids = [pin_id for part in pool.map(publish, range(8)) for pin_id in part]
    assert len(set(ids)) == 120
    assert {pin.id for pin in sandbox.pins()} == set(ids)


def test_an_upload_without_a_length_is_refused(base):
    text = b"POST /v5/pins HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    assert raw_answer(base, text).startswith(b"HTTP/1.1 413 ")


def test_a_length_beyond_reason_is_refused_unread(base):
    text = b"POST /v5/pins HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n"
    assert raw_answer(base, text).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("method", ["PUT", "OPTIONS", "BREW"])
def test_other_verbs_are_not_allowed(base, method):
    assert failure(requests.request(method, f"{base}/v5/pins", timeout=5)) == (405, 5)
    assert failure(requests.request(method, f"{base}/", timeout=5)) == (405, 5)


def test_unknown_api_paths_are_json_and_unknown_pages_are_pages(base):
    assert failure(requests.get(f"{base}/v5/ad_accounts", timeout=5)) == (404, 404)
    page = requests.get(f"{base}/nobody/", timeout=5)
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    "path", ["/assets/../sandbox.py", "/assets/%2e%2e/x", "/images/600x/../../x", "/images/9x9/a"]
)
def test_files_come_from_the_list_only(base, path):
    received = raw_answer(base, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert received.startswith(b"HTTP/1.1 404 ")
