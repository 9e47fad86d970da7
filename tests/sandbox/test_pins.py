"""Pins: what is accepted, what is refused and with which code."""

import base64
import io
import re

import pytest
from PIL import Image

from tests.sandbox.visitor import PICTURE, base64_source, failure, jpeg

PIN_FIELDS = {
    "id", "created_at", "board_id", "board_section_id", "board_owner", "title", "description",
    "link", "alt_text", "dominant_color", "creative_type", "is_owner", "is_standard",
    "has_been_promoted", "parent_pin_id", "pin_metrics", "note", "product_tags", "is_removable",
    "media",
}  # fmt: skip


@pytest.fixture
def rival(sandbox):
    return sandbox.add_account("rival")


def test_a_pin_keeps_every_word_and_has_the_full_shape(sandbox, visitor, board):
    section = sandbox.add_section(board, "Vases")
    words = {
        "title": "Émail d’été 🌿",
        "description": "d" * 800,
        "link": "https://acme.test/été?a=1&b=2#c",
        "alt_text": "a" * 500,
        "dominant_color": "#E8d3db",
        "board_section_id": section.id,
        "parent_pin_id": "123",
    }
    response = visitor.pin(board.id, **words)
    assert response.status_code == 201
    pin = response.json()
    assert pin.keys() == PIN_FIELDS
    assert re.fullmatch(r"\d{19}", pin["id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", pin["created_at"])
    assert {name: pin[name] for name in words} == words
    assert visitor.get(f"/pins/{pin['id']}").json() == pin


def test_a_pin_has_four_renditions_of_the_size_it_says(session, visitor, board):
    source = base64_source(jpeg(1000, 1500))
    images = visitor.pin(board.id, media_source=source).json()["media"]["images"]
    sizes = {name: (image["width"], image["height"]) for name, image in images.items()}
    assert sizes == {
        "150x150": (150, 150),
        "400x300": (400, 300),
        "600x": (600, 900),
        "1200x": (1000, 1500),
    }
    for image in images.values():
        served = session.get(image["url"])
        assert served.headers["content-type"] == "image/jpeg"
        assert _size(served.content) == (image["width"], image["height"])


def _size(content):
    with Image.open(io.BytesIO(content)) as image:
        return image.size


def test_the_same_body_twice_makes_two_pins(visitor, board):
    first, second = visitor.pin(board.id).json(), visitor.pin(board.id).json()
    assert int(second["id"]) > int(first["id"])
    assert visitor.get("/user_account").json()["pin_count"] == 2


def test_dominant_color_comes_from_the_picture_when_none_is_sent(visitor, board):
    source = base64_source(jpeg(color="#ff0000", kind="PNG"), "image/png")
    assert visitor.pin(board.id, media_source=source).json()["dominant_color"] == "#ff0000"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("board_id", 42),
        ("board_id", None),
        ("board_id", "12a"),
        ("board_id", "12\n"),
        ("board_id", "１２"),
        ("board_section_id", "x"),
        ("board_section_id", ""),
        ("title", "t" * 101),
        ("title", 7),
        ("description", "d" * 801),
        ("alt_text", "a" * 501),
        ("link", "https://acme.test/" + "x" * 2048),
        ("link", "acme.test/x"),
        ("link", "ftp://acme.test/x"),
        ("link", "javascript:alert(1)"),
        ("link", "https://"),
        ("link", "https://a b.test"),
        ("link", "http://[::1"),
        ("link", ""),
        ("dominant_color", "red"),
        ("dominant_color", "#12345"),
        ("parent_pin_id", "p1"),
        ("note", "hello"),
        ("is_removable", True),
        ("media_source", None),
        ("media_source", {}),
        ("media_source", "https://acme.test/a.jpg"),
        ("media_source", {"source_type": "image"}),
        ("media_source", {"source_type": "image_url"}),
        ("media_source", {"source_type": "image_url", "url": "a.jpg"}),
        ("media_source", {"source_type": "image_url", "url": "https://a.test/", "x": 1}),
        ("media_source", PICTURE | {"content_type": "image/gif"}),
        ("media_source", PICTURE | {"content_type": "image/webp"}),
        ("media_source", PICTURE | {"data": "data:image/jpeg;base64," + PICTURE["data"]}),
        ("media_source", PICTURE | {"data": PICTURE["data"] + "\n"}),
        ("media_source", PICTURE | {"data": "ab-_"}),
        ("media_source", PICTURE | {"data": "abc"}),
        ("media_source", PICTURE | {"data": "a=bc"}),
        ("media_source", PICTURE | {"data": ""}),
        ("media_source", PICTURE | {"is_standard": "yes"}),
        ("media_source", {"source_type": "video_id", "media_id": "1"}),
        ("media_source", {"source_type": "multiple_image_urls", "items": []}),
    ],
)
def test_a_wrong_field_is_refused_and_nothing_is_made(sandbox, visitor, board, field, value):
    response = visitor.pin(board.id, **{field: value})
    assert failure(response) == (400, 1)
    assert response.json()["message"].startswith("Invalid request: ")
    assert sandbox.pins() == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("board_id", "12a", r"'board_id' must match the pattern: ^\d+$"),
        ("title", "t" * 101, "'title' is too long: maxLength=100"),
        ("pinned", 1,
         "Invalid request: additional properties are not allowed ('pinned' was unexpected)"),
        ("link", "acme.test", "'link' is not a valid URL format"),
        ("media_source", PICTURE | {"data": "-"}, "'media_source.data' must match the pattern"),
        ("media_source", {"source_type": "video_id", "media_id": "1"},
         "cover_image_url or cover_image_content_type"),
        ("media_source", {"source_type": "multiple_image_urls",
                          "items": [{"url": "https://a.test"}] * 6}, "maxItems=5"),
    ],
)  # fmt: skip
def test_the_message_says_what_is_wrong(visitor, board, field, value, words):
    assert words in visitor.pin(board.id, **{field: value}).json()["message"]


