"""Followers, linked businesses and claimed websites."""

import pytest

from sandbox.server import serve
from tests.pinterest import loopback
from tests.sandbox.visitor import Visitor, failure, mounted_session


@pytest.fixture
def writer(acme, sign_in):
    return sign_in(acme, ("user_accounts:read", "user_accounts:write"))


@pytest.fixture
def fans(sandbox, acme):
    fans = [sandbox.add_account(f"fan-{number}") for number in range(3)]
    for fan in fans:
        fan.following_ids = [acme.id]
    return fans


def test_followers_come_in_pages(visitor, fans):
    first = visitor.get("/user_account/followers", page_size=2).json()
    assert first["items"] == [
        {"type": "user", "username": "fan-2"},
        {"type": "user", "username": "fan-1"},
    ]
    rest = visitor.get("/user_account/followers", page_size=2, bookmark=first["bookmark"]).json()
    assert rest == {"items": [{"type": "user", "username": "fan-0"}], "bookmark": None}
    assert visitor.get("/user_account/following").json()["items"] == []


def test_following_somebody_is_a_beta_and_brings_their_public_boards(sandbox, writer, fans):
    path = "/user_account/following/fan-1"
    assert failure(writer.post(path, {})) == (401, 3)
    sandbox.set_features(["user_follow"])
    assert writer.post(path, {"auto_follow": False}).json() == {"type": "user", "username": "fan-1"}
    assert writer.post(path, {}).status_code == 200
    following = writer.get("/user_account/following", feed_type="CREATOR_ONLY").json()
    assert [each["username"] for each in following["items"]] == ["fan-1"]
    sandbox.add_board(fans[1], "Seen")
    sandbox.add_board(fans[1], "Hidden", privacy="SECRET")
    boards = writer.get("/user_account/following/boards").json()["items"]
    assert [each["name"] for each in boards] == ["Seen"]
    explicit = writer.get("/user_account/following/boards", explicit_following="True").json()
    assert explicit["items"] == []
    assert failure(writer.post("/user_account/following/nobody", {})) == (404, 30)
    assert failure(writer.get("/user_account/following", feed_type="BEST")) == (400, 1)


def test_linked_businesses_are_a_plain_list(visitor, acme, fans):
    assert visitor.get("/user_account/businesses").json() == []
    acme.business_ids = [fans[0].id]
    (business,) = visitor.get("/user_account/businesses").json()
    assert business["username"] == "fan-0"
    assert set(business) == {
        "username",
        *(f"image_{size}_url" for size in ("small", "medium", "large", "xlarge")),
    }


@pytest.mark.parametrize("method", ["METATAG", "FILENAME"])
def test_a_website_is_claimed_by_its_mark_and_given_up(sandbox, acme, method):
    """The mark has to be there: the sandbox looks."""
    scopes = ("user_accounts:read", "user_accounts:write")
    with serve(sandbox) as address, mounted_session(sandbox) as session:
        visitor = Visitor(session, sandbox.issue_token(acme, scopes).authorization, address)
        asked = visitor.get("/user_account/websites/verification").json()
        page = {"METATAG": asked["metatag"], "FILENAME": asked["file_content"]}[method]
        path = {"METATAG": "/", "FILENAME": f"/{asked['filename']}"}[method]

        def shop(one, request):
            is_marked = request.split(b" ")[1].decode() == path
            body = page.encode() if is_marked else b"<html></html>"
            loopback.respond(200, body, Content_Type="text/html")(one, request)

        with loopback.serve(shop) as site_of_acme:
            claim = {"website": site_of_acme.url, "verification_method": method}
            claimed = visitor.post("/user_account/websites", claim).json()
        assert claimed["status"] == "success"
        assert visitor.get("/user_account/websites").json()["items"] == [claimed]
        site = claimed["website"]
        assert visitor.call("DELETE", "/user_account/websites", params={"website": site}).ok
        gone = visitor.call("DELETE", "/user_account/websites", params={"website": site})
        assert gone.status_code == 404
        unmarked = visitor.post("/user_account/websites", {"website": "http://127.0.0.1:9"})
        assert failure(unmarked) == (400, 1)


@pytest.mark.parametrize("website", ["", "a shop", "//", 5])
def test_what_is_no_website_is_refused(writer, website):
    assert failure(writer.post("/user_account/websites", {"website": website})) == (400, 1)
