"""Ordered trouble: what strikes, when, how often, and what the client sees."""

import threading
import time

import pytest
import requests

from sandbox import Fault
from sandbox.faults import FaultBook
from sandbox.server import serve
from tests.sandbox.visitor import ORIGIN, Visitor, failure

APP = ("1500000", "sandbox-secret")


@pytest.fixture
def pin(visitor, board):
    return lambda: visitor.pin(board.id)


def test_a_drop_before_the_commit_leaves_no_pin(sandbox, pin):
    sandbox.arm(Fault(route="POST /v5/pins", kind="drop"))
    with pytest.raises(requests.ConnectionError, match="Connection reset"):
        pin()
    assert sandbox.pins() == []
    assert pin().status_code == 201


def test_a_drop_after_the_commit_leaves_the_pin(sandbox, pin):
    sandbox.arm(Fault(route="POST /v5/pins", kind="drop", when="after"))
    with pytest.raises(requests.ConnectionError, match="Connection reset"):
        pin()
    assert len(sandbox.pins()) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize(("when", "pins"), [("before", 0), ("after", 1)])
def test_a_server_error_comes_before_or_after_the_commit(sandbox, pin, status, when, pins):
    sandbox.arm(Fault(route="POST /v5/pins", kind="status", status=status, when=when))
    assert failure(pin()) == (status, status)
    assert len(sandbox.pins()) == pins


def test_error_bodies_may_be_html_or_empty(sandbox, pin):
    sandbox.arm(Fault(route="*", kind="status", status=502, body="html"))
    sandbox.arm(Fault(route="*", kind="status", status=504, body="empty"))
    gateway = pin()
    assert gateway.headers["content-type"] == "text/html"
    assert "Bad Gateway" in gateway.text
    silent = pin()
    assert (silent.status_code, silent.content) == (504, b"")
    assert "x-pinterest-rid" in silent.headers


def test_a_server_fault_may_hide_behind_400(sandbox, pin):
    sandbox.arm(Fault(route="POST /v5/pins", kind="status", status=400))
    assert "Something went wrong on our end" in pin().json()["message"]


@pytest.mark.parametrize("reset", ["1", "45", "67150"])
def test_a_rate_limit_says_when_it_ends(sandbox, pin, reset):
    sandbox.arm(Fault(route="*", kind="status", status=429, headers={"X-RateLimit-Reset": reset}))
    limited = pin()
    assert failure(limited) == (429, 8)
    assert limited.headers["x-ratelimit-reset"] == reset
    assert "retry-after" not in limited.headers


def test_a_rate_limit_may_come_without_headers(sandbox, pin):
    names = ["limit", "remaining", "reset"]
    bare = {f"x-ratelimit-{name}": None for name in names} | {"x-envoy-ratelimited": None}
    sandbox.arm(Fault(route="*", kind="status", status=429, headers=bare))
    assert not any("ratelimit" in name.lower() for name in pin().headers)


def test_spam_is_another_429(sandbox, pin):
    text = "We blocked this link because it may lead to spam."
    sandbox.arm(Fault(route="*", kind="status", status=429, code=9, message=text))
    assert pin().json() == {"code": 9, "message": text}


def test_a_fault_strikes_the_nth_call_so_many_times(sandbox, pin):
    sandbox.arm(Fault(route="POST /v5/pins", kind="status", nth=2, times=2))
    assert [pin().status_code for _ in range(5)] == [201, 503, 503, 201, 201]
    [armed] = sandbox.faults.listed()
    assert (armed.seen, armed.struck) == (5, 2)


def test_a_fault_without_an_end_lasts_until_it_is_cleared(sandbox, pin):
    sandbox.arm(Fault(route="POST /v5/pins", kind="status", times=None))
    assert {pin().status_code for _ in range(5)} == {503}
    sandbox.faults.clear()
    assert pin().status_code == 201


def test_chance_repeats_with_the_seed():
    def strikes(seed):
        book = FaultBook(seed)
        book.arm(Fault(route="*", kind="status", times=None, probability=0.5))
        return [bool(book.strike(when="before", route="x", account=set())) for _ in range(200)]

    assert strikes(1) == strikes(1)
    assert strikes(1) != strikes(2)
    assert 70 < sum(strikes(1)) < 130


def test_a_fault_may_name_one_account(sandbox, acme, visitor, sign_in):
    other = sign_in(sandbox.add_account("other"))
    sandbox.arm(Fault(route="GET /v5/*", kind="status", account="other", times=None))
    assert visitor.get("/boards").status_code == 200
    assert other.get("/boards").status_code == 503


def test_a_fault_only_strikes_its_route(sandbox, visitor, board):
    sandbox.arm(Fault(route="GET /v5/boards/*/pins", kind="status"))
    assert visitor.get(f"/boards/{board.id}").status_code == 200
    assert visitor.get(f"/boards/{board.id}/pins").status_code == 503


def test_after_faults_wait_for_a_call_that_takes_effect(sandbox, visitor, board):
    sandbox.arm(Fault(route="POST /v5/pins", kind="status", when="after"))
    assert failure(visitor.pin("999")) == (403, 29)
    assert failure(visitor.pin(board.id)) == (503, 503)


def test_a_token_may_die_now(sandbox, pin, visitor):
    sandbox.arm(Fault(route="POST /v5/pins", kind="token_death"))
    assert failure(pin()) == (401, 2)
    assert failure(visitor.get("/boards")) == (401, 2)


def test_latency_waits(sandbox, visitor):
    sandbox.arm(Fault(route="GET /v5/boards", kind="latency", seconds=0.15))
    started = time.monotonic()
    assert visitor.get("/boards").status_code == 200
    assert time.monotonic() - started >= 0.15


