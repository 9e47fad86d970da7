"""Videos in the sandbox: registered, uploaded to the store, processed, pinned."""

import json

import pytest
import requests

from sandbox import Fault, Sandbox
from sandbox.persistence import Keeper
from sandbox.server import serve
from tests.pinterest.films import box, film
from tests.sandbox.test_server import raw_answer
from tests.sandbox.visitor import PICTURE, Visitor, failure

FILM = film(12, 1080, 1920)
COVER = {"cover_image_content_type": "image/jpeg", "cover_image_data": PICTURE["data"]}


def register(visitor):
    response = visitor.post("/media", {"media_type": "video"})
    assert response.status_code == 201
    return response.json()


def send(visitor, place, content=FILM, **headers):
    """Post the fields in order, then the file."""
    fields = [(name, (None, value)) for name, value in place["upload_parameters"].items()]
    return post(visitor, place, [*fields, ("file", ("v.mp4", content))], **headers)


def post(visitor, place, parts, **headers):
    return visitor.session.post(place["upload_url"], files=parts, headers=headers, timeout=5)


def error_of(response):
    """Status and S3's code."""
    assert response.headers["content-type"] == "application/xml"
    return response.status_code, response.text.split("<Code>")[1].split("<")[0]


def status_of(visitor, media_id):
    return visitor.get(f"/media/{media_id}").json()["status"]


@pytest.fixture
def uploaded(sandbox, visitor):
    place = register(visitor)
    assert send(visitor, place).status_code == 204
    sandbox.clock.advance(sandbox.settings.media_processing_seconds)
    return place["media_id"]


def video(media_id, **cover):
    return {"source_type": "video_id", "media_id": media_id, **cover}


def test_a_video_goes_from_registered_over_processing_to_succeeded_by_the_virtual_clock(
    sandbox, visitor
):
    sandbox.settings.media_processing_seconds = 60
    place = register(visitor)
    media_id = place["media_id"]
    assert place["media_type"] == "video"
    assert list(place["upload_parameters"])[-1] == "Content-Type"
    assert status_of(visitor, media_id) == "registered"
    answer = send(visitor, place)
    assert (answer.status_code, answer.content) == (204, b"")
    assert status_of(visitor, media_id) == "processing"
    sandbox.clock.advance(60)
    assert visitor.get(f"/media/{media_id}").json() == {
        "media_id": media_id,
        "media_type": "video",
        "status": "succeeded",
    }


def test_uploads_are_listed_newest_first_and_only_to_their_account(sandbox, visitor, sign_in):
    ids = [register(visitor)["media_id"] for _ in range(3)]
    first = visitor.get("/media", page_size=2).json()
    rest = visitor.get("/media", page_size=2, bookmark=first["bookmark"]).json()
    listed = [item["media_id"] for item in [*first["items"], *rest["items"]]]
    assert (listed, rest["bookmark"]) == (ids[::-1], None)
    stranger = sign_in(sandbox.add_account("stranger"))
    assert stranger.get("/media").json()["items"] == []
    assert failure(stranger.get(f"/media/{ids[0]}")) == (404, 404)
    assert failure(sign_in(sandbox.account("acme"), ["boards:read"]).get("/media")) == (401, 3)


@pytest.mark.parametrize("body", [{}, {"media_type": "image"}, {"media_type": "video", "x": 1}])
def test_only_videos_are_registered(visitor, body):
    assert failure(visitor.post("/media", body)) == (400, 1)


def test_the_store_wants_every_field_unaltered(visitor):
    place = register(visitor)
    form = place["upload_parameters"]
    for name in form:
        rest = {other: value for other, value in form.items() if other != name}
        assert send(visitor, place | {"upload_parameters": rest}).status_code == 403
        altered = form | {name: f"{form[name]}x"}
        assert send(visitor, place | {"upload_parameters": altered}).status_code in {400, 403}
    more = form | {"acl": "public-read"}
    assert error_of(send(visitor, place | {"upload_parameters": more})) == (403, "AccessDenied")
    assert status_of(visitor, place["media_id"]) == "registered"
    assert send(visitor, place).status_code == 204