@pytest.mark.parametrize("missing", ["board_id", "media_source"])
def test_board_and_media_are_required(visitor, board, missing):
    body = {"board_id": board.id, "media_source": PICTURE}
    del body[missing]
    response = visitor.post("/pins", body)
    assert failure(response) == (400, 1)
    assert f"'{missing}' is a required property" in response.json()["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"null", b"[" * 5000, b'{"a":"\\ud800"}'])
def test_a_body_that_is_no_object_is_refused(visitor, body):
    headers = {"Content-Type": "application/json"}
    assert failure(visitor.call("POST", "/pins", data=body, headers=headers)) == (400, 1)


def test_a_form_is_not_json(visitor, board):
    assert failure(visitor.call("POST", "/pins", data={"board_id": board.id})) == (400, 1)


def test_lengths_count_characters_not_bytes(visitor, board):
    assert visitor.pin(board.id, title="🌿" * 100).status_code == 201


def test_a_picture_below_the_floor_is_too_small(visitor, board):
    assert failure(visitor.pin(board.id, media_source=base64_source(jpeg(199, 900)))) == (403, 233)
    assert visitor.pin(board.id, media_source=base64_source(jpeg(200, 200))).status_code == 201


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "BMP"])
def test_other_formats_are_broken_pictures(visitor, board, kind):
    response = visitor.pin(board.id, media_source=base64_source(jpeg(kind=kind)))
    assert failure(response) == (403, 235)


def test_a_truncated_picture_is_broken(visitor, board):
    for content in (jpeg(900, 900)[:-400], jpeg(kind="PNG")[:-200], b"<html>", b"\xff\xd8\xff"):
        assert failure(visitor.pin(board.id, media_source=base64_source(content))) == (403, 235)


def test_more_than_20_megabytes_is_broken_even_when_it_decodes(visitor, board):
    padded = jpeg() + bytes(20 * 1024 * 1024)
    data = base64.b64encode(padded).decode()
    response = visitor.pin(board.id, media_source=PICTURE | {"data": data})
    assert failure(response) == (403, 235)


def test_a_pixel_bomb_is_broken(visitor, board):
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    response = visitor.pin(board.id, media_source=base64_source(bomb.getvalue(), "image/png"))
    assert failure(response) == (403, 235)


def test_bytes_decide_not_the_announced_type(visitor, board, session):
    pin = visitor.pin(board.id, media_source=base64_source(jpeg(kind="PNG"), "image/jpeg")).json()
    served = session.get(pin["media"]["images"]["600x"]["url"])
    assert served.headers["content-type"] == "image/png"


def test_a_foreign_deleted_or_unknown_board_is_forbidden(sandbox, visitor, board, rival):
    foreign = sandbox.add_board(rival, "Theirs")
    sandbox.delete_board(board)
    for board_id in (foreign.id, board.id, "999"):
        assert failure(visitor.pin(board_id)) == (403, 29)


def test_a_secret_board_needs_the_secret_scopes(sandbox, acme, visitor, insider):
    hidden = sandbox.add_board(acme, "Hidden", privacy="SECRET")
    assert failure(visitor.pin(hidden.id)) == (403, 29)
    pin = insider.pin(hidden.id).json()["id"]
    assert failure(visitor.get(f"/pins/{pin}")) == (403, 29)
    assert visitor.get("/pins").json()["items"] == []
    assert [item["id"] for item in insider.get("/pins").json()["items"]] == [pin]


def test_a_section_of_another_board_is_not_found(sandbox, acme, visitor, board):
    other = sandbox.add_section(sandbox.add_board(acme, "Other"), "Vases")
    assert failure(visitor.pin(board.id, board_section_id=other.id)) == (404, 2031)
    assert failure(visitor.pin(board.id, board_section_id="1")) == (404, 2031)


def test_the_trial_tier_may_make_boards_but_not_pins(sandbox, visitor, board):
    sandbox.set_tier("trial")
    response = visitor.pin(board.id)
    assert failure(response) == (403, 29)
    assert "Apps with Trial access may not create Pins" in response.json()["message"]
    assert visitor.post("/boards", {"name": "Works"}).status_code == 201


