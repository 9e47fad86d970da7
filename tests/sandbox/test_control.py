"""The control plane, over a socket and through its client."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests

from sandbox import Fault, Sandbox
from sandbox.remote import ControlError, SandboxControl
from sandbox.scopes import PUBLISHING, SECRET
from sandbox.server import serve
from sandbox.wire import Request
from tests.sandbox.visitor import Visitor, failure


@pytest.fixture
def base(sandbox):
    with serve(sandbox) as base:
        yield base


@pytest.fixture
def control(base):
    with SandboxControl(base) as control:
        yield control


@pytest.fixture
def guest(control):
    """An account made over the wire, and its visitor."""
    account = control.add_account("guest", name="Guest", about="Here to help")
    token = control.issue_token(account, PUBLISHING + SECRET)
    with requests.Session() as session:
        yield Visitor(session, token.authorization, control.base_url)


def test_a_scenario_is_built_over_the_wire(control, guest, sandbox):
    board = control.add_board("guest", "Spring", privacy="SECRET", description="Green")
    section = control.add_section(board, "Vases")
    assert guest.get("/user_account").json()["about"] == "Here to help"
    made = guest.pin(board.id, board_section_id=section.id, title="One", link="https://a.test/")
    [pin] = control.pins(board)
    assert pin == sandbox.pins()[0]
    assert (pin.id, pin.title, pin.section_id) == (made.json()["id"], "One", section.id)
    assert control.pins() == [pin]


def test_time_moves_on_order(control, guest):
    before = control.now()
    after = control.advance(timedelta(days=30))
    assert after - before >= timedelta(days=30)
    assert failure(guest.get("/user_account")) == (401, 2)


def test_apps_change_tier_features_and_quota(control, guest):
    board = control.add_board("guest", "Spring")
    control.set_tier("trial")
    assert failure(guest.pin(board.id)) == (403, 29)
    control.set_tier("standard")
    pin = guest.pin(board.id).json()["id"]
    control.set_features(["pin_edit"])
    assert guest.patch(f"/pins/{pin}", {"title": "New"}).json()["title"] == "New"
    control.set_quota("org_write", 0)
    assert failure(guest.pin(board.id)) == (429, 8)


def test_tokens_die_expire_and_lose_scopes(control, guest):
    control.set_token_scopes("guest", ["boards:read"])
    assert failure(guest.get("/user_account")) == (401, 3)
    assert guest.get("/boards").status_code == 200
    assert control.expire_tokens("guest") == 1
    assert failure(guest.get("/boards")) == (401, 2)
    fresh = control.issue_token("guest")
    control.kill_token(fresh.access_token)
    guest.headers["Authorization"] = fresh.authorization
    assert failure(guest.get("/boards")) == (401, 2)
    assert control.kill_tokens("guest") == 3


def test_an_account_is_renamed_and_a_board_deleted(control, guest, sandbox):
    board = control.add_board("guest", "Spring")
    control.delete_board(board)
    assert failure(guest.get(f"/boards/{board.id}")) == (404, 40)
    control.rename_account("guest", "host")
    assert failure(guest.get("/boards")) == (401, 2)
    assert sandbox.account("host").name == "Guest"


def test_videos_are_listed_and_their_times_are_switches(control, guest, sandbox):
    control.change_settings(media_processing_seconds=90, upload_lifetime_seconds=10)
    media_id = guest.post("/media", {"media_type": "video"}).json()["media_id"]
    [media] = control.media()
    assert (media["id"], media["status"], media["uploaded_at"]) == (media_id, "registered", None)
    assert sandbox.settings.media_processing_seconds == 90
    assert sandbox.records.media[media_id].expires_at <= sandbox.clock.now() + timedelta(seconds=10)


def test_faults_are_armed_listed_and_cleared(control, guest):
    fault = Fault(route="GET /v5/boards", kind="status", status=502, body="html", times=None)
    number = control.arm(fault)
    assert guest.get("/boards").status_code == 502
    [armed] = control.faults()
    assert (armed.id, armed.fault, armed.seen, armed.struck) == (number, fault, 1, 1)
    control.clear_faults()
    assert control.faults() == []
    assert guest.get("/boards").status_code == 200


def test_faults_are_plain_json(base, guest):
    order = {"route": "POST /v5/pins", "kind": "drop", "when": "after", "nth": 2, "times": None}
    armed = requests.post(f"{base}/__sim/faults", json=order, timeout=5)
    assert armed.json() == {"id": 1}


def test_the_request_log_tells_what_was_answered_and_no_secret(control, guest):
    answer = guest.get("/boards", page_size=5)
    [entry] = [one for one in control.requests() if one.path == "/v5/boards"]
    assert (entry.method, entry.status) == ("GET", 200)
    assert entry.rid == answer.headers["x-pinterest-rid"]
    assert entry.account_id == guest.get("/user_account").json()["id"]
    secret = guest.headers["Authorization"].removeprefix("Bearer ")
    for view in ("requests", "state", "faults", "fetches", "pins"):
        shown = requests.get(f"{control.base_url}/__sim/{view}", timeout=5).text
        assert secret not in shown
        assert "sandbox-secret" not in shown
        assert "digest" not in shown


def test_the_fetch_log_tells_where_the_crawler_went(control, guest):
    board = control.add_board("guest", "Spring")
    source = {"source_type": "image_url", "url": "http://127.0.0.1:1/a.jpg"}
    guest.pin(board.id, media_source=source)
    [fetch] = control.fetches()
    assert (fetch.url, fetch.outcome) == ("http://127.0.0.1:1/a.jpg", "ConnectionError")


def test_settings_change_one_by_one(control, sandbox):
    control.change_settings(spam_after=3)
    assert (sandbox.settings.spam_after, sandbox.settings.rotation) == (3, "strict")
    assert control.state()["settings"]["spam_after"] == 3


def test_reset_forgets_everything(control, guest):
    control.reset()
    state = control.state()
    assert (state["accounts"], state["boards"], state["pins"]) == ([], [], 0)
    assert failure(guest.get("/boards")) == (401, 2)
    control.add_app(redirect_uris=["https://a.test/"])
    assert control.state()["apps"][0]["redirect_uris"] == ["https://a.test/"]


def test_wrong_orders_say_why(control, guest):
    with pytest.raises(ControlError, match="username guest is taken"):
        control.add_account("guest")
    with pytest.raises(ControlError, match="knows nothing called nobody"):
        control.kill_tokens("nobody")
    with pytest.raises(ControlError, match="only moves forward"):
        control.advance(-1)
    with pytest.raises(ControlError, match="additional properties"):
        control.change_settings(colour="red")
    with pytest.raises(ControlError, match="knows nothing called 99"):
        control.pins("99")


@pytest.mark.parametrize(
    ("order", "status"),
    [
        ({"route": "*", "kind": "explosion"}, 400),
        ({"route": "*", "kind": "status", "status": 99}, 400),
        ({"kind": "status"}, 400),
        ({"route": "*", "kind": "status", "probability": 2}, 400),
    ],
)
def test_a_wrong_fault_is_refused(base, order, status):
    assert requests.post(f"{base}/__sim/faults", json=order, timeout=5).status_code == status


def test_forms_from_web_pages_are_refused(base):
    sent = requests.post(f"{base}/__sim/reset", data="{}", timeout=5)
    assert failure(sent) == (415, 1)


def test_other_machines_and_rebound_names_are_refused():
    sandbox = Sandbox.empty()

    def ask(**more):
        return sandbox.handle(Request("GET", "/__sim/state", **more)).status

    assert ask(origin="http://127.0.0.1:8100") == 200
    assert ask(origin="http://[::1]:8100") == 200
    assert ask(origin="http://127.0.0.1:8100", peer="192.0.2.7") == 403
    assert ask(origin="http://evil.example:8100") == 403
    assert ask(origin="http://evil.example") == 403


def test_unknown_orders_are_not_found(base):
    assert requests.post(f"{base}/__sim/explode", json={}, timeout=5).status_code == 404
    assert requests.get(f"{base}/__sim/explode", timeout=5).status_code == 404
    assert "faults" in requests.get(f"{base}/__sim/", timeout=5).json()["views"]


def test_a_held_call_waits_until_it_is_let_go(control, guest):
    board = control.add_board("guest", "Spring")
    control.arm(Fault(route="POST /v5/pins", kind="hold", seconds=30, when="after"))
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(guest.pin, board.id, title="One")
        while not (held := control.held()):
            time.sleep(0.005)
        assert [(call.path, call.when, call.title) for call in held] == [
            ("/v5/pins", "after", "One")
        ]
        assert [pin.title for pin in control.pins(board)] == ["One"]
        assert not answer.done()
        assert control.release_held() == 1
        assert answer.result().status_code == 201
    assert control.held() == []


def test_nobody_is_held_longer_than_was_said(control, guest):
    control.arm(Fault(route="GET /v5/boards", kind="hold", seconds=0.1))
    assert guest.get("/boards").status_code == 200
    assert control.held() == []