def test_the_store_wants_the_file_last_and_once(visitor):
    place = register(visitor)
    fields = [(name, (None, value)) for name, value in place["upload_parameters"].items()]
    file = ("file", ("v.mp4", FILM))
    assert error_of(post(visitor, place, [file, *fields])) == (403, "AccessDenied")
    assert error_of(post(visitor, place, [*fields[:-1], file, fields[-1]])) == (
        403,
        "AccessDenied",
    )
    assert error_of(post(visitor, place, fields)) == (400, "InvalidArgument")
    assert error_of(post(visitor, place, [*fields, file, file])) == (400, "InvalidArgument")
    empty = ("file", ("v.mp4", b""))
    assert error_of(post(visitor, place, [*fields, empty])) == (400, "EntityTooSmall")


def test_the_store_wants_no_token_no_other_form_and_no_late_guest(sandbox, visitor):
    place = register(visitor)
    signed = send(visitor, place, Authorization=visitor.headers["Authorization"])
    assert error_of(signed) == (400, "InvalidArgument")
    odd = visitor.session.post(place["upload_url"], data=b"a=b", timeout=5)
    assert error_of(odd) == (400, "MalformedPOSTRequest")
    assert error_of(visitor.session.get(place["upload_url"], timeout=5)) == (
        405,
        "MethodNotAllowed",
    )
    sandbox.clock.advance(sandbox.settings.upload_lifetime_seconds)
    late = send(visitor, place)
    assert error_of(late) == (403, "AccessDenied")
    assert "Policy expired" in late.text


