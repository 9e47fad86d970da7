"""Carousels and videos from the client: what is sent, what comes of it, how it fails."""

import io
import logging
import pickle
import re
import socket
import tracemalloc

import pytest

from pinterest.client import PinterestClient
from pinterest.drafts import (
    BytesSlide,
    CoverBytes,
    CoverFrame,
    CoverUrl,
    ImagesBytes,
    ImageUrls,
    PinDraft,
    UrlSlide,
    Video,
)
from pinterest.errors import RefusalReason, Refused, Trouble, Unavailable
from pinterest.http import open_session
from pinterest.types import MediaStatus, MediaUpload
from pinterest.uploads import VideoFileChanged
from sandbox import Fault, Sandbox
from sandbox.adapter import SandboxAdapter
from sandbox.server import serve as serve_sandbox
from tests.pinterest.films import film
from tests.pinterest.loopback import drop, respond, respond_json, serve
from tests.sandbox.visitor import jpeg

TOKEN = "pina_SECRET-token"
FORM = {
    "x-amz-date": "20261122T000000Z",
    "x-amz-signature": "fcd6309a6aaee213",
    "key": "uploads/3:video:1:42",
    "policy": "eyJleHBpcmF0aW9uIjoi==",
    "Content-Type": "multipart/form-data",
}
SECRETS = ("fcd6309a6aaee213", "eyJleHBpcmF0aW9uIjoi", "SECRET")
FILM = film(12, 1080, 1920)


def client_at(url):
    return PinterestClient(session=open_session(), api_url=f"{url}/v5", access_token=TOKEN)


def place_at(url, **form):
    return MediaUpload(media_id="42", upload_url=f"{url}/", upload_parameters=FORM | form)


def upload_to(url, content=FILM, size=None):
    size = len(content) if size is None else size
    client_at(url).upload_video(place_at(url), io.BytesIO(content), size)


def s3_error(status, code, message, extra=""):
    body = f"<Error><Code>{code}</Code><Message>{message}</Message>{extra}</Error>"
    return respond(status, body.encode(), X_Amz_Request_Id="R123")


# What is sent


def test_carousels_and_videos_are_written_as_the_official_description_has_them():
    urls = ImageUrls(
        (UrlSlide("https://a/1", title="One", link="https://a"), UrlSlide("https://a/2"))
    )
    assert urls.to_json() == {
        "source_type": "multiple_image_urls",
        "items": [
            {"url": "https://a/1", "title": "One", "link": "https://a"},
            {"url": "https://a/2"},
        ],
    }
    slide = BytesSlide(b"\xff\xd8", "image/jpeg", description="Two")
    assert ImagesBytes((slide, slide)).to_json()["items"][0] == {
        "content_type": "image/jpeg",
        "data": "/9g=",
        "description": "Two",
    }
    assert Video("42", CoverUrl("https://a/c")).to_json() == {
        "source_type": "video_id",
        "media_id": "42",
        "cover_image_url": "https://a/c",
    }
    sent = Video("42", CoverBytes(b"\xff\xd8", "image/jpeg")).to_json()
    assert (sent["cover_image_content_type"], sent["cover_image_data"]) == ("image/jpeg", "/9g=")
    assert Video("42", CoverFrame(0)).to_json()["cover_image_key_frame_time"] == 0


def test_drafts_that_can_only_be_our_own_mistake_are_not_made():
    slide = UrlSlide("https://a/1")
    for count in (0, 1, 6):
        with pytest.raises(ValueError, match="two to five"):
            ImageUrls((slide,) * count)
        with pytest.raises(ValueError, match="two to five"):
            ImagesBytes((BytesSlide(b"x", "image/png"),) * count)
    with pytest.raises(ValueError, match="digits"):
        Video("4/2", CoverFrame(0))
    with pytest.raises(ValueError, match="before its start"):
        CoverFrame(-1)


