"""The client against real sockets: what it sends, what it reads, and how it fails."""

import contextlib
import json
import logging
import socket
import threading
import time
from datetime import UTC, datetime

import pytest

from pinterest.client import PinterestClient
from pinterest.errors import RefusalReason, Refused, Trouble, Unavailable, Uncertain
from pinterest.http import open_session
from pinterest.ratelimit import Answer, RateLimit
from pinterest.types import Board, BoardSection, ImageBytes, ImageUrl, PinDraft
from tests.pinterest.loopback import (
    drop,
    free_port,
    in_turn,
    respond,
    respond_json,
    serve,
)

TOKEN = "pina_SECRET-token"
DRAFT = PinDraft(board_id="987", media=ImageUrl("https://example.com/a.jpg"), title="Vase")
CALLS = {
    "read": lambda client: client.get_account(),
    "create_pin": lambda client: client.create_pin(DRAFT),
    "create_board": lambda client: client.create_board(name="Vases"),
    "create_section": lambda client: client.create_section(board_id="1", name="Blue"),
}
CREATES = [name for name in CALLS if name != "read"]


def client_at(url, **more):
    return PinterestClient(session=open_session(), api_url=f"{url}/v5", access_token=TOKEN, **more)


def path_of(request):
    return request.split(b" ")[1].decode()


def failure_of(call, client):
    with pytest.raises((Refused, Unavailable, Uncertain)) as caught:
        CALLS[call](client)
    return caught.value


def outcome(failure):
    return type(failure), failure.reason


def test_the_account_is_read_leniently_and_identified_by_its_id():
    said = {"id": 2783136121146311751, "username": "acme", "follower_count": None, "new_field": {}}
    with serve(respond_json(200, said)) as server:
        account = client_at(server.url).get_account()
    assert (account.id, account.username) == ("2783136121146311751", "acme")
    assert account.follower_count is None
    assert path_of(server.requests[0]) == "/v5/user_account"


def test_each_call_carries_its_token_and_no_cookie_even_when_one_was_set():
    said = {"id": "1", "username": "acme"}
    with serve(respond_json(200, said, Set_Cookie="session=abc; Path=/")) as server:
        client = client_at(server.url)
        client.get_account()
        client.get_account()
    for request in server.requests:
        assert f"Authorization: Bearer {TOKEN}".encode() in request
        assert b"cookie" not in request.lower()


def test_a_netrc_entry_for_the_host_does_not_replace_the_token(tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with serve(respond_json(200, {"id": "1", "username": "acme"})) as server:
        client_at(server.url).get_account()
    assert f"Authorization: Bearer {TOKEN}".encode() in server.requests[0]


def test_boards_of_all_pages_are_listed_even_after_a_short_or_empty_page():
    one = {
        "id": "1",
        "name": "A",
        "owner": {"username": "acme"},
        "media": {"image_cover_url": "https://i/cover", "pin_thumbnail_urls": []},
    }
    first = {"items": [one], "bookmark": "x=&y"}
    second = {"items": [], "bookmark": "z"}
    last = {"items": [{"id": "2", "name": "B", "privacy": "NEW_KIND"}], "bookmark": ""}
    pages = [respond_json(200, each) for each in (first, second, last)]
    with serve(in_turn(*pages)) as server:
        boards = list(client_at(server.url).iter_boards())
    assert [board.id for board in boards] == ["1", "2"]
    assert boards[0].owner_username == "acme"
    assert boards[0].image_cover_url == "https://i/cover"
    assert (boards[1].owner_username, boards[1].image_cover_url) == (None, None)
    assert boards[1].privacy == "NEW_KIND"
    assert [path_of(request) for request in server.requests] == [
        "/v5/boards?privacy=ALL&page_size=250",
        "/v5/boards?privacy=ALL&page_size=250&bookmark=x%3D%26y",
        "/v5/boards?privacy=ALL&page_size=250&bookmark=z",
    ]


def test_a_bookmark_that_leads_in_a_circle_ends_the_listing_with_an_error():
    page = respond_json(200, {"items": [{"id": "1", "name": "A"}], "bookmark": "same"})
    with serve(page) as server, pytest.raises(Unavailable) as caught:
        list(client_at(server.url).iter_sections("5"))
    assert caught.value.reason is Trouble.BAD_ANSWER
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "content",
    [[], {}, {"items": None}, {"items": [{"name": "no id"}]}, {"items": [], "bookmark": 7}, "x"],
)
def test_a_list_that_cannot_be_read_whole_is_not_taken_for_a_short_list(content):
    with serve(respond_json(200, content)) as server, pytest.raises(Unavailable) as caught:
        list(client_at(server.url).iter_boards())
    assert caught.value.reason is Trouble.BAD_ANSWER


