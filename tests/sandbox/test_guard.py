"""Who may call: the order of checks, quotas, headers, pages of lists."""

from datetime import UTC, datetime

import pytest

from sandbox import Sandbox
from sandbox.scopes import PUBLISHING
from tests.sandbox.visitor import CALLBACK, Visitor, failure, mounted_session

NOON = datetime(2026, 5, 4, 12, 0, 20, tzinfo=UTC)


@pytest.fixture
def sandbox():
    """Stopped twenty seconds into a minute, so that windows are exact."""
    sandbox = Sandbox.empty(seed=7, frozen_at=NOON)
    sandbox.add_app(redirect_uris=[CALLBACK])
    return sandbox


def test_checks_come_in_pinterests_order(sandbox, session, acme, board):
    """Each step mends the first fault found; the answer moves on to the next check."""
    bad = {"board_id": "x"}
    token = sandbox.issue_token(acme, ["boards:read"])
    app = sandbox.app()
    nobody = Visitor(session, "Bearer nonsense")
    assert failure(nobody.post("/pin", bad)) == (404, 404)
    assert failure(nobody.call("PUT", "/pins", json=bad)) == (405, 5)
    assert failure(nobody.post("/pins", bad)) == (401, 2)
    somebody = Visitor(session, token.authorization)
    sandbox.set_tier("unapproved")
    unapproved = somebody.post("/pins", bad)
    assert failure(unapproved) == (401, 3)
    assert "consumer type" in unapproved.json()["message"]
    sandbox.set_tier("trial")
    scopeless = somebody.post("/pins", bad)
    assert failure(scopeless) == (401, 3)
    assert "sufficient permissions" in scopeless.json()["message"]
    sandbox.set_token_scopes(acme, PUBLISHING)
    assert failure(somebody.post("/pins", bad)) == (403, 29)
    sandbox.set_tier("standard", app=app)
    sandbox.set_quota("org_write", 0)
    assert failure(somebody.post("/pins", bad)) == (429, 8)
    sandbox.set_quota("org_write", None)
    assert failure(somebody.post("/pins", bad)) == (400, 1)
    assert failure(somebody.pin("999")) == (403, 29)
    assert somebody.pin(board.id).status_code == 201


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic x", "bearer nonsense"])
def test_a_missing_or_unknown_bearer_is_401_2(session, sandbox, header):
    assert failure(Visitor(session, header).get("/user_account")) == (401, 2)


@pytest.mark.parametrize("missing", ["boards:read", "boards:write", "pins:read", "pins:write"])
def test_pinning_needs_all_four_scopes(acme, board, sign_in, missing):
    scopes = [scope for scope in PUBLISHING if scope != missing]
    response = sign_in(acme, scopes).pin(board.id)
    assert failure(response) == (401, 3)
    assert missing in response.json()["message"]


def test_reading_a_pin_needs_boards_read_too(acme, sign_in):
    assert failure(sign_in(acme, ["pins:read"]).get("/pins")) == (401, 3)


def test_a_new_username_kills_the_tokens(sandbox, acme, visitor):
    sandbox.rename_account(acme, "acme-studio")
    assert failure(visitor.get("/user_account")) == (401, 2)


def test_a_killed_token_is_dead(sandbox, acme, session):
    token = sandbox.issue_token(acme)
    sandbox.kill_token(token.access_token)
    assert failure(Visitor(session, token.authorization).get("/user_account")) == (401, 2)


def test_every_answer_carries_its_own_request_id_and_rate_headers(sandbox, visitor, session):
    answers = [visitor.get("/user_account"), visitor.get("/nothing"), visitor.get("/boards/1")]
    answers += [
        Visitor(session, "").get("/boards"),
        session.get("http://sandbox.test/v5/oauth/token"),
    ]
    rids = [answer.headers["x-pinterest-rid"] for answer in answers]
    assert len(set(rids)) == len(rids)
    for answer in answers:
        assert answer.headers["content-type"] == "application/json"
        for name in ("limit", "remaining", "reset"):
            assert answer.headers[f"x-ratelimit-{name}"].isdigit()


def test_the_window_counts_down_and_opens_again(sandbox, visitor):
    sandbox.set_quota("org_read", 2)
    first = visitor.get("/user_account").headers
    assert (first["x-ratelimit-limit"], first["x-ratelimit-remaining"]) == ("2", "1")
    assert first["x-ratelimit-reset"] == "40"
    assert visitor.get("/boards").headers["x-ratelimit-remaining"] == "0"
    refused = visitor.get("/boards")
    assert failure(refused) == (429, 8)
    assert "exceeded your rate limit" in refused.json()["message"]
    assert refused.headers["x-envoy-ratelimited"] == "true"
    assert "retry-after" not in refused.headers
    sandbox.clock.advance(39)
    assert failure(visitor.get("/boards")) == (429, 8)
    sandbox.clock.advance(1)
    assert visitor.get("/boards").status_code == 200