def test_the_form_is_sent_in_order_with_its_length_the_file_last_and_no_token(
    tmp_path, monkeypatch
):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    content = bytes(range(256)) * 1000
    with serve(respond(204)) as server:
        upload_to(server.url, content)
    [request] = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    lower = head.lower()
    assert b"authorization" not in lower
    assert b"transfer-encoding" not in lower
    assert f"content-length: {len(body)}".encode() in lower
    names = re.findall(rb'form-data; name="([^"]+)"', body)
    assert names == [name.encode() for name in [*FORM, "file"]]
    boundary = re.search(rb"boundary=(\w+)", head)[1]
    parts = body.split(b"--" + boundary)
    assert (parts[0], parts[-1]) == (b"", b"--\r\n")
    values = [part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for part in parts[1:-1]]
    assert values == [*(value.encode() for value in FORM.values()), content]


def test_a_large_file_is_never_in_memory_as_a_whole(tmp_path):
    size = 64 * 1024 * 1024
    path = tmp_path / "film.mp4"
    with path.open("wb") as file:
        file.truncate(size)
    received = []

    def swallow(one, request):
        one.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    def count(one):
        return Swallowing(one, received)

    with serve(swallow, wrap=count) as server, path.open("rb") as file:
        client = client_at(server.url)
        tracemalloc.start()
        client.upload_video(place_at(server.url), file, size)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert size < sum(received) < size + 4096
    assert peak < 8 * 1024 * 1024


class Swallowing:
    """A connection whose body is counted and forgotten."""

    def __init__(self, plain: socket.socket, received: list[int]) -> None:
        self.plain, self.received, self.head = plain, received, b""

    def recv(self, _size):
        while b"\r\n\r\n" not in self.head:
            self.head += self.plain.recv(1024)
        head, _, body = self.head.partition(b"\r\n\r\n")
        length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
        self.received.append(len(body))
        buffer = bytearray(65536)
        while sum(self.received) < length:
            self.received.append(self.plain.recv_into(buffer))
        return re.sub(rb"(?i)content-length: \d+", b"X-Counted: 1", head) + b"\r\n\r\n"

    def sendall(self, data):
        self.plain.sendall(data)

    def close(self):
        self.plain.close()


@pytest.mark.parametrize(("content", "size"), [(b"a" * 100, 101), (b"a" * 100, 99), (b"", 5)])
def test_a_file_that_is_not_as_long_as_announced_is_never_completed(content, size):
    with serve(respond(204)) as server, pytest.raises(VideoFileChanged) as caught:
        upload_to(server.url, content, size)
    assert "Upload it again" in caught.value.message
    assert not any(request.endswith(b"--\r\n") for request in server.requests)


def test_an_empty_upload_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="nothing"):
        upload_to("http://127.0.0.1:9", b"", 0)


# What comes back


def test_a_place_is_registered_and_its_credentials_show_nowhere(caplog):
    caplog.set_level(logging.DEBUG)
    said = {"media_id": 42, "media_type": "video", "upload_url": "http://s3.test/?X-Amz=SECRET"}
    with serve(respond_json(201, said | {"upload_parameters": FORM})) as server:
        place = client_at(server.url).register_video()
    assert place.media_id == "42"
    assert list(place.upload_parameters.items()) == list(FORM.items())
    assert server.requests[0].endswith(b'{"media_type":"video"}')
    shown = f"{place!r} {place} {caplog.text}"
    assert not any(secret in shown for secret in SECRETS)


@pytest.mark.parametrize(
    "change",
    [
        {"media_id": None},
        {"media_id": "4/2"},
        {"upload_url": None},
        {"upload_url": "ftp://s3.test/"},
        {"upload_parameters": None},
        {"upload_parameters": {"key": 1}},
        {"upload_parameters": {"file": "x"}},
        {"upload_parameters": {'a"; name="b': "x"}},
        {"upload_parameters": {"a\r\nb": "x"}},
    ],
)
def test_a_place_that_cannot_be_used_is_not_taken(change):
    said = {"media_id": "42", "upload_url": "http://s3.test/", "upload_parameters": FORM} | change
    with serve(respond_json(201, said)) as server, pytest.raises(Unavailable) as caught:
        client_at(server.url).register_video()
    assert caught.value.reason is Trouble.BAD_ANSWER


