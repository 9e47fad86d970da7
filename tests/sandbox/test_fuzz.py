"""Whatever is sent, the answer is one of Pinterest's: never a crash."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.wire import Request
from tests.sandbox.visitor import PICTURE

KNOWN = {200, 201, 400, 401, 403, 404, 405, 429}
ODD = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("1")
SOURCE = st.fixed_dictionaries(
    {"source_type": st.sampled_from(["image_url", "image_base64", "multiple_image_urls", "x"])},
    optional={
        "url": ODD,
        "data": ODD | st.just(PICTURE["data"]),
        "content_type": ODD | st.just("image/png"),
        "items": st.lists(st.fixed_dictionaries({"url": st.text()}), max_size=6),
    },
)
NESTED = st.recursive(ODD, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
FIELDS = ["title", "description", "link", "alt_text", "board_section_id", "parent_pin_id", "note"]
BODIES = NESTED | st.fixed_dictionaries(
    {}, optional={"board_id": ODD, "media_source": SOURCE | NESTED, **dict.fromkeys(FIELDS, ODD)}
)
SETTINGS = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def ask(sandbox, visitor, method, path, body=b"", query=""):
    headers = {
        "authorization": visitor.headers["Authorization"],
        "content-type": "application/json",
    }
    return sandbox.handle(Request(method, path, query=query, headers=headers, body=body))


@SETTINGS
@given(body=BODIES)
def test_any_json_to_pins_gets_an_answer_of_pinterests(sandbox, visitor, board, body):
    sandbox.set_quota("org_write", None)
    sandbox.set_quota("universal", None)
    if isinstance(body, dict) and body.get("board_id") == "1":
        body["board_id"] = board.id
    answer = ask(sandbox, visitor, "POST", "/v5/pins", json.dumps(body).encode())
    assert answer.status in KNOWN
    if answer.status >= 400:
        assert answer.json().keys() == {"code", "message"}
        assert answer.json()["message"]


@SETTINGS
@given(body=st.binary(max_size=200))
def test_any_bytes_get_an_answer_of_pinterests(sandbox, visitor, body):
    sandbox.set_quota("org_write", None)
    sandbox.set_quota("universal", None)
    for path in ("/v5/pins", "/v5/boards", "/v5/oauth/token", "/__sim/faults"):
        assert ask(sandbox, visitor, "POST", path, body).status in KNOWN


@SETTINGS
@given(
    body=st.binary(max_size=200),
    boundary=st.sampled_from(["x", "", "x y", "é"]),
    framed=st.booleans(),
)
def test_any_form_gets_an_answer_of_the_stores(sandbox, body, boundary, framed):
    if framed:
        head = b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n'
        body = head + body + b"\r\n--x--"
    headers = {
        "content-type": f"multipart/form-data; boundary={boundary}",
        "content-length": str(len(body)),
    }
    answer = sandbox.handle(Request("POST", "/s3/upload", headers=headers, body=body))
    assert answer.status in {400, 403}
    assert b"<Code>" in answer.body


@SETTINGS
@given(
    path=st.text(max_size=30),
    query=st.text(max_size=30),
    prefix=st.sampled_from(
        ["/", "/v5/", "/v5/pins/", "/images/600x/", "/pin/", "/oauth/", "/__sim/"]
    ),
)
def test_any_address_gets_an_answer(sandbox, visitor, path, query, prefix):
    sandbox.set_quota("org_read", None)
    sandbox.set_quota("universal", None)
    assert ask(sandbox, visitor, "GET", prefix + path, query=query).status in KNOWN


@SETTINGS
@given(bookmark=st.text(), page_size=st.text())
def test_any_bookmark_gets_an_answer(sandbox, visitor, bookmark, page_size):
    sandbox.set_quota("org_read", None)
    sandbox.set_quota("universal", None)
    query = f"bookmark={bookmark}&page_size={page_size}"
    assert ask(sandbox, visitor, "GET", "/v5/boards", query=query).status in KNOWN
