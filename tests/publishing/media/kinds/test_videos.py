"""Videos come in as a stream, are checked by their content, and shown to members in parts."""

import io

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from publishing.models import Video
from tests.pinterest.films import box, film, packets_of

pytestmark = pytest.mark.django_db

URL = "/pins/videos/"


@pytest.fixture
def member(sign_in, editor):
    return sign_in(editor)


@pytest.fixture
def upload(member):
    def uploaded(data, **headers):
        return member.generic("POST", URL, data, "application/octet-stream", **headers)

    return uploaded


def refusal(answer, status=422):
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "message"}
    return answer.json()["code"], answer.json()["message"]


def test_the_answer_says_what_the_composer_shows(upload, workspace):
    answer = upload(film(24, 1080, 1920))
    video = Video.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "id": str(video.pk),
        "url": reverse("video_file", args=[video.pk]),
        "length": "0:24",
        "seconds": 24,
        "width": 1080,
        "height": 1920,
        "megabytes": f"{video.size / 1024 / 1024:.1f} MB",
    }
    assert (video.workspace, video.codec) == (workspace, "h264")
    assert default_storage.size(video.file_name) == video.size


def test_the_same_video_twice_is_one_row(upload):
    assert upload(film()).json()["id"] == upload(film()).json()["id"]
    assert Video.objects.count() == 1


def test_a_video_that_a_crash_left_half_written_is_written_again(upload):
    upload(film())
    video = Video.objects.get()
    assert default_storage.size(video.file_name) == video.size
    with default_storage.open(video.file_name, "wb") as file:
        file.write(b"half")
    upload(film())
    assert default_storage.size(video.file_name) == video.size


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"Hello, I am a text.", "not_a_video"),
        (b"\xff\xd8\xff" + b"\x00" * 100, "unsupported_type"),
        (b"\x1aE\xdf\xa3" + b"\x00" * 100, "unreadable"),
        (film()[:-2000], "truncated"),
        (film(3), "too_short"),
        (film(16 * 60, 160, 240, fps=1, sound=False), "too_long"),
        (film(12, 4000, 1000), "too_wide"),
        (film(12, 1000, 2500), "too_tall"),
        (film(codec="mpeg4"), "unsupported_codec"),
        (box(b"ftyp", b"M4A ", bytes(4)) + bytes(20), "unsupported_type"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_code(upload, data, code):
    assert refusal(upload(data))[0] == code
    assert not Video.objects.exists()


def test_a_byte_more_than_2_gb_is_refused_before_anything_is_read(upload):
    code, message = refusal(upload(b"x", CONTENT_LENGTH=str(2 * 1024**3 + 1)), status=413)
    assert (code, message) == (
        "too_large",
        (
            "This video has 2.0 GB; Pinterest takes up to 2 GB. "
            "Save it at a lower quality or resolution."
        ),
    )


@pytest.mark.parametrize("length", ["", "0", "many"])
def test_an_upload_without_a_length_is_refused(upload, length):
    assert refusal(upload(b"", CONTENT_LENGTH=length))[0] == "empty"


def test_an_upload_that_breaks_off_is_refused(upload):
    assert (
        refusal(upload(b"", CONTENT_LENGTH="999999", **{"wsgi.input": io.BytesIO(film())}))[0]
        == "truncated"
    )
    assert not Video.objects.exists()


def test_viewers_and_people_who_are_signed_out_may_not_add_videos(client, sign_in, viewer):
    json = {"HTTP_ACCEPT": "application/json"}
    refused = sign_in(viewer).generic("POST", URL, film(), "application/octet-stream", **json)
    assert (refused.status_code, refused.json()["code"]) == (403, "role_too_low")
    signed_out = client.generic("POST", URL, film(), "application/octet-stream", **json)
    assert signed_out.status_code == 401
    assert not Video.objects.exists()


def test_what_is_kept_knows_no_place_and_shows_the_same(upload):
    content = film(5, 320, 480, kind="mov", words=(("location", "+48.1374+011.5755/"),))
    assert b"+48.1374" in content
    assert upload(content).status_code == 201
    with default_storage.open(Video.objects.get().file_name) as file:
        kept = file.read()
    assert b"48.1374" not in kept
    assert packets_of(kept) == packets_of(content)


def test_a_recording_in_fragments_is_taken(upload):
    fragments = film(9, 320, 480, flags="frag_keyframe+empty_moov+default_base_moof")
    assert (upload(fragments).status_code, Video.objects.get().length) == (201, "0:09")


# Showing


@pytest.fixture
def show(sign_in, viewer, video):
    browser = sign_in(viewer)

    def shown(**headers):
        answer = browser.get(reverse("video_file", args=[video.pk]), headers=headers)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return answer, body

    return shown


@pytest.fixture
def kept(video):
    """The bytes of the video as it lies in our storage."""
    with default_storage.open(video.file_name) as file:
        return file.read()


def test_members_see_the_whole_video(show, kept):
    answer, body = show()
    assert (answer.status_code, body) == (200, kept)
    assert (answer["Content-Type"], answer["Accept-Ranges"]) == ("video/mp4", "bytes")
    assert answer["Content-Length"] == str(len(body))
    assert "private" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-9", slice(0, 10)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-50", slice(-50, None)),
        ("bytes=10-99999999", slice(10, None)),
        ("bytes=-99999999", slice(0, None)),
    ],
)
def test_a_player_gets_the_part_it_asks_for(show, kept, wanted, part):
    answer, body = show(range=wanted)
    start, end, _ = part.indices(len(kept))
    assert (answer.status_code, body) == (206, kept[part])
    assert answer["Content-Range"] == f"bytes {start}-{end - 1}/{len(kept)}"


@pytest.mark.parametrize(
    "wanted", ["bytes=99999999-", "bytes=9-3", "bytes=-0", "bytes=-", "lines=1-2", "bytes=0-1,5-6"]
)
def test_a_part_that_is_not_there_is_refused(show, video, wanted):
    answer, _ = show(range=wanted)
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{video.size}")


def test_strangers_do_not_find_the_video(sign_in, stranger, video):
    url = reverse("video_file", args=[video.pk])
    assert sign_in(stranger).get(url).status_code == 404


def test_a_video_missing_on_disk_is_not_found(sign_in, viewer, video):
    default_storage.delete(video.file_name)
    assert sign_in(viewer).get(reverse("video_file", args=[video.pk])).status_code == 404
