"""Pictures are checked when they come in, kept without their secrets, and shown to members only."""

import io
import struct
import zlib

import pillow_heif
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from pinterest.media.images import FIRST_OF_SEVERAL
from publishing.delivery.services import claims, engine
from publishing.media.services.media import read_picture, store_picture
from publishing.models import Media
from tests import factories
from tests.pinterest.loopback import free_port, respond, serve

pytestmark = pytest.mark.django_db
pillow_heif.register_heif_opener()


@pytest.fixture
def member(sign_in, editor):
    return sign_in(editor)


@pytest.fixture
def upload(member):
    def uploaded(data, name="picture.jpg"):
        return member.post(reverse("media_upload"), {"image": SimpleUploadedFile(name, data)})

    return uploaded


@pytest.fixture
def take(member):
    return lambda url: member.post(reverse("media_from_url"), {"url": url})


def code_of(answer):
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/json"
    assert set(answer.json()) == {"code", "message"}
    return answer.json()["code"]


def huge_png(width, height):
    """A PNG that says it is huge; nobody has to paint it."""

    def chunk(kind, data):
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\x00")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"Hello, I am a text.", "not_an_image"),
        (b"GIF89a" + b"\x00" * 100, "truncated"),
        (b"II*\x00" + b"\x00" * 100, "unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unsupported_type"),
        (factories.picture()[:-2000], "truncated"),
        (factories.picture((100, 300)), "too_small"),
        (huge_png(20_000, 20_000), "too_many_pixels"),
        (b"\xff\xd8\xff" + b"\x00" * 30 * 1024 * 1024, "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_used_is_refused_with_a_code(upload, data, code):
    assert code_of(upload(data)) == code
    assert not Media.objects.exists()


def test_an_upload_without_a_file_is_refused(member):
    answer = member.post(reverse("media_upload"))
    assert code_of(answer) == "empty"


def test_a_30_mb_file_is_told_its_size(upload):
    answer = upload(b"\xff\xd8\xff" + b"\x00" * 30 * 1024 * 1024)
    assert answer.json()["message"] == (
        "This file has 30 MB; Pinterest takes up to 20 MB. Save it smaller and add it again."
    )


def test_the_answer_says_what_the_composer_shows(upload):
    answer = upload(factories.picture((1000, 1500)))
    media = Media.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "id": str(media.pk),
        "preview_url": reverse("media_preview", args=[media.pk]),
        "width": 1000,
        "height": 1500,
        "origin_url": "",
        "warnings": [],
    }


def test_the_same_picture_twice_is_one_row(upload):
    first = upload(factories.picture()).json()["id"]
    assert upload(factories.picture(), name="again.jpg").json()["id"] == first
    assert Media.objects.count() == 1