def test_latency_beyond_the_clients_patience_still_takes_effect(sandbox, visitor, board):
    body = {"name": "Late"}
    for when in ("before", "after"):
        sandbox.arm(Fault(route="POST /v5/boards", kind="latency", seconds=60, when=when))
        with pytest.raises(requests.ReadTimeout):
            visitor.call("POST", "/boards", json=body, timeout=(1, 30))
        body = {"name": "Later"}
    names = [board.name for board in sandbox.records.boards.values()]
    assert names == ["Spring", "Late", "Later"]


def test_a_refresh_may_time_out_after_the_rotation(sandbox, acme, session):
    token = sandbox.issue_token(acme)
    sandbox.arm(
        Fault(
            route="POST /v5/oauth/token", kind="latency", when="after", seconds=60, account="acme"
        )
    )
    form = {"grant_type": "refresh_token", "refresh_token": token.refresh_token}
    address = f"{ORIGIN}/v5/oauth/token"
    with pytest.raises(requests.ReadTimeout):
        session.post(address, auth=APP, data=form, timeout=5)
    assert failure(session.post(address, auth=APP, data=form)) == (401, 283)


def test_a_new_pin_may_show_late_in_lists_but_at_once_by_id(sandbox, visitor, board):
    sandbox.arm(Fault(route="POST /v5/pins", kind="listing_lag", seconds=30))
    late, prompt = visitor.pin(board.id).json()["id"], visitor.pin(board.id).json()["id"]

    def listed():
        return [pin["id"] for pin in visitor.get(f"/boards/{board.id}/pins").json()["items"]]

    assert listed() == [prompt]
    assert visitor.get(f"/pins/{late}").status_code == 200
    sandbox.clock.advance(30)
    assert listed() == [prompt, late]


def test_a_list_may_lag_behind_for_all_pins(sandbox, visitor, board):
    visitor.pin(board.id)
    sandbox.arm(Fault(route="GET /v5/*", kind="listing_lag", seconds=30, times=None))
    assert visitor.get("/pins").json()["items"] == []
    sandbox.clock.advance(31)
    assert len(visitor.get("/pins").json()["items"]) == 1


def test_bookmarks_may_run_in_a_circle(sandbox, acme, visitor):
    for number in range(4):
        sandbox.add_board(acme, str(number))
    sandbox.arm(Fault(route="GET /v5/boards", kind="bookmark_loop", times=None))
    first = visitor.get("/boards", page_size=2).json()
    second = visitor.get("/boards", page_size=2, bookmark=first["bookmark"]).json()
    third = visitor.get("/boards", page_size=2, bookmark=second["bookmark"]).json()
    assert first["items"] == second["items"] == third["items"]
    assert second["bookmark"] == third["bookmark"]


def test_a_page_may_be_short_without_being_the_last(sandbox, acme, visitor):
    for number in range(4):
        sandbox.add_board(acme, str(number))
    sandbox.arm(Fault(route="GET /v5/boards", kind="short_page"))
    first = visitor.get("/boards", page_size=4).json()
    assert [board["name"] for board in first["items"]] == ["3", "2"]
    rest = visitor.get("/boards", page_size=4, bookmark=first["bookmark"]).json()
    assert [board["name"] for board in rest["items"]] == ["1", "0"]


def test_answers_may_hold_unknown_values_and_fields(sandbox, visitor, board):
    for kind in ("unknown_values", "extra_fields"):
        sandbox.arm(Fault(route="GET /v5/boards", kind=kind))
    page = visitor.get("/boards").json()
    assert page["items"][0]["privacy"] == "COLLABORATIVE"
    assert page["items"][0]["x_new_field"] == page["x_new_field"]
    assert visitor.get("/boards").json()["items"][0]["privacy"] == "PUBLIC"


@pytest.fixture
def socket_visitor(sandbox, acme):
    token = sandbox.issue_token(acme)
    with serve(sandbox) as base, requests.Session() as session:
        yield Visitor(session, token.authorization, base)


def test_over_a_socket_a_drop_after_the_commit_resets_the_connection(
    sandbox, board, socket_visitor
):
    sandbox.arm(Fault(route="POST /v5/pins", kind="drop", when="after"))
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        socket_visitor.pin(board.id)
    [pin] = sandbox.pins()
    listed = socket_visitor.get(f"/boards/{board.id}/pins").json()["items"]
    assert [item["id"] for item in listed] == [pin.id]


def test_over_a_socket_a_late_answer_is_a_timeout_and_the_board_exists(sandbox, socket_visitor):
    sandbox.arm(Fault(route="POST /v5/boards", kind="latency", when="after", seconds=0.6))
    with pytest.raises(requests.ReadTimeout):
        socket_visitor.call("POST", "/boards", json={"name": "Late"}, timeout=0.2)
    assert [one.name for one in sandbox.records.boards.values()] == ["Late"]


def test_waiting_holds_nobody_else_up(sandbox, board, socket_visitor):
    sandbox.arm(Fault(route="GET /v5/boards", kind="latency", seconds=1.0))
    slow = threading.Thread(
        target=lambda: requests.get(
            f"{socket_visitor.base}/v5/boards", headers=socket_visitor.headers, timeout=5
        )
    )
    slow.start()
    while not sandbox.faults.listed()[0].struck:
        time.sleep(0.005)
    started = time.monotonic()
    assert socket_visitor.get("/user_account").status_code == 200
    assert time.monotonic() - started < 0.8
    slow.join()