def test_unknown_videos_and_betas_are_not_served(visitor, board):
    video = {"source_type": "video_id", "media_id": "1", "cover_image_url": "https://a.test/c.jpg"}
    assert failure(visitor.pin(board.id, media_source=video)) == (404, 404)
    assert failure(visitor.pin(board.id, media_source={"source_type": "pin_url"})) == (401, 3)
    assert failure(visitor.pin(board.id, sponsor_id="1")) == (401, 3)


def test_a_carousel_keeps_its_slides(visitor, board):
    item = {"content_type": "image/jpeg", "data": PICTURE["data"]}
    slides = [item | {"title": "One", "link": "https://a.test/1"}, item | {"description": "Two"}]
    source = {"source_type": "multiple_image_base64", "items": slides, "index": 0}
    pin = visitor.pin(board.id, media_source=source).json()
    assert pin["creative_type"] == "CAROUSEL"
    assert pin["media"]["media_type"] == "multiple_images"
    first, second = pin["media"]["items"]
    assert (first["title"], first["link"]) == ("One", "https://a.test/1")
    assert (second["description"], second["item_type"]) == ("Two", "image")


def test_carousel_pictures_share_their_dimensions(visitor, board):
    items = [
        {"content_type": "image/jpeg", "data": base64.b64encode(jpeg(*size)).decode()}
        for size in ((600, 900), (600, 800))
    ]
    source = {"source_type": "multiple_image_base64", "items": items}
    assert failure(visitor.pin(board.id, media_source=source)) == (400, 1)


def test_editing_is_a_beta(sandbox, visitor, board, acme):
    pin = visitor.pin(board.id, title="Old", description="Kept").json()["id"]
    refused = visitor.patch(f"/pins/{pin}", {"title": "New"})
    assert failure(refused) == (401, 3)
    assert "restricted feature: pin_edit" in refused.json()["message"]
    sandbox.set_features(["pin_edit"])
    other = sandbox.add_board(acme, "Other")
    changed = visitor.patch(f"/pins/{pin}", {"title": "New", "board_id": other.id}).json()
    assert (changed["title"], changed["description"]) == ("New", "Kept")
    assert changed["board_id"] == other.id
    assert visitor.get(f"/boards/{board.id}/pins").json()["items"] == []
    assert failure(visitor.patch(f"/pins/{pin}", {"media_source": PICTURE})) == (400, 1)
    assert failure(visitor.patch(f"/pins/{pin}", {"board_id": "9"})) == (403, 29)


def test_a_deleted_pin_is_gone(visitor, board):
    pin = visitor.pin(board.id).json()["id"]
    gone = visitor.delete(f"/pins/{pin}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert failure(visitor.delete(f"/pins/{pin}")) == (404, 50)
    assert failure(visitor.get(f"/pins/{pin}")) == (404, 50)


def test_a_foreign_pin_is_forbidden(visitor, board, rival, sign_in):
    pin = visitor.pin(board.id).json()["id"]
    assert failure(sign_in(rival).get(f"/pins/{pin}")) == (403, 29)
    assert failure(sign_in(rival).delete(f"/pins/{pin}")) == (403, 29)


def test_own_pins_leave_protected_ones_out_unless_asked(sandbox, acme, visitor, board):
    guarded = sandbox.add_board(acme, "Guarded", privacy="PROTECTED")
    visitor.pin(board.id, title="open")
    visitor.pin(guarded.id, title="guarded")

    def titles(**params):
        return [item["title"] for item in visitor.get("/pins", **params).json()["items"]]

    assert titles() == ["open"]
    assert titles(include_protected_pins="true") == ["guarded", "open"]
    assert titles(pin_filter="has_been_promoted") == []
    assert titles(creative_types="CAROUSEL") == []
    assert titles(creative_types=["CAROUSEL", "REGULAR"]) == ["open"]


@pytest.mark.parametrize(
    "params",
    [
        {"pin_filter": "mine"},
        {"pin_metrics": "yes"},
        {"pin_type": "PUBLIC"},
        {"include_protected_pins": "1"},
        {"creative_types": ["REGULAR", "regular"]},
    ],
)
def test_unknown_parameter_values_are_refused(visitor, params):
    assert failure(visitor.get("/pins", **params)) == (400, 1)


def test_metrics_come_when_asked_for(visitor, board):
    pin = visitor.pin(board.id).json()
    assert pin["pin_metrics"] is None
    metrics = visitor.get(f"/pins/{pin['id']}", pin_metrics="true").json()["pin_metrics"]
    assert metrics.keys() == {"90d", "lifetime_metrics"}


def test_identical_pins_are_spam_beyond_the_limit(sandbox, visitor, board):
    sandbox.settings.spam_after = 2
    words = {"title": "Buy", "link": "https://acme.test/"}
    assert [visitor.pin(board.id, **words).status_code for _ in range(3)] == [201, 201, 429]
    blocked = visitor.pin(board.id, **words)
    assert failure(blocked) == (429, 9)
    assert "spam" in blocked.json()["message"]
    assert visitor.pin(board.id, title="Another").status_code == 201
    sandbox.clock.advance(3600)
    assert visitor.pin(board.id, **words).status_code == 201