def turned_photo():
    """A photo taken with the camera on its side, somewhere."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Secretive Cameras"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    return factories.picture((900, 600), exif=exif)


def test_a_photo_is_turned_upright_and_what_is_sent_knows_no_place(
    workspace, owner, write_pin, sandbox, now
):
    media = store_picture(workspace=workspace, by=owner, data=turned_photo())
    assert (media.width, media.height) == (600, 900)
    stored = read_picture(media)
    assert b"Secretive" not in stored
    assert dict(Image.open(io.BytesIO(stored)).getexif()) == {}
    write_pin(media=media)
    for pin_id in claims.claim_due(now=now, limit=1):
        engine.publish(pin_id=pin_id, worker="w", clock=lambda: now)
    (there,) = sandbox.pins()
    shown = sandbox.records.pictures[there.slides[0].picture_id]
    assert (shown.width, shown.height) == (600, 900)


def test_webp_becomes_what_pinterest_reads(workspace, owner):
    media = store_picture(workspace=workspace, by=owner, data=factories.picture(kind="WEBP"))
    assert media.content_type == "image/jpeg"
    assert Image.open(io.BytesIO(read_picture(media))).format == "JPEG"


def test_a_picture_is_kept_whatever_the_camera_made(workspace, owner):
    for kind in ("AVIF", "HEIF", "GIF", "TIFF"):
        media = store_picture(workspace=workspace, by=owner, data=factories.picture(kind=kind))
        assert media.content_type in ("image/jpeg", "image/png")
        assert default_storage.exists(media.preview_name)


def animation(kind="WEBP"):
    frames = [Image.new("RGB", (1000, 1500), each) for each in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=200)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_of_an_animation_it_is_told_that_its_first_picture_goes_out(upload, kind):
    answer = upload(animation(kind))
    assert (answer.status_code, answer.json()["warnings"]) == (201, [FIRST_OF_SEVERAL])
    still = upload(factories.picture((1000, 1500), color="red"))
    assert still.json()["warnings"] == []


def test_a_very_tall_picture_has_a_preview_in_its_shape(upload, member):
    buffer = io.BytesIO()
    Image.new("L", (200, 65_501), 90).save(buffer, "PNG")
    answer = upload(buffer.getvalue())
    assert (answer.status_code, answer.json()["height"]) == (201, 65_501)
    shown = Image.open(io.BytesIO(member.get(answer.json()["preview_url"]).content))
    assert shown.size == (7, 2400)


# From the web


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "bad_scheme"),
        ("picture.jpg", "bad_scheme"),
        ("file:///etc/passwd", "bad_scheme"),
        ("http://127.0.0.1/x.jpg", "private_address"),
        ("http://[::1]/x.jpg", "private_address"),
        ("http://10.0.0.1/x.jpg", "private_address"),
        ("http://169.254.169.254/latest/meta-data", "private_address"),
        ("http://[fe80::1]/x.jpg", "private_address"),
        ("http://2130706433/x.jpg", "private_address"),
        ("http://user:pass@example.com/x.jpg", "bad_url"),
        ("http://nowhere.invalid/x.jpg", "unreachable"),
        ("https://example.com/" + "x" * 2100, "bad_url"),
        ("https://example.com/\x01", "bad_url"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_with_a_code(take, url, code):
    assert code_of(take(url)) == code


@pytest.fixture
def loopback_allowed(settings):
    settings.FETCH_ALLOWED_NETWORKS = ["127.0.0.1/32"]


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (respond(404), "not_found"),
        (respond(403), "http_error"),
        (respond(200, b"<!doctype html><html>", Content_Type="text/html"), "not_an_image"),
        (respond(200, b"just words", Content_Type="image/jpeg"), "not_an_image"),
        (respond(302, Location="http://10.0.0.1/inside.jpg"), "private_address"),
        (respond(302, Location="http://169.254.169.254/"), "private_address"),
        (respond(302, Location="/round"), "too_many_redirects"),
    ],
)
def test_an_answer_that_is_no_picture_is_refused(take, loopback_allowed, script, code):
    with serve(script) as site:
        assert code_of(take(f"{site.url}/picture.jpg")) == code
    assert not Media.objects.exists()


def test_a_site_that_does_not_listen_is_unreachable(take, loopback_allowed):
    assert code_of(take(f"http://127.0.0.1:{free_port()}/x.jpg")) == "unreachable"


def publish_with(media, write_pin, now):
    pin = write_pin(media=media)
    for pin_id in claims.claim_due(now=now, limit=1):
        engine.publish(pin_id=pin_id, worker="w", clock=lambda: now)
    pin.refresh_from_db()
    return pin


def test_a_picture_from_the_web_is_fetched_by_pinterest_where_it_is(
    take, loopback_allowed, write_pin, sandbox, now
):
    with serve(respond(200, factories.picture(), Content_Type="image/jpeg")) as site:
        answer = take(f"{site.url}/picture.jpg")
        assert answer.status_code == 201
        media = Media.objects.get(pk=answer.json()["id"])
        assert media.origin_url == f"{site.url}/picture.jpg"
        pin = publish_with(media, write_pin, now)
        assert pin.status == "published"
        assert len(site.requests) == 2
        assert b"Pinterestbot" in site.requests[1]


def test_an_address_with_blanks_and_umlauts_is_one_that_pinterest_takes(
    take, loopback_allowed, write_pin, sandbox, now
):
    with serve(respond(200, factories.picture(), Content_Type="image/jpeg")) as site:
        answer = take(f"{site.url}/blaue schüssel.jpg")
        media = Media.objects.get(pk=answer.json()["id"])
        assert media.origin_url == f"{site.url}/blaue%20sch%C3%BCssel.jpg"
        assert publish_with(media, write_pin, now).status == "published"


def test_a_webp_from_the_web_is_sent_as_our_own_bytes(
    take, loopback_allowed, write_pin, sandbox, now
):
    with serve(respond(200, factories.picture(kind="WEBP"))) as site:
        media = Media.objects.get(pk=take(f"{site.url}/x.webp").json()["id"])
        assert media.origin_url == ""
        assert publish_with(media, write_pin, now).status == "published"
        assert len(site.requests) == 1


def test_an_animation_from_the_web_is_sent_as_the_picture_that_was_seen(
    take, loopback_allowed, write_pin, sandbox, now
):
    with serve(respond(200, animation("PNG"))) as site:
        media = Media.objects.get(pk=take(f"{site.url}/x.png").json()["id"])
        assert media.origin_url == ""
        assert publish_with(media, write_pin, now).status == "published"
        assert len(site.requests) == 1


# Showing


def preview(browser, media):
    return browser.get(reverse("media_preview", args=[media.pk]))


def test_members_see_the_picture_and_may_keep_it(sign_in, viewer, media):
    answer = preview(sign_in(viewer), media)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert set(answer["Cache-Control"].split(", ")) == {
        "private",
        "max-age=31536000",
        "immutable",
    }
    assert Image.open(io.BytesIO(answer.content)).size == (600, 900)


def test_strangers_do_not_find_the_picture(sign_in, stranger, media):
    assert preview(sign_in(stranger), media).status_code == 404


def test_the_way_to_the_sign_in_page_is_not_kept_in_the_pictures_place(client, media):
    answer = preview(client, media)
    assert answer.status_code == 302
    assert answer["Cache-Control"] == "no-store"


def test_a_picture_missing_on_disk_is_not_found(sign_in, viewer, media, tmp_path):
    (tmp_path / "media" / media.preview_name).unlink()
    assert preview(sign_in(viewer), media).status_code == 404


def test_viewers_may_not_add_pictures(sign_in, viewer):
    browser = sign_in(viewer)
    assert browser.post(reverse("media_upload")).status_code == 403
    assert browser.post(reverse("media_from_url")).status_code == 403


def test_a_script_that_is_signed_out_or_may_not_is_told_in_json(client, sign_in, viewer):
    upload = {"image": SimpleUploadedFile("bowl.jpg", factories.picture())}
    signed_out = client.post("/pins/media/", upload, headers={"accept": "application/json"})
    assert (signed_out.status_code, signed_out.json()["code"]) == (401, "sign_in_needed")
    refused = sign_in(viewer).post("/pins/media/", headers={"accept": "application/json"})
    assert (refused.status_code, refused.json()["code"]) == (403, "role_too_low")


def test_a_picture_that_a_crash_left_half_written_is_written_again(workspace, owner):
    data = factories.picture()
    media = store_picture(workspace=workspace, by=owner, data=data)
    whole = read_picture(media)
    with default_storage.open(media.file_name, "wb") as file:
        file.write(whole[:1000])
    store_picture(workspace=workspace, by=owner, data=data)
    assert read_picture(media) == whole


def test_a_fragment_is_no_place_for_a_sign_in_page(client):
    answer = client.get(reverse("board_options"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_needed")


def test_a_stored_picture_has_its_likeness_one_kept_before_too(workspace, owner):
    striped = Image.linear_gradient("L").rotate(270).resize((600, 900)).convert("RGB")
    buffer = io.BytesIO()
    striped.save(buffer, "PNG")
    media = store_picture(workspace=workspace, by=owner, data=buffer.getvalue())
    assert media.likeness == "f" * 64
    Media.objects.update(likeness="")
    again = store_picture(workspace=workspace, by=owner, data=buffer.getvalue())
    media.refresh_from_db()
    assert (again.pk, media.likeness) == (media.pk, "f" * 64)