def test_the_pins_of_a_section_are_read_with_aware_times_and_renditions_by_width():
    images = {
        "600x": {"width": 600, "height": 900, "url": "https://i/600"},
        "150x150": {"width": 150, "height": 150, "url": "https://i/150"},
        "broken": {"width": None, "height": None, "url": "https://i/null"},
        "empty": {},
    }
    pins = [
        {"id": "10", "created_at": "2026-01-05T09:30:00", "media": {"images": images}},
        {"id": "11", "created_at": "2026-01-05T09:30:00+02:00", "media": None},
        {"id": "12", "created_at": "", "media": {"media_type": "video"}},
    ]
    with serve(respond_json(200, {"items": pins})) as server:
        found = list(client_at(server.url).iter_board_pins("1", "2", page_size=10))
    assert path_of(server.requests[0]) == "/v5/boards/1/sections/2/pins?page_size=10"
    assert [pin.created_at for pin in found] == [
        datetime(2026, 1, 5, 9, 30, tzinfo=UTC),
        datetime(2026, 1, 5, 7, 30, tzinfo=UTC),
        None,
    ]
    assert [image.url for image in found[0].images] == ["https://i/150", "https://i/600"]
    assert (found[1].images, found[2].images) == ((), ())
    assert found[0].url == "https://www.pinterest.com/pin/10/"


def test_a_pin_is_created_with_exactly_what_was_filled_in():
    draft = PinDraft(
        board_id="987",
        board_section_id="55",
        media=ImageBytes(b"\xff\xd8\xff binary", "image/jpeg"),
        title="Väse 🏺",
        link="https://example.com/x?a=1",
        dominant_color="#a1b2c3",
    )
    with serve(
        respond_json(201, {"id": "1234567890123456789", "creative_type": "REGULAR"})
    ) as server:
        pin = client_at(server.url).create_pin(draft)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v5/pins HTTP/1.1\r\n")
    assert b"Content-Type: application/json" in head
    assert json.loads(body) == {
        "board_id": "987",
        "board_section_id": "55",
        "title": "Väse 🏺",
        "link": "https://example.com/x?a=1",
        "dominant_color": "#a1b2c3",
        "media_source": {
            "source_type": "image_base64",
            "content_type": "image/jpeg",
            "data": "/9j/IGJpbmFyeQ==",
        },
    }
    assert pin.id == "1234567890123456789"


def test_an_id_alone_proves_a_pin_even_when_the_rest_of_the_answer_is_odd():
    odd = {"id": 1234567890123456789, "media": "soon", "title": ["?"]}
    with serve(respond_json(201, odd)) as server:
        assert client_at(server.url).create_pin(DRAFT).id == "1234567890123456789"


def test_boards_sections_and_single_things_are_asked_for_at_their_addresses():
    said = respond_json(200, {"id": "7", "name": "Vases"})
    with serve(said) as server:
        client = client_at(server.url)
        board = client.create_board(name="Vases", description="Clay", privacy="SECRET")
        section = client.create_section(board_id="7", name="Blue")
        client.rename_section(board_id="7", section_id="8", name="Red")
        client.get_board("7")
        client.get_pin("8")
        client.delete_pin("8")
    assert (board, section) == (Board(id="7", name="Vases"), BoardSection(id="7", name="Vases"))
    assert [request.split(b" HTTP")[0] for request in server.requests] == [
        b"POST /v5/boards",
        b"POST /v5/boards/7/sections",
        b"PATCH /v5/boards/7/sections/8",
        b"GET /v5/boards/7",
        b"GET /v5/pins/8",
        b"DELETE /v5/pins/8",
    ]
    bodies = [request.partition(b"\r\n\r\n")[2] for request in server.requests[:3]]
    assert json.loads(bodies[0]) == {"name": "Vases", "description": "Clay", "privacy": "SECRET"}
    assert json.loads(bodies[1]) == {"name": "Blue"}
    assert json.loads(bodies[2]) == {"name": "Red"}


