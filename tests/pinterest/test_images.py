"""Pictures are judged by their content and leave with nothing in them but pixels."""

import hashlib
import io
import random
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from pinterest.media import image_job
from pinterest.media.images import ImageProblem, ImageRejected, check_image, warnings_for

ROTATE_TO_SHOW = 6
RED, BLUE, GREEN = (200, 20, 30), (20, 30, 200), (20, 200, 30)


def picture(size=(300, 450), colour=RED, mode="RGB"):
    return Image.new("RGB", size, colour).convert(mode)


def encode(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def decode(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def noise(size):
    pixels = random.Random(7).randbytes(size[0] * size[1] * 3)  # noqa: S311  # only a picture
    return Image.frombytes("RGB", size, pixels)


def problem_of(data):
    with pytest.raises(ImageRejected) as caught:
        check_image(data)
    return caught.value.code


def png(width, height, rows=b"\0" * 64, *, depth=8, kind=2):
    """A PNG that claims a size; whether its rows fill that is another matter."""
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def near(colour, other, tolerance=6):
    return all(abs(a - b) <= tolerance for a, b in zip(colour, other, strict=True))


def test_a_jpeg_stays_a_jpeg_and_is_described():
    checked = check_image(encode(picture(), "JPEG", quality=90))
    assert (checked.content_type, checked.width, checked.height) == ("image/jpeg", 300, 450)
    assert checked.sha256 == hashlib.sha256(checked.data).hexdigest()
    assert near(bytes.fromhex(checked.dominant_color[1:]), RED)


def test_rewriting_a_jpeg_keeps_its_tables_and_very_nearly_its_pixels():
    drawn = Image.effect_mandelbrot((320, 320), (-2, -1.5, 1, 1.5), 60)
    colours = Image.merge("RGB", (drawn, drawn.transpose(Image.Transpose.ROTATE_90), drawn))
    original = encode(colours, "JPEG", quality=83)
    rewritten = check_image(original).data
    assert decode(rewritten).quantization == decode(original).quantization
    before, after = decode(original).tobytes(), decode(rewritten).tobytes()
    assert sum(abs(a - b) for a, b in zip(before, after, strict=True)) / len(before) < 1


def test_a_photo_held_sideways_comes_out_upright():
    lying = picture((400, 300))
    lying.paste(BLUE, (0, 0, 200, 300))
    exif = Image.Exif()
    exif[0x0112] = ROTATE_TO_SHOW
    checked = check_image(encode(lying, "JPEG", exif=exif, quality=95))
    upright = decode(checked.data)
    assert (checked.width, checked.height) == upright.size == (300, 400)
    assert near(upright.getpixel((150, 50)), BLUE)
    assert near(upright.getpixel((150, 350)), RED)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_shows_the_marked_corner_top_left(orientation):
    upright = picture((300, 400))
    upright.paste(BLUE, (0, 0, 100, 100))
    undo = {value: key for key, value in {5: 5, 6: 8, 7: 7, 8: 6}.items()}
    turned = Image.Exif()
    turned[0x0112] = undo.get(orientation, orientation)
    stored = decode(encode(upright, "PNG", exif=turned))
    pixels = decode(check_image(encode(stored, "PNG", exif=turned)).data)
    exif = Image.Exif()
    exif[0x0112] = orientation
    shown = decode(check_image(encode(pixels, "PNG", exif=exif)).data)
    assert (shown.size, shown.getpixel((20, 20))) == ((300, 400), BLUE)


def test_where_when_and_with_what_a_photo_was_taken_is_removed():
    exif = Image.Exif()
    exif[0x010F] = "SECRET-CAMERA"
    exif[0x8825] = {1: "N", 2: (48.0, 51.0, 30.0), 29: "SECRET-DATE"}
    data = encode(picture(), "JPEG", exif=exif, comment=b"SECRET-COMMENT", xmp=b"<x>SECRET</x>")
    assert data.count(b"SECRET") == 4
    checked = check_image(data + b"SECRET-TRAILER")
    assert b"SECRET" not in checked.data
    assert dict(decode(checked.data).getexif()) == {}


def test_the_texts_in_a_png_are_removed():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "SECRET")
    notes.add_itxt("XML:com.adobe.xmp", "<x>SECRET</x>")
    data = encode(picture(), "PNG", pnginfo=notes, exif=Image.Exif()) + b"SECRET-TRAILER"
    assert b"SECRET" not in check_image(data).data


def swapped_profile():
    """A colour profile in which red and blue are exchanged, so that ignoring it would show."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for name in (b"sRGB", "sRGB".encode("utf-16-be")):
        profile = profile.replace(name, name.replace(b"s", b"t"))
    return profile.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_colours_of_another_profile_are_converted_before_the_profile_is_dropped(mode):
    checked = check_image(encode(picture(mode=mode), "PNG", icc_profile=swapped_profile()))
    out = decode(checked.data)
    red, _green, blue = out.convert("RGB").getpixel((9, 9))
    assert "icc_profile" not in out.info
    assert blue > 150 > red


def test_what_is_transparent_stays_so_under_another_profile():
    image = picture(mode="RGBA")
    image.putalpha(90)
    checked = check_image(encode(image, "PNG", icc_profile=swapped_profile()))
    assert decode(checked.data).getpixel((9, 9))[3] == 90


def test_a_broken_profile_is_dropped_and_the_picture_kept():
    checked = check_image(encode(picture(), "PNG", icc_profile=b"no profile at all"))
    out = decode(checked.data)
    assert ("icc_profile" in out.info, out.getpixel((9, 9))) == (False, RED)


def test_an_srgb_jpeg_is_not_converted_twice():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    out = decode(check_image(encode(picture(), "JPEG", icc_profile=profile, quality=95)).data)
    assert ("icc_profile" in out.info, near(out.getpixel((9, 9)), RED)) == (False, True)


def test_print_colours_become_screen_colours():
    out = decode(check_image(encode(picture(mode="CMYK"), "JPEG", quality=95)).data)
    assert (out.mode, near(out.getpixel((9, 9)), RED)) == ("RGB", True)


def test_sixteen_bit_greys_keep_their_brightness():
    grey = Image.frombytes("I;16", (200, 200), struct.pack("<H", 0x8000) * 40_000)
    for profile in (None, swapped_profile()):
        out = decode(check_image(encode(grey, "PNG", icc_profile=profile)).data)
        assert (out.mode, out.getpixel((9, 9))) == ("L", 0x80)


def test_a_palette_png_keeps_its_palette_and_its_transparent_colour():
    image = picture().quantize(4)
    out = decode(check_image(encode(image, "PNG", transparency=0)).data)
    assert (out.mode, out.info) == ("P", {"transparency": 0})


@pytest.mark.parametrize(("alpha", "content_type"), [(90, "image/png"), (255, "image/jpeg")])
def test_webp_becomes_png_only_where_something_shines_through(alpha, content_type):
    image = picture(mode="RGBA")
    image.putalpha(alpha)
    checked = check_image(encode(image, "WEBP", lossless=True))
    assert checked.content_type == content_type
    assert decode(checked.data).format == content_type.removeprefix("image/").upper()


def test_the_type_is_told_by_the_content_alone():
    for kind in ("JPEG", "PNG", "WEBP"):
        assert check_image(encode(picture(), kind)).width == 300


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", ImageProblem.EMPTY),
        (b"hello", ImageProblem.NOT_AN_IMAGE),
        (b"<!doctype html><html></html>", ImageProblem.NOT_AN_IMAGE),
        (b"\x00" * 1000, ImageProblem.NOT_AN_IMAGE),
        (b"\xff\xd8\xff", ImageProblem.TRUNCATED),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", ImageProblem.TRUNCATED),
        (b"GIF89a" + b"\0" * 99, ImageProblem.TRUNCATED),
        (b"BM" + b"\0" * 99, ImageProblem.UNREADABLE),
        (b"II*\x00" + b"\0" * 99, ImageProblem.UNREADABLE),
        (b"\x00\x00\x00\x20ftypheic" + b"\0" * 99, ImageProblem.UNREADABLE),
        (b"\x00\x00\x00\x20ftypavif" + b"\0" * 99, ImageProblem.UNREADABLE),
        (b"%PDF-1.7" + b"\0" * 99, ImageProblem.UNSUPPORTED_TYPE),
        (b"\xff\x0a" + b"\0" * 99, ImageProblem.UNSUPPORTED_TYPE),
        (b"\x00\x00\x00\x20ftypisom" + b"\0" * 99, ImageProblem.UNSUPPORTED_TYPE),
        (encode(picture((199, 600)), "PNG"), ImageProblem.TOO_SMALL),
        (png(20_000, 20_000), ImageProblem.TOO_MANY_PIXELS),
        (png(10_000, 10_000), ImageProblem.TOO_MANY_PIXELS),
        (png(8_001, 8_000), ImageProblem.TOO_MANY_PIXELS),
        (png(600, 900), ImageProblem.TRUNCATED),
        (b"\xff\xd8\xff" + b"x" * (30 * 1024 * 1024), ImageProblem.TOO_LARGE),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_what_cannot_be_used_is_refused_with_the_right_code(data, problem):
    assert problem_of(data) is problem


def test_a_bomb_is_refused_without_being_decoded():
    bomb = png(20_000, 20_000, b"\0" * (20_000 // 8 + 1) * 20_000, depth=1, kind=0)
    assert len(bomb) < 100_000
    assert problem_of(bomb) is ImageProblem.TOO_MANY_PIXELS


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_download_that_broke_off_is_refused(kind):
    data = encode(noise((300, 300)), kind)
    for share in (0.1, 0.5, 0.9):
        assert problem_of(data[: int(len(data) * share)]) is ImageProblem.TRUNCATED


def test_a_png_that_would_grow_past_the_limit_becomes_a_jpeg(monkeypatch):
    data = encode(noise((300, 300)), "PNG")
    monkeypatch.setattr(image_job, "IMAGE_BYTES_LIMIT", len(data) - 1)
    checked = image_job.check_here(data)
    assert checked.content_type == "image/jpeg"
    assert len(checked.data) < len(data)


def test_what_no_quality_brings_under_the_limit_is_refused(monkeypatch):
    data = encode(noise((300, 300)), "JPEG")
    monkeypatch.setattr(image_job, "IMAGE_BYTES_LIMIT", 1000)
    with pytest.raises(ImageRejected) as caught:
        image_job.check_here(data)
    assert caught.value.code is ImageProblem.TOO_LARGE


def test_the_dominant_colour_is_the_one_that_covers_most():
    image = picture(colour=GREEN)
    image.paste(RED, (0, 0, 300, 150))
    assert check_image(encode(image, "PNG")).dominant_color == "#14c81e"
    see_through = Image.new("RGBA", (300, 450), (0, 0, 0, 0))
    assert check_image(encode(see_through, "PNG")).dominant_color == "#ffffff"


def test_checking_twice_changes_nothing_more_in_a_png():
    once = check_image(encode(noise((300, 300)), "PNG"))
    assert check_image(once.data) == once


def test_the_picture_stays_out_of_a_repr():
    checked = check_image(encode(picture(), "PNG"))
    assert "IDAT" not in repr(checked)


def preview(image, width, kind="PNG"):
    return decode(check_image(encode(image, kind), preview_width=width).preview)


def test_a_preview_is_a_small_jpeg_in_proportion():
    small = preview(Image.new("RGBA", (600, 900), (0, 0, 0, 0)), 200)
    assert (small.format, small.size) == ("JPEG", (200, 300))
    assert near(small.getpixel((9, 9)), (255, 255, 255))
    assert preview(picture((2000, 3000)), 236, "JPEG").size == (236, 354)
    assert preview(picture(mode="P"), 200).size == (200, 300)


def test_a_preview_is_never_larger_than_the_picture_and_only_made_when_asked_for():
    assert preview(picture(), 1000).size == (300, 450)
    assert check_image(encode(picture(), "PNG")).preview == b""


@pytest.mark.parametrize(
    ("size", "parts"),
    [
        ((1000, 1500), []),
        ((600, 900), []),
        ((990, 1500), []),
        ((599, 900), ["blurry"]),
        ((1000, 1000), ["2:3"]),
        ((1500, 1000), ["2:3"]),
        ((1000, 2100), ["2:3"]),
        ((1000, 2101), ["cuts off"]),
        ((300, 300), ["blurry", "2:3"]),
    ],
)
def test_warnings_name_what_will_look_less_than_good(size, parts):
    warnings = warnings_for(*size)
    assert len(warnings) == len(parts)
    assert all(part in warning for part, warning in zip(parts, warnings, strict=True))


@settings(deadline=None)  # another process answers
@given(st.binary(max_size=300), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]))
def test_any_bytes_whatever_are_checked_or_refused_but_never_crash(data, magic):
    with pytest.raises(ImageRejected):
        check_image(magic + data)


@settings(deadline=None)
@given(
    position=st.integers(0, 2000), value=st.integers(0, 255), kind=st.sampled_from(["JPEG", "PNG"])
)
def test_a_damaged_file_is_checked_or_refused_but_never_crashes(position, value, kind):
    data = bytearray(DAMAGEABLE[kind])
    data[position % len(data)] = value
    try:
        checked = check_image(bytes(data))
    except ImageRejected:
        return
    assert decode(checked.data).size == (checked.width, checked.height)


DAMAGEABLE = {kind: encode(picture((220, 220)), kind) for kind in ("JPEG", "PNG")}
