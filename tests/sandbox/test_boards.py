"""Boards and sections: shapes, privacy, ownership, errors."""

import re

import pytest

from tests.sandbox.visitor import failure

BOARD_FIELDS = {
    "id", "name", "description", "privacy", "is_ads_only", "owner", "created_at",
    "board_pins_modified_at", "pin_count", "follower_count", "collaborator_count", "media",
}  # fmt: skip


@pytest.fixture
def rival(sandbox):
    return sandbox.add_account("rival")


def names(response):
    assert response.status_code == 200, response.text
    return [item["name"] for item in response.json()["items"]]


def test_a_new_board_has_the_full_shape(visitor):
    response = visitor.post("/boards", {"name": " Glazes ", "description": "Ours"})
    assert response.status_code == 201
    board = response.json()
    assert board.keys() == BOARD_FIELDS
    assert re.fullmatch(r"\d{18,19}", board["id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", board["created_at"])
    assert (board["name"], board["privacy"]) == ("Glazes", "PUBLIC")
    assert board["owner"] == {"username": "acme"}
    assert board["media"] == {"image_cover_url": None, "pin_thumbnail_urls": []}


def test_a_board_counts_and_shows_its_pins(visitor, board):
    for number in range(3):
        assert visitor.pin(board.id, title=str(number)).status_code == 201
    seen = visitor.get(f"/boards/{board.id}").json()
    assert seen["pin_count"] == 3
    assert "/images/400x300/" in seen["media"]["image_cover_url"]
    assert len(seen["media"]["pin_thumbnail_urls"]) == 2


@pytest.mark.parametrize("name", ["Spring", "spring", "  SPRING "])
def test_a_duplicate_name_is_refused_whatever_its_case(visitor, board, name):
    response = visitor.post("/boards", {"name": name})
    assert failure(response) == (400, 58)
    assert "Try a different name" in response.json()["message"]


def test_two_accounts_may_use_one_name(board, rival, sign_in):
    assert sign_in(rival).post("/boards", {"name": board.name}).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "   "},
        {"name": "x" * 51},
        {"name": 5},
        {"name": "a", "privacy": "public"},
        {"name": "a", "privacy": None},
        {"name": "a", "color": "red"},
        {"name": "a", "is_ads_only": "yes"},
        [],
        "name",
    ],
)
def test_a_wrong_body_makes_no_board(visitor, sandbox, board, body):
    assert failure(visitor.post("/boards", body)) == (400, 1)
    assert len(sandbox.records.boards) == 1


def test_an_ads_only_board_gets_its_own_name_and_privacy(visitor):
    board = visitor.post("/boards", {"name": "x", "is_ads_only": True}).json()
    assert (board["name"], board["privacy"]) == ("Ad-only Pins", "PROTECTED")


def test_secret_boards_need_the_secret_scopes(visitor, insider):
    wanted = {"name": "Hidden", "privacy": "SECRET"}
    assert failure(visitor.post("/boards", wanted)) == (403, 29)
    hidden = insider.post("/boards", wanted).json()
    path = f"/boards/{hidden['id']}"
    for refused in (visitor.get(path), visitor.delete(path), visitor.patch(path, {"name": "b"})):
        assert failure(refused) == (403, 29)
    assert insider.get(path).json()["privacy"] == "SECRET"
    assert names(visitor.get("/boards")) == []
    assert names(insider.get("/boards")) == ["Hidden"]


def test_reading_secret_boards_needs_no_right_to_write_them(sandbox, acme, sign_in):
    hidden = sandbox.add_board(acme, "Hidden", privacy="SECRET")
    reader = sign_in(acme, ["boards:read", "boards:read_secret"])
    assert reader.get(f"/boards/{hidden.id}").status_code == 200


@pytest.mark.parametrize(
    ("privacy", "shown"),
    [
        ("ALL", ["S", "B", "A"]),
        ("PUBLIC", ["A"]),
        ("PROTECTED", ["B"]),
        ("SECRET", ["S"]),
        ("PUBLIC_AND_SECRET", ["S", "A"]),
    ],
)
def test_boards_are_filtered_by_privacy_newest_first(sandbox, acme, insider, privacy, shown):
    sandbox.add_board(acme, "A")
    sandbox.add_board(acme, "B", privacy="PROTECTED")
    sandbox.add_board(acme, "S", privacy="SECRET")
    assert names(insider.get("/boards", privacy=privacy)) == shown


def test_an_unknown_privacy_lists_the_set(visitor):
    response = visitor.get("/boards", privacy="private")
    assert failure(response) == (400, 1)
    assert "(value private) is not one of 'ALL', 'PUBLIC'" in response.json()["message"]


def test_group_boards_are_listed_but_not_always_writable(sandbox, acme, rival, visitor):
    shared = sandbox.add_board(rival, "Ours", collaborators=[acme])
    open_one = sandbox.add_board(rival, "Open", collaborators=[acme], collaborators_may_write=True)
    assert names(visitor.get("/boards")) == ["Open", "Ours"]
    assert visitor.get(f"/boards/{shared.id}").json()["owner"] == {"username": "rival"}
    assert failure(visitor.pin(shared.id)) == (403, 29)
    assert visitor.pin(open_one.id).status_code == 201