def test_deleting_is_done_when_pinterest_answers_without_a_body():
    with serve(respond(204)) as server:
        assert client_at(server.url).delete_pin("8") is None


@pytest.mark.parametrize("bad", ["", "1/../2", "12?x=1", "abc", "1\n", "١٢"])
def test_an_id_that_is_not_digits_never_gets_into_an_address(bad):
    client = client_at("http://127.0.0.1:1")
    for call in (client.get_pin, client.get_board, client.delete_pin):
        with pytest.raises(ValueError, match="digits"):
            call(bad)
    with pytest.raises(ValueError, match="digits"):
        list(client.iter_sections(bad))
    with pytest.raises(ValueError, match="digits"):
        PinDraft(board_id=bad, media=ImageUrl("https://example.com/a.jpg"))


@pytest.mark.parametrize("call", CALLS)
def test_nothing_was_sent_when_nobody_listens(call):
    failure = failure_of(call, client_at(f"http://127.0.0.1:{free_port()}"))
    assert outcome(failure) == (Unavailable, Trouble.CONNECT_FAILED)


@pytest.mark.parametrize("call", CALLS)
def test_nothing_was_sent_when_the_name_has_no_address(call):
    failure = failure_of(call, client_at("http://no-such-host.invalid"))
    assert outcome(failure) == (Unavailable, Trouble.CONNECT_FAILED)


