"""What common viewers open is taken as it was meant: any sort, mode, depth, profile, metadata."""

import contextlib
import io
import struct
import time
import zlib

import pillow_heif
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from foundation.mediafiles.colour_spaces import _PRIMARIES, ADOBE_RGB, SRGB, ColourSpace
from pinterest.media.images import ImageProblem, ImageRejected, check_image

pillow_heif.register_heif_opener()

RED = (200, 20, 30)
SIZE = (300, 450)
P3 = _PRIMARIES[12]


def picture(size=SIZE, colour=RED, mode="RGB"):
    return Image.new("RGB", size, colour).convert(mode)


def encode(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def decode(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def shown(data, at=(9, 9)):
    """The colour that a stored picture has at a place."""
    return decode(check_image(data).data).convert("RGB").getpixel(at)


def near(colour, other, tolerance=6):
    return all(abs(a - b) <= tolerance for a, b in zip(colour, other, strict=True))


def problem_of(data):
    with pytest.raises(ImageRejected) as caught:
        check_image(data)
    assert caught.value.message.endswith(".")
    return caught.value.code


def with_chunk(png, name, content):
    """A PNG with one more chunk behind its head."""
    chunk = struct.pack(">I", len(content)) + name + content
    return png[:33] + chunk + struct.pack(">I", zlib.crc32(name + content)) + png[33:]


# Sorts


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [
        ("AVIF", "image/jpeg"),
        ("HEIF", "image/jpeg"),
        ("TIFF", "image/jpeg"),
        ("BMP", "image/jpeg"),
        ("GIF", "image/png"),
    ],
)
def test_other_sorts_are_taken_and_become_what_pinterest_takes(kind, content_type):
    checked = check_image(encode(picture(), kind))
    assert (checked.content_type, checked.width, checked.height) == (content_type, *SIZE)
    assert near(decode(checked.data).convert("RGB").getpixel((9, 9)), RED)
    assert not checked.is_first_of_several


@pytest.mark.parametrize("kind", ["AVIF", "HEIF", "TIFF", "WEBP", "PNG"])
def test_what_shines_through_does_so_whatever_the_sort(kind):
    image = picture(mode="RGBA")
    image.putalpha(0)
    checked = check_image(encode(image, kind))
    assert checked.content_type == "image/png"
    assert decode(checked.data).convert("RGBA").getpixel((9, 9))[3] == 0


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "AVIF", "TIFF", "HEIF"])
def test_of_several_pictures_the_first_is_taken_and_it_is_told(kind):
    others = [picture(colour=colour) for colour in ("green", "blue")]
    checked = check_image(encode(picture(), kind, save_all=True, append_images=others))
    assert checked.is_first_of_several
    assert near(decode(checked.data).convert("RGB").getpixel((9, 9)), RED)


def test_the_second_picture_that_a_phone_keeps_behind_the_first_is_no_animation():
    data = encode(picture(), "MPO", save_all=True, append_images=[picture(colour="blue")])
    checked = check_image(data)
    assert (checked.content_type, checked.is_first_of_several) == ("image/jpeg", False)
    assert near(shown(data), RED)
    assert len(checked.data) < len(data) * 0.7


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"8BPS" + bytes(60), "Photoshop"),
        (b"\x00\x00\x00\x0cJXL \r\n" + bytes(60), "JPEG XL"),
        (b"II*\x00\x10\x00\x00\x00CR\x02\x00" + bytes(60), "raw photo"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(60), "video"),
    ],
)
def test_other_files_are_told_by_their_name(start, name):
    with pytest.raises(ImageRejected) as caught:
        check_image(start)
    assert caught.value.code is ImageProblem.UNSUPPORTED_TYPE
    assert f"a {name} file. Save it as JPEG or PNG" in caught.value.message


def test_a_raw_photo_that_begins_with_a_small_one_is_not_taken_for_that():
    tags = {0xC612: b"\x01\x04\x00\x00"}
    with pytest.raises(ImageRejected) as caught:
        check_image(encode(picture(), "TIFF", tiffinfo=tags))
    assert "raw photo" in caught.value.message


# Modes and depths


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_inks_become_screen_colours(kind):
    assert near(shown(encode(picture(mode="CMYK"), kind)), RED)