@pytest.mark.parametrize(
    ("said", "ready", "failed", "waiting"),
    [
        ("registered", False, False, True),
        ("processing", False, False, False),
        ("succeeded", True, False, False),
        ("failed", False, True, False),
        ("pondering", False, False, False),
        (None, False, False, False),
    ],
)
def test_the_status_of_a_video_is_read_and_new_words_are_only_not_known(
    said, ready, failed, waiting
):
    with serve(respond_json(200, {"media_id": 42, "status": said})) as server:
        status = client_at(server.url).get_media("42")
    assert status == MediaStatus(media_id="42", status=said)
    assert (status.is_ready, status.has_failed, status.awaits_upload) == (ready, failed, waiting)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            s3_error(403, "AccessDenied", "Invalid according to Policy: Policy expired."),
            (Unavailable, Trouble.UPLOAD_EXPIRED),
        ),
        (
            s3_error(400, "ExpiredToken", "The provided token has expired."),
            (Unavailable, Trouble.UPLOAD_EXPIRED),
        ),
        (
            s3_error(403, "AccessDenied", "Invalid according to Policy: Policy Condition failed"),
            (Refused, RefusalReason.UPLOAD_REFUSED),
        ),
        (
            s3_error(400, "EntityTooLarge", "Your proposed upload exceeds the maximum"),
            (Refused, RefusalReason.UPLOAD_REFUSED),
        ),
        (s3_error(400, "RequestTimeout", "Idle"), (Unavailable, Trouble.TIMED_OUT)),
        (s3_error(400, "IncompleteBody", "Short"), (Unavailable, Trouble.DROPPED)),
        (s3_error(503, "SlowDown", "Reduce"), (Unavailable, Trouble.RATE_LIMITED)),
        (s3_error(500, "InternalError", "Oops"), (Unavailable, Trouble.SERVER_ERROR)),
        (s3_error(501, "NotImplemented", "Oops"), (Unavailable, Trouble.SERVER_ERROR)),
        (s3_error(307, "TemporaryRedirect", "Elsewhere"), (Unavailable, Trouble.REDIRECTED)),
        (respond(502, b"<html>Bad gateway</html>"), (Unavailable, Trouble.SERVER_ERROR)),
        (drop, (Unavailable, Trouble.DROPPED)),
    ],
)
def test_each_failure_of_an_upload_is_clear_and_never_uncertain(answer, expected):
    with serve(answer) as server, pytest.raises((Refused, Unavailable)) as caught:
        upload_to(server.url)
    assert (type(caught.value), caught.value.reason) == expected
    assert caught.value.message
    assert caught.value.remedy
    assert len(server.requests) == 1


def test_an_error_that_quotes_the_form_is_shown_without_it(caplog):
    extra = f"<StringToSign>{FORM['policy']}</StringToSign>"
    message = f"Signature {FORM['x-amz-signature']} does not match"
    answer = s3_error(403, "SignatureDoesNotMatch", message, extra)
    with serve(answer) as server, pytest.raises(Refused) as caught:
        upload_to(server.url)
    failure = pickle.loads(pickle.dumps(caught.value))  # noqa: S301  # as Celery does it
    assert (failure.status, failure.rid) == (403, "R123")
    assert failure.detail == "SignatureDoesNotMatch: Signature [hidden] does not match"
    shown = f"{failure} {failure!r} {caplog.text}"
    assert not any(secret in shown for secret in SECRETS)


# Together with the sandbox


@pytest.fixture
def sandbox():
    sandbox = Sandbox.empty(seed=5)
    sandbox.add_app()
    sandbox.add_account("acme")
    return sandbox