def test_a_foreign_board_is_not_found_to_read_and_forbidden_to_write(sandbox, rival, visitor):
    path = f"/boards/{sandbox.add_board(rival, 'Theirs').id}"
    assert failure(visitor.get(path)) == (404, 40)
    assert failure(visitor.get(f"{path}/pins")) == (404, 40)
    assert failure(visitor.patch(path, {"name": "Mine"})) == (403, 29)
    assert failure(visitor.delete(path)) == (403, 29)


def test_a_board_changes_only_what_is_named(visitor, board):
    path = f"/boards/{board.id}"
    visitor.patch(path, {"description": "All green"})
    changed = visitor.patch(path, {"name": "Summer"}).json()
    assert (changed["name"], changed["description"]) == ("Summer", "All green")
    assert visitor.patch(path, {"description": None}).json()["description"] is None
    assert failure(visitor.patch(path, {"privacy": "PROTECTED"})) == (400, 1)
    assert failure(visitor.patch(path, {"privacy": "SECRET"})) == (403, 29)


def test_renaming_a_board_to_another_boards_name_is_refused(visitor, board):
    other = visitor.post("/boards", {"name": "Summer"}).json()["id"]
    assert failure(visitor.patch(f"/boards/{other}", {"name": "SPRING"})) == (400, 58)
    assert visitor.patch(f"/boards/{other}", {"name": "SUMMER"}).json()["name"] == "SUMMER"


def test_deleting_a_board_takes_its_sections_and_pins_along(sandbox, visitor, board):
    sandbox.add_section(board, "Vases")
    pin = visitor.pin(board.id).json()["id"]
    gone = visitor.delete(f"/boards/{board.id}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert failure(visitor.get(f"/boards/{board.id}")) == (404, 40)
    assert failure(visitor.delete(f"/boards/{board.id}")) == (404, 40)
    assert failure(visitor.get(f"/pins/{pin}")) == (404, 50)
    assert sandbox.records.sections == {}


@pytest.mark.parametrize("board_id", ["abc", "12a", "", "-1"])
def test_a_board_id_is_digits(visitor, board_id):
    assert visitor.get(f"/boards/{board_id}/pins").status_code == 404


def test_sections_are_made_renamed_and_deleted(visitor, board):
    path = f"/boards/{board.id}/sections"
    made = visitor.post(path, {"name": "Vases"})
    assert made.status_code == 201
    section = made.json()
    assert section == {"id": section["id"], "name": "Vases"}
    assert names(visitor.get(path)) == ["Vases"]
    assert visitor.patch(f"{path}/{section['id']}", {"name": "Jars"}).json()["name"] == "Jars"
    pin = visitor.pin(board.id, board_section_id=section["id"]).json()
    listed = visitor.get(f"{path}/{section['id']}/pins").json()["items"]
    assert [item["id"] for item in listed] == [pin["id"]]
    assert visitor.delete(f"{path}/{section['id']}").status_code == 204
    assert visitor.get(f"/pins/{pin['id']}").json()["board_section_id"] is None
    assert failure(visitor.get(f"{path}/{section['id']}/pins")) == (404, 2031)


@pytest.mark.parametrize(
    "body", [{"name": ""}, {"name": "x" * 181}, {"name": " "}, {}, {"id": "1"}]
)
def test_a_section_needs_a_name_of_1_to_180(visitor, board, body):
    assert failure(visitor.post(f"/boards/{board.id}/sections", body)) == (400, 1)


def test_a_section_of_another_board_is_not_found(sandbox, acme, visitor, board):
    other = sandbox.add_board(acme, "Other")
    section = sandbox.add_section(other, "Vases")
    path = f"/boards/{board.id}/sections/{section.id}"
    assert failure(visitor.get(f"{path}/pins")) == (404, 2031)
    assert failure(visitor.patch(path, {"name": "x"})) == (404, 2031)
    assert failure(visitor.delete(path)) == (404, 2031)
    assert failure(visitor.post("/boards/99/sections", {"name": "x"})) == (404, 40)


def test_the_account_has_the_full_shape(sandbox, visitor, board):
    visitor.pin(board.id)
    assert visitor.get("/user_account").json() == {
        "id": sandbox.account("acme").id,
        "username": "acme",
        "account_type": "BUSINESS",
        "about": "",
        "business_name": "Acme",
        "profile_image": "",
        "website_url": "",
        "board_count": 1,
        "pin_count": 1,
        "follower_count": 0,
        "following_count": 0,
        "monthly_views": 0,
    }


def test_acting_for_an_ad_account_is_refused(visitor, board):
    for path in ("/user_account", "/boards", f"/boards/{board.id}/pins", "/pins"):
        assert failure(visitor.get(path, ad_account_id="549")) == (403, 29)
        assert failure(visitor.get(path, ad_account_id="5x")) == (400, 1)