def test_standard_apps_write_100_times_a_minute_and_user(sandbox, acme, visitor, sign_in):
    sandbox.set_quota("universal", None)
    statuses = [visitor.post("/boards", {}).status_code for _ in range(101)]
    assert statuses == [400] * 100 + [429]
    assert visitor.get("/boards").status_code == 200
    assert sign_in(sandbox.add_account("other")).post("/boards", {}).status_code == 400


def test_nobody_calls_more_than_100_times_a_second(sandbox, visitor):
    statuses = [visitor.get("/user_account").status_code for _ in range(101)]
    assert statuses == [200] * 100 + [429]
    sandbox.clock.advance(1)
    assert visitor.get("/user_account").status_code == 200


def test_trial_apps_share_a_day_among_all_users(sandbox, acme, visitor, sign_in):
    sandbox.set_tier("trial")
    sandbox.set_quota("org_read", 3)
    other = sign_in(sandbox.add_account("other"))
    assert [one.get("/boards").status_code for one in (visitor, other, visitor)] == [200] * 3
    refused = other.get("/boards")
    assert failure(refused) == (429, 8)
    assert refused.headers["x-ratelimit-reset"] == str(12 * 3600 - 20)


def test_headers_may_look_like_envoys_and_promise_a_retry(sandbox, visitor):
    sandbox.settings.rate_header_style = "envoy"
    sandbox.settings.send_retry_after = True
    sandbox.set_quota("org_read", 1)
    assert visitor.get("/boards").headers["x-ratelimit-limit"] == "1, 1;w=60"
    assert visitor.get("/boards").headers["retry-after"] == "40"


@pytest.fixture
def many(sandbox, acme):
    return [sandbox.add_board(acme, f"Board {number}").name for number in range(60)][::-1]


def pages(visitor, path, **params):
    """Every page's names, following bookmarks to the end."""
    found, bookmark = [], None
    while True:
        extra = {"bookmark": bookmark} if bookmark else {}
        answer = visitor.get(path, **params, **extra).json()
        found.append([item["name"] for item in answer["items"]])
        bookmark = answer["bookmark"]
        if not bookmark:
            return found


def test_lists_come_in_pages_of_25(visitor, many):
    got = pages(visitor, "/boards")
    assert [len(part) for part in got] == [25, 25, 10]
    assert [name for part in got for name in part] == many


def test_the_page_size_is_respected_and_the_last_full_page_ends_the_list(visitor, many):
    assert [len(part) for part in pages(visitor, "/boards", page_size=30)] == [30, 30]
    assert [len(part) for part in pages(visitor, "/boards", page_size=250)] == [60]


@pytest.mark.parametrize("size", ["0", "251", "-1", "ten", "1.5", "", "9" * 40])
def test_a_page_size_out_of_range_is_refused(visitor, size):
    assert failure(visitor.get("/boards", page_size=size)) == (400, 1)


def test_a_bookmark_only_fits_its_own_parameters(visitor, many, sandbox, sign_in):
    mark = visitor.get("/boards").json()["bookmark"]
    assert failure(visitor.get("/boards", bookmark=mark, page_size=10)) == (400, 1)
    assert failure(visitor.get("/boards", bookmark=mark, privacy="PUBLIC")) == (400, 1)
    assert failure(visitor.get("/pins", bookmark=mark)) == (400, 1)
    stranger = sign_in(sandbox.add_account("other"))
    assert failure(stranger.get("/boards", bookmark=mark)) == (400, 1)


@pytest.mark.parametrize("mark", ["x", "WzFd", "bnVsbA==", "é", "W" * 500])
def test_a_made_up_bookmark_is_refused(visitor, mark):
    assert failure(visitor.get("/boards", bookmark=mark)) == (400, 1)


def test_pages_neither_repeat_nor_skip_when_boards_come_and_go(sandbox, acme, visitor, many):
    first = visitor.get("/boards").json()
    sandbox.add_board(acme, "Newcomer")
    sandbox.delete_board(first["items"][3]["id"])
    second = visitor.get("/boards", bookmark=first["bookmark"]).json()
    assert [item["name"] for item in second["items"]] == many[25:50]


def test_the_same_seed_and_clock_give_the_same_answers():
    def story():
        sandbox = Sandbox.empty(seed=3, frozen_at=NOON)
        account = sandbox.add_account("acme")
        board = sandbox.add_board(account, "Spring")
        token = sandbox.issue_token(account)
        with mounted_session(sandbox) as session:
            pin = Visitor(session, token.authorization).pin(board.id)
        return token.access_token, pin.json(), pin.headers

    assert story() == story()