def test_lab_and_ycbcr_become_screen_colours():
    lab = ImageCms.profileToProfile(
        picture(), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    assert near(shown(encode(lab, "TIFF")), RED)
    assert near(shown(encode(picture(mode="YCbCr"), "TIFF")), RED)


@pytest.mark.parametrize(
    ("mode", "value", "grey"),
    [("I;16", 0x8080, 128), ("I", 0x8080, 128), ("I", 100, 100), ("F", 0.5, 127), ("F", 200, 200)],
)
def test_deep_greys_keep_their_brightness(mode, value, grey):
    image = Image.new(mode, (200, 200), value)
    assert abs(shown(encode(image, "TIFF"))[0] - grey) <= 1


def test_a_tiff_with_room_for_large_files_is_one():
    assert near(shown(encode(picture(), "TIFF", big_tiff=True)), RED)


def test_numbers_that_are_none_are_no_fault_of_the_server():
    image = Image.new("F", (200, 200), 0.5)
    image.putpixel((0, 0), float("nan"))
    image.putpixel((1, 0), float("inf"))
    assert check_image(encode(image, "TIFF")).width == 200


def test_the_clear_level_of_a_sixteen_bit_grey_stays_clear():
    head = struct.pack(">IIBBBBB", 200, 200, 16, 0, 0, 0, 0)
    row = b"\0" + b"\x12\x34" * 100 + b"\x12\x00" * 100
    parts = [(b"IHDR", head), (b"tRNS", b"\x12\x34"), (b"IDAT", zlib.compress(row * 200))]
    png = b"\x89PNG\r\n\x1a\n"
    for name, content in [*parts, (b"IEND", b"")]:
        png += struct.pack(">I", len(content)) + name + content
        png += struct.pack(">I", zlib.crc32(name + content))
    out = decode(check_image(png).data).convert("RGBA")
    assert (out.getpixel((9, 9))[3], out.getpixel((150, 9))) == (0, (0x12, 0x12, 0x12, 255))


@pytest.mark.parametrize(
    ("depth", "kind", "channels"), [(16, 2, 3), (16, 6, 4), (16, 4, 2), (2, 0, 1), (1, 0, 1)]
)
def test_each_depth_of_png_is_read(depth, kind, channels):
    head = struct.pack(">IIBBBBB", 200, 200, depth, kind, 0, 0, 0)
    row = b"\0" + b"\xff" * (200 * channels * depth // 8)
    png = b"\x89PNG\r\n\x1a\n"
    for name, content in [(b"IHDR", head), (b"IDAT", zlib.compress(row * 200)), (b"IEND", b"")]:
        png += struct.pack(">I", len(content)) + name + content
        png += struct.pack(">I", zlib.crc32(name + content))
    assert shown(png) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA"])
def test_each_mode_of_png_is_read(mode):
    assert check_image(encode(picture(mode=mode), "PNG")).content_type == "image/png"


# Colours as they were meant


def stored_as(space, colour):
    """The values that stand for an sRGB colour in another space."""
    to_space = ImageCms.ImageCmsProfile(io.BytesIO(space.profile(grey=False)))
    image = Image.new("RGB", SIZE, colour)
    return ImageCms.profileToProfile(image, ImageCms.createProfile("sRGB"), to_space)


SOFT = (150, 90, 60)
SPACES = {
    "Display P3": ColourSpace.of_codes(primaries=12, transfer=13),
    "Adobe RGB": ColourSpace.of_gamma(563 / 256, ADOBE_RGB),
    "linear": ColourSpace.of_gamma(1.0),
}


@pytest.mark.parametrize("name", SPACES)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF", "TIFF"])
def test_a_profile_is_honoured_whatever_the_sort(name, kind):
    space = SPACES[name]
    image = stored_as(space, SOFT)
    assert not near(image.getpixel((9, 9)), SOFT)
    options = {"quality": 95} if kind in ("JPEG", "WEBP", "AVIF", "HEIF") else {}
    data = encode(image, kind, icc_profile=space.profile(grey=False), **options)
    out = decode(check_image(data).data)
    assert near(out.convert("RGB").getpixel((9, 9)), SOFT, 8)
    assert "icc_profile" not in out.info


def test_a_grey_profile_is_honoured():
    linear = SPACES["linear"].profile(grey=True)
    grey = encode(Image.new("L", SIZE, 55), "PNG", icc_profile=linear)
    assert near(shown(grey), (128, 128, 128), 4)
    assert decode(check_image(grey).data).mode == "L"


def ink_profile():
    """A tiny profile of inks in which all inks together make black and none makes white."""
    lut = ImageCms.createProfile("sRGB")
    return ImageCms.ImageCmsProfile(lut).tobytes()


def test_a_profile_of_other_channels_says_nothing():
    data = encode(picture(mode="CMYK"), "JPEG", icc_profile=ink_profile())
    assert near(shown(data), RED)


def with_tag(profile, name, content):
    """A profile with one more tag."""
    count = int.from_bytes(profile[128:132])
    table, bodies = profile[132 : 132 + 12 * count], profile[132 + 12 * count :]
    entries = [struct.unpack_from(">4sII", table, 12 * n) for n in range(count)]
    entries = [(tag, at + 12, size) for tag, at, size in entries]
    entries.append((name, len(profile) + 12, len(content)))
    table = b"".join(struct.pack(">4sII", *each) for each in entries)
    made = profile[4:128] + struct.pack(">I", count + 1) + table + bodies + content
    return (len(made) + 4).to_bytes(4) + made


def test_what_is_called_srgb_but_is_not_is_converted():
    profile = SPACES["linear"].profile(grey=False)
    text = b"Linear sRGB\x00"
    desc = struct.pack(">4s4xI", b"desc", len(text)) + text + bytes(78)
    named = with_tag(profile, b"desc", desc)
    assert ImageCms.getProfileDescription(io.BytesIO(named)).strip() == "Linear sRGB"
    grey = Image.new("RGB", SIZE, (55, 55, 55))
    assert near(shown(encode(grey, "PNG", icc_profile=named)), (128, 128, 128), 4)


@pytest.mark.parametrize("profile", [b"x", bytes(200), b"\xff" * 5_000, ink_profile()[:-900]])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_broken_profile_says_nothing(kind, profile):
    assert near(shown(encode(picture(), kind, icc_profile=profile)), RED)


def test_a_png_that_tells_its_gamma_is_brightened_as_browsers_do():
    grey = encode(Image.new("RGB", SIZE, (55, 55, 55)), "PNG")
    assert near(shown(with_chunk(grey, b"gAMA", struct.pack(">I", 100_000))), (128,) * 3, 4)
    srgb = with_chunk(with_chunk(grey, b"gAMA", struct.pack(">I", 100_000)), b"sRGB", b"\0")
    assert shown(srgb) == (55, 55, 55)


def test_a_png_that_tells_its_primaries_is_converted():
    space = ColourSpace.of_gamma(2.2, P3)
    data = encode(stored_as(space, SOFT), "PNG")
    flat = [value for point in P3 for value in point]
    data = with_chunk(data, b"cHRM", struct.pack(">8I", *(round(v * 100_000) for v in flat)))
    data = with_chunk(data, b"gAMA", struct.pack(">I", 45455))
    assert near(shown(data), SOFT, 4)


def test_code_points_are_above_a_profile():
    data = encode(stored_as(SPACES["Display P3"], SOFT), "PNG")
    data = with_chunk(data, b"cICP", bytes([12, 13, 0, 1]))
    assert near(shown(data), SOFT, 4)


@pytest.mark.parametrize("transfer", [16, 18])
def test_pictures_of_high_range_are_neither_black_nor_burnt(transfer):
    grey = encode(Image.new("RGB", SIZE, (120, 120, 120)), "PNG")
    level = shown(with_chunk(grey, b"cICP", bytes([9, transfer, 0, 1])))[0]
    assert 60 < level < 250


@pytest.mark.parametrize("content", [b"", b"\0" * 4, b"\xff" * 32, b"\0" * 32, b"\x01" * 31])
@pytest.mark.parametrize("name", [b"gAMA", b"cHRM", b"cICP", b"iCCP", b"acTL", b"eXIf"])
def test_nonsense_about_colours_changes_nothing_much(name, content):
    data = with_chunk(encode(picture(), "PNG"), name, content)
    if name == b"cHRM":
        data = with_chunk(data, b"gAMA", struct.pack(">I", 45455))
    assert check_image(data).width == SIZE[0]


def test_srgb_told_by_numbers_is_left_as_it_is():
    flat = [value for point in SRGB for value in point]
    data = encode(picture(), "PNG")
    data = with_chunk(data, b"cHRM", struct.pack(">8I", *(round(v * 100_000) for v in flat)))
    data = with_chunk(data, b"gAMA", struct.pack(">I", 45455))
    assert near(shown(data), RED, 3)


# Metadata of any size and sort


def test_texts_of_any_size_and_number_do_no_harm():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "x" * 9_000_000, zip=True)
    for number in range(20):
        notes.add_itxt(f"key{number}", "y" * 4_000_000, zip=True)
    assert shown(encode(picture(), "PNG", pnginfo=notes)) == RED


def test_a_wrong_checksum_of_what_pixels_dont_need_does_no_harm():
    data = bytearray(with_chunk(encode(picture(), "PNG"), b"tEXt", b"Author\0somebody"))
    data[33 + 8 + 3] ^= 0xFF
    assert shown(bytes(data)) == RED


def test_many_large_segments_of_a_jpeg_do_no_harm():
    data = encode(picture(), "JPEG", quality=95)

    def segment(marker, body):
        return b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body

    parts = [segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + b"x" * 60_000)] * 100
    parts += [segment(0xED, b"Photoshop 3.0\0" + b"\xff" * 60_000)] * 30
    parts += [segment(0xE2, b"MPF\0" + b"\xff" * 50), segment(0xFE, b"comment" * 5_000)]
    parts += [segment(0xE1, b"Exif\0\0" + b"\xff" * 60_000)] * 20
    parts += [segment(0xE2, b"ICC_PROFILE\0\x01\x01" + b"junk" * 100)]
    assert near(shown(data[:2] + b"".join(parts) + data[2:]), RED)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_a_place_in_exif_is_gone_whatever_the_sort(kind):
    exif = Image.Exif()
    exif[0x010F] = "SECRET-CAMERA"
    exif.get_ifd(0x8825)[29] = "SECRET-DATE"
    data = encode(picture(), kind, exif=exif)
    assert b"SECRET" in data
    assert b"SECRET" not in check_image(data).data


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "TIFF", "AVIF"])  # HEIC ignores Exif's
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_applied_in_every_sort(kind, orientation):
    upright = picture((300, 400), (20, 200, 30))
    upright.paste((20, 30, 200), (0, 0, 120, 120))
    undo = {6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        7: Image.Transpose.TRANSVERSE,
        **undo,
    }
    stored = upright.transpose(turns[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    checked = check_image(encode(stored, kind, exif=exif))
    assert (checked.width, checked.height) == (300, 400)
    assert near(decode(checked.data).getpixel((40, 40)), (20, 30, 200), 12)


# Damage


def test_a_jpeg_without_its_last_bytes_is_taken_without_its_last_rows():
    lines = Image.linear_gradient("L").resize((400, 600)).convert("RGB")
    data = encode(lines, "JPEG", quality=90)
    assert check_image(data[:-2]).height == 600
    checked = check_image(data[: len(data) * 99 // 100])
    assert 584 <= checked.height < 600
    corner = decode(checked.data).getpixel((399, checked.height - 1))
    assert not near(corner, (128, 128, 128), 20)
    assert problem_of(data[: len(data) // 2]) is ImageProblem.TRUNCATED


def test_a_png_without_its_end_mark_is_taken():
    data = encode(picture(), "PNG")
    assert shown(data[:-12]) == RED


def test_rubbish_between_the_parts_of_a_jpeg_is_passed_over():
    data = encode(picture(), "JPEG", quality=95)
    at = data.index(b"\xff\xdb")
    assert near(shown(data[:at] + b"\0\0\0junk" + data[at:]), RED)


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "AVIF", "HEIF", "BMP", "WEBP"])
def test_any_sort_cut_off_anywhere_is_taken_or_refused(kind):
    data = encode(Image.effect_noise((220, 220), 60).convert("RGB"), kind)
    for share in (0.01, 0.1, 0.3, 0.6, 0.9, 0.999):
        cut = data[: int(len(data) * share)]
        with contextlib.suppress(ImageRejected):
            assert check_image(cut).width == 220


# Sizes and time


def test_what_is_too_long_for_a_jpeg_is_kept_as_a_png_with_a_preview():
    data = encode(Image.new("L", (200, 65_501), 90), "PNG")
    checked = check_image(data, preview_width=600)
    assert (checked.content_type, checked.width, checked.height) == ("image/png", 200, 65_501)
    assert decode(checked.preview).size == (7, 2400)
    wide = Image.new("RGB", (70_000, 200), RED)
    wide = check_image(encode(wide, "TIFF", compression="tiff_lzw"), preview_width=600)
    assert (wide.content_type, decode(wide.preview).size) == ("image/png", (600, 2))


def grain(size):
    return Image.merge("RGB", [Image.effect_noise(size, 20) for _ in range(3)])


def test_a_grainy_jpeg_of_the_finest_tables_is_stored():
    data = encode(grain((1000, 1500)), "JPEG", quality=100, subsampling=0)
    assert check_image(data).content_type == "image/jpeg"


@pytest.mark.slow
def test_a_picture_that_grows_past_what_pinterest_takes_is_stored_at_a_lower_quality():
    data = encode(Image.effect_noise((4600, 4600), 120), "WEBP", quality=95)
    assert 8_000_000 < len(data) <= 20 * 1024 * 1024
    checked = check_image(data)
    assert len(checked.data) <= 20 * 1024 * 1024


def test_a_jpeg_of_very_many_scans_is_answered_at_once():
    plain = encode(Image.new("RGB", (7900, 7900), "white"), "JPEG", progressive=True, quality=30)
    scan = plain.rindex(b"\xff\xda")
    data = plain[:-2] + plain[scan:-2] * 200 + b"\xff\xd9"
    begun = time.monotonic()
    assert problem_of(data) is ImageProblem.TOO_SLOW
    assert time.monotonic() - begun < 1


def test_many_scans_of_a_small_picture_are_taken():
    plain = encode(picture(), "JPEG", progressive=True)
    scan = plain.rindex(b"\xff\xda")
    assert check_image(plain[:-2] + plain[scan:-2] * 50 + b"\xff\xd9").width == SIZE[0]