@pytest.fixture(params=["in process", "over a socket"])
def client(request, sandbox):
    token = sandbox.issue_token("acme").access_token
    with open_session() as session:
        if request.param == "in process":
            session.mount("http://sandbox.test", SandboxAdapter(sandbox))
            url = "http://sandbox.test/v5"
            yield PinterestClient(session=session, api_url=url, access_token=token)
            return
        with serve_sandbox(sandbox) as origin:
            yield PinterestClient(session=session, api_url=f"{origin}/v5", access_token=token)


def process(client, sandbox):
    place = client.register_video()
    client.upload_video(place, io.BytesIO(FILM), len(FILM))
    sandbox.clock.advance(sandbox.settings.media_processing_seconds)
    assert client.get_media(place.media_id).is_ready
    return place.media_id


@pytest.mark.parametrize(
    "cover", [CoverFrame(3), CoverFrame(10_000), CoverBytes(jpeg(), "image/jpeg")]
)
def test_a_video_is_uploaded_processed_and_pinned(client, sandbox, cover):
    board = sandbox.add_board("acme", "Spring")
    media = Video(process(client, sandbox), cover)
    created = client.create_pin(PinDraft(board_id=board.id, media=media, title="Turning"))
    assert created.creative_type == "REGULAR"
    sandbox.clock.advance(sandbox.settings.video_pin_seconds)
    [found] = client.iter_board_pins(board.id)
    assert (found.id, found.creative_type) == (created.id, "VIDEO")
    assert found.media.media_type == "video"
    assert found.media.cover_image_url
    assert found.images


def test_a_carousel_is_pinned_and_its_pictures_are_read_back_in_order(client, sandbox):
    board = sandbox.add_board("acme", "Spring")
    slides = tuple(
        BytesSlide(jpeg(color=color), "image/jpeg", title=color, link="https://a.test/")
        for color in ("teal", "red", "gold")
    )
    created = client.create_pin(PinDraft(board_id=board.id, media=ImagesBytes(slides)))
    assert created.creative_type == "CAROUSEL"
    assert len(created.slides) == 3
    assert created.images == created.slides[0]
    assert [slide.title for slide in sandbox.pins()[0].slides] == ["teal", "red", "gold"]
    client.delete_pin(created.id)
    assert sandbox.pins() == []


def test_after_a_dropped_upload_a_new_one_succeeds_and_the_status_tells_what_arrived(
    client, sandbox
):
    place = client.register_video()
    for when, waiting in [("before", True), ("after", False)]:
        sandbox.arm(Fault(route="POST /s3/upload", kind="drop", when=when))
        with pytest.raises(Unavailable) as caught:
            client.upload_video(place, io.BytesIO(FILM), len(FILM))
        assert caught.value.reason is Trouble.DROPPED
        assert client.get_media(place.media_id).awaits_upload is waiting
    assert process(client, sandbox) != place.media_id


def test_an_upload_that_comes_too_late_says_to_start_again(client, sandbox):
    place = client.register_video()
    sandbox.clock.advance(sandbox.settings.upload_lifetime_seconds)
    with pytest.raises(Unavailable) as caught:
        client.upload_video(place, io.BytesIO(FILM), len(FILM))
    assert caught.value.reason is Trouble.UPLOAD_EXPIRED
    assert "Start the upload again" in caught.value.remedy


def test_failed_stuck_and_unknown_videos_are_told_apart(client, sandbox):
    for kind, status in [("media_failed", "failed"), ("media_stuck", "processing")]:
        sandbox.arm(Fault(route="POST /s3/upload", kind=kind))
        place = client.register_video()
        client.upload_video(place, io.BytesIO(FILM), len(FILM))
        sandbox.clock.advance(86_400)
        assert client.get_media(place.media_id).status == status
    with pytest.raises(Refused) as caught:
        client.get_media("999")
    assert caught.value.reason is RefusalReason.MEDIA_GONE