@pytest.mark.parametrize("accident", ["says nothing", "hangs up", "answers plain text"])
@pytest.mark.parametrize("call", CALLS)
def test_nothing_was_sent_when_shaking_hands_fails(call, accident, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def meet():
            one, _ = listener.accept()
            with contextlib.suppress(OSError), one:
                one.recv(1)
                if accident == "answers plain text":
                    one.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                while accident == "says nothing" and one.recv(65536):
                    pass

        threading.Thread(target=meet, daemon=True).start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        failure = failure_of(call, client_at(url))
    assert outcome(failure) == (Unavailable, Trouble.CONNECT_FAILED)


@pytest.mark.parametrize("call", CALLS)
def test_nothing_was_sent_when_the_proxy_is_down(call, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("NO_PROXY", "")
    failure = failure_of(call, client_at("http://api.example.com"))
    assert outcome(failure) == (Unavailable, Trouble.CONNECT_FAILED)


def half_an_answer(one, _request):
    one.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n" + b'{"id":"1"')


def half_a_chunk(one, _request):
    one.sendall(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{")


def reset(one, _request):
    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


@pytest.mark.parametrize("accident", [drop, reset, half_an_answer, half_a_chunk])
@pytest.mark.parametrize("call", CALLS)
def test_a_connection_lost_after_sending_leaves_creates_uncertain(call, accident):
    with serve(accident) as server:
        failure = failure_of(call, client_at(server.url))
    expected = Unavailable if call == "read" else Uncertain
    assert outcome(failure) == (expected, Trouble.DROPPED)
    assert len(server.requests) == 1


def shorten_timeouts(monkeypatch, seconds):
    """Waiting a real minute would prove no more."""
    for name in ("CREATE_PIN", "GET_ACCOUNT"):
        operation = getattr(__import__("pinterest.client", fromlist=[name]), name)
        shorter = type(operation)(
            operation.name,
            operation.method,
            operation.category,
            creates=operation.creates,
            on_board=operation.on_board,
            read_timeout_s=seconds,
        )
        monkeypatch.setattr(f"pinterest.client.{name}", shorter)


def stay_silent(one, _request):
    one.recv(1)


def trickle(one, _request):
    one.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 500000\r\n\r\n")
    while True:
        one.sendall(b" ")
        time.sleep(0.05)


@pytest.mark.parametrize(("call", "kind"), [("create_pin", Uncertain), ("read", Unavailable)])
def test_an_answer_that_does_not_come_is_not_waited_for_for_ever(call, kind, monkeypatch):
    shorten_timeouts(monkeypatch, 0.2)
    with serve(stay_silent) as server:
        failure = failure_of(call, client_at(server.url))
    assert outcome(failure) == (kind, Trouble.TIMED_OUT)


@pytest.mark.parametrize(("call", "kind"), [("create_pin", Uncertain), ("read", Unavailable)])
def test_an_answer_that_trickles_in_cannot_hold_a_worker(call, kind, monkeypatch):
    shorten_timeouts(monkeypatch, 0.3)
    started = time.monotonic()
    with serve(trickle) as server:
        failure = failure_of(call, client_at(server.url))
    assert outcome(failure) == (kind, Trouble.TIMED_OUT)
    assert time.monotonic() - started < 5


def test_an_answer_without_end_is_cut_off(monkeypatch):
    monkeypatch.setattr("pinterest.call._BODY_LIMIT_BYTES", 100_000)
    with serve(respond(200, b"x" * 300_000)) as server:
        failure = failure_of("create_pin", client_at(server.url))
    assert outcome(failure) == (Uncertain, Trouble.BAD_ANSWER)


@pytest.mark.parametrize("body", [b"", b"<html>Welcome</html>", b"{}", b"[]", b'{"id":""}', b"{"])
@pytest.mark.parametrize("call", CREATES)
def test_a_create_without_an_id_in_the_answer_is_uncertain(call, body):
    with serve(respond(201, body)) as server:
        failure = failure_of(call, client_at(server.url))
    assert outcome(failure) == (Uncertain, Trouble.BAD_ANSWER)
    assert failure.status == 201


@pytest.mark.parametrize("location", ["https://elsewhere.example/v5/pins", "http://[broken", ""])
def test_a_redirect_is_never_followed_and_the_token_never_sent_elsewhere(location):
    with serve(respond(307, Location=location)) as server:
        failure = failure_of("create_pin", client_at(server.url))
    assert outcome(failure) == (Unavailable, Trouble.REDIRECTED)
    assert len(server.requests) == 1


def test_a_failed_call_is_not_repeated_by_itself():
    with serve(respond_json(503, {"code": 1, "message": "down"})) as server:
        failure_of("read", client_at(server.url))
    assert len(server.requests) == 1


def test_a_refusal_keeps_pinterests_numbers_for_support():
    said = {"code": 40, "message": "Board not found."}
    with serve(respond_json(404, said, X_Pinterest_Rid="777")) as server:
        failure = failure_of("create_pin", client_at(server.url))
    assert outcome(failure) == (Refused, RefusalReason.BOARD_GONE)
    assert (failure.status, failure.code, failure.rid) == (404, 40, "777")


def test_each_answer_good_or_bad_is_reported_with_its_rate_limit():
    limits = {"X_RateLimit_Limit": "100, 100;w=60", "X_RateLimit_Remaining": "99"}
    good = respond_json(200, {"id": "1", "username": "a"}, X_Pinterest_Rid="5", **limits)
    bad = respond_json(429, {"code": 8, "message": "x"}, X_RateLimit_Limit="soon")
    heard: list[Answer] = []
    with serve(in_turn(good, bad)) as server:
        client = client_at(server.url, on_answer=heard.append)
        client.get_account()
        failure_of("create_pin", client)
    assert [(each.operation, each.category, each.status, each.rid) for each in heard] == [
        ("get_account", "org_read", 200, "5"),
        ("create_pin", "org_write", 429, None),
    ]
    assert [each.rate_limit for each in heard] == [RateLimit(100, 99, None, "org_read"), None]
    assert all(0 < each.duration_s < 5 for each in heard)


def test_no_secret_and_no_content_reaches_a_log_a_repr_or_an_error(caplog):
    caplog.set_level(logging.DEBUG)
    echo = {"code": 1, "message": f"Bad token {TOKEN}"}
    with serve(respond_json(400, echo)) as server:
        client = client_at(server.url)
        failure = failure_of("create_pin", client)
    shown = "\n".join([caplog.text, repr(client), repr(failure), str(failure), repr(vars(client))])
    assert "create_pin failed" in caplog.text
    assert "SECRET" not in shown
    assert "Vase" not in shown


def test_an_error_of_the_connection_drags_no_request_along():
    failure = failure_of("create_pin", client_at(f"http://127.0.0.1:{free_port()}"))
    assert (failure.__cause__, failure.__context__) == (None, None)
    assert "NewConnectionError" in failure.detail


def test_a_colour_that_is_none_is_a_defect_of_ours():
    with pytest.raises(ValueError, match="#1a2b3c"):
        PinDraft(board_id="1", media=ImageUrl("https://example.com/a"), dominant_color="red")


def test_pictures_in_a_draft_stay_out_of_its_repr():
    assert "PIXELS" not in repr(PinDraft(board_id="1", media=ImageBytes(b"PIXELS", "image/png")))