def test_the_store_wants_a_length_in_advance(sandbox, acme):
    with serve(sandbox) as base, requests.Session() as session:
        place = register(Visitor(session, sandbox.issue_token(acme).authorization, base))
        assert place["upload_url"] == f"{base}/s3/upload"
    with serve(sandbox) as base:
        head = b"POST /s3/upload HTTP/1.1\r\nHost: x\r\n"
        chunked = raw_answer(base, head + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        assert chunked.startswith(b"HTTP/1.1 411 ")
        assert b"<Code>MissingContentLength</Code>" in chunked
        huge = raw_answer(base, head + b"Content-Length: 99999999999\r\n\r\n")
        assert b"<Code>EntityTooLarge</Code>" in huge


def test_what_is_no_video_or_ordered_to_fail_fails_and_what_is_stuck_stays(sandbox, visitor):
    text, ordered, stuck, fine = (register(visitor) for _ in range(4))
    send(visitor, text, b"this is a text")
    sandbox.arm(Fault(route="POST /s3/upload", kind="media_failed", account="acme"))
    send(visitor, ordered)
    sandbox.arm(Fault(route="POST /s3/upload", kind="media_stuck"))
    send(visitor, stuck)
    send(visitor, fine)
    sandbox.clock.advance(86_400)
    statuses = [status_of(visitor, place["media_id"]) for place in (text, ordered, stuck, fine)]
    assert statuses == ["failed", "failed", "processing", "succeeded"]


def test_faults_at_the_store_are_its_own_xml(sandbox, visitor):
    place = register(visitor)
    for status, code in [
        (403, "AccessDenied"),
        (500, "InternalError"),
        (503, "ServiceUnavailable"),
    ]:
        sandbox.arm(Fault(route="POST /s3/upload", kind="status", status=status))
        assert error_of(send(visitor, place)) == (status, code)
    assert status_of(visitor, place["media_id"]) == "registered"
    sandbox.arm(Fault(route="POST /s3/upload", kind="drop", when="after"))
    with pytest.raises(requests.ConnectionError):
        send(visitor, place)
    assert status_of(visitor, place["media_id"]) == "processing"


def test_a_video_pin_says_regular_and_no_size_until_it_is_playable(
    sandbox, visitor, board, uploaded
):
    pin = visitor.pin(board.id, media_source=video(uploaded, **COVER)).json()
    assert pin["creative_type"] == "REGULAR"
    media = pin["media"]
    assert (media["media_type"], media["duration"], media["width"]) == ("video", None, None)
    assert media["cover_image_url"] == media["images"]["1200x"]["url"]
    assert visitor.session.get(media["cover_image_url"]).headers["content-type"] == "image/jpeg"
    sandbox.clock.advance(sandbox.settings.video_pin_seconds)
    pin = visitor.get(f"/pins/{pin['id']}").json()
    assert pin["creative_type"] == "VIDEO"
    media = pin["media"]
    assert (media["duration"], media["width"], media["height"]) == (12_000, 1080, 1920)
    path = f"/boards/{board.id}/pins"
    assert len(visitor.get(path, creative_types="VIDEO").json()["items"]) == 1
    assert visitor.get(path, creative_types="REGULAR").json()["items"] == []


def test_a_frame_past_the_end_is_the_last_one(visitor, board, uploaded):
    def cover_at(second):
        source = video(uploaded, cover_image_key_frame_time=second)
        pin = visitor.pin(board.id, media_source=source).json()
        return pin["media"]["images"]["600x"]

    assert cover_at(12) == cover_at(10_000)
    assert cover_at(0) != cover_at(12)
    assert (cover_at(0)["width"], cover_at(0)["height"]) == (600, 1067)


def test_a_video_pin_needs_a_cover_and_a_processed_video_of_its_own_account(
    sandbox, visitor, board, uploaded, sign_in
):
    without = visitor.pin(board.id, media_source=video(uploaded))
    assert failure(without) == (400, 1)
    assert "cover_image_url or cover_image_content_type" in without.json()["message"]
    half = video(uploaded, cover_image_data=PICTURE["data"])
    assert failure(visitor.pin(board.id, media_source=half)) == (400, 1)
    link = video(uploaded, cover_image_url="cover.jpg")
    assert failure(visitor.pin(board.id, media_source=link)) == (400, 1)
    broken = COVER | {"cover_image_data": "AAAA"}
    assert failure(visitor.pin(board.id, media_source=video(uploaded, **broken))) == (403, 235)
    fresh = register(visitor)["media_id"]
    early = visitor.pin(board.id, media_source=video(fresh, **COVER))
    assert failure(early) == (400, 1)
    assert "status 'registered'" in early.json()["message"]
    stranger = sign_in(sandbox.add_account("stranger"))
    theirs = sandbox.add_board("stranger", "Theirs")
    taken = stranger.pin(theirs.id, media_source=video(uploaded, **COVER))
    assert failure(taken) == (404, 404)
    assert sandbox.pins() == []


def test_uploads_survive_a_restart_without_a_credential_on_disk(
    tmp_path, sandbox, visitor, board, uploaded
):
    visitor.pin(board.id, media_source=video(uploaded, cover_image_key_frame_time=3))
    place = register(visitor)
    keeper = Keeper(tmp_path)
    keeper.save_if_changed(sandbox)
    for name in ("x-amz-signature", "x-amz-security-token", "policy"):
        assert place["upload_parameters"][name] not in keeper.file.read_text()
    restored = Sandbox.empty(seed=3)
    assert keeper.restore(restored) is None
    assert restored.records == sandbox.records
    assert [each.id for each in restored.media()] == [place["media_id"], uploaded]


def test_a_snapshot_from_before_there_were_videos_is_read(tmp_path, sandbox, visitor, board):
    visitor.pin(board.id)
    keeper = Keeper(tmp_path)
    keeper.save_if_changed(sandbox)
    snapshot = json.loads(keeper.file.read_bytes())
    del snapshot["records"]["media"]
    for pin in snapshot["records"]["pins"].values():
        del pin["media_id"], pin["playable_at"]
    keeper.file.write_text(json.dumps(snapshot))
    restored = Sandbox.empty()
    assert keeper.restore(restored) is None
    assert restored.records == sandbox.records


def test_a_large_upload_over_a_socket_is_taken_from_disk(sandbox, acme):
    large = film() + box(b"free", bytes(5 * 1024 * 1024))
    with serve(sandbox) as base, requests.Session() as session:
        visitor = Visitor(session, sandbox.issue_token(acme).authorization, base)
        place = register(visitor)
        assert send(visitor, place, large).status_code == 204
        sandbox.clock.advance(60)
        assert status_of(visitor, place["media_id"]) == "succeeded"
