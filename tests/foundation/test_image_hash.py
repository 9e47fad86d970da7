"""The same picture is known after scaling and compression, another one is not."""

import io
import random
from itertools import combinations

import pytest
from PIL import Image, ImageDraw, ImageFilter

from foundation.mediafiles.image_hash import find_likeness, likeness_distance
from pinterest.media.images import check_image


def scene(seed: int, *, size: tuple[int, int] = (1000, 1500), blur: int = 0) -> Image.Image:
    """A picture of shapes in random places and colours."""
    chance = random.Random(seed)  # noqa: S311

    def colour() -> tuple[int, ...]:
        return tuple(chance.randrange(256) for _ in range(3))

    image = Image.new("RGB", size, colour())
    draw = ImageDraw.Draw(image)
    for _ in range(chance.randrange(5, 40)):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        wide, high = chance.randrange(25, 300), chance.randrange(25, 300)
        paint = chance.choice([draw.ellipse, draw.rectangle])
        paint((x - wide, y - high, x + wide, y + high), fill=colour())
    return image.filter(ImageFilter.GaussianBlur(blur)) if blur else image


def saved(image: Image.Image, kind: str = "JPEG", **options: int) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


SCENES = [*(scene(seed) for seed in range(8)), *(scene(seed + 50, blur=30) for seed in range(8))]


@pytest.mark.parametrize("picture", SCENES, ids=range(len(SCENES)))
def test_halving_and_strong_compression_leave_the_likeness(picture):
    half = picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.LANCZOS)
    copy = opened(saved(half, quality=35))
    assert likeness_distance(find_likeness(picture), find_likeness(copy)) <= 10


def test_other_pictures_are_far_apart():
    hashes = [find_likeness(picture) for picture in SCENES]
    assert min(likeness_distance(one, other) for one, other in combinations(hashes, 2)) >= 40


def test_a_mirrored_picture_is_another_one():
    picture = SCENES[0]
    mirrored = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert likeness_distance(find_likeness(picture), find_likeness(mirrored)) >= 40


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("RGB", (300, 300), "#c96f4a"),
        Image.new("RGBA", (300, 300), (0, 0, 0, 0)),
        Image.new("L", (300, 300), 7),
        Image.linear_gradient("L").resize((300, 300)),
    ],
    ids=["plain", "transparent", "grey", "even rows"],
)
def test_a_picture_too_even_to_tell_has_none(picture):
    assert find_likeness(picture) == ""


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK"])
def test_the_way_colours_are_kept_does_not_count(mode):
    picture = SCENES[1]
    assert likeness_distance(find_likeness(picture), find_likeness(picture.convert(mode))) <= 10


def test_transparent_parts_count_as_white_as_pinterest_shows_them():
    layer = SCENES[2].convert("RGBA")
    layer.putalpha(Image.linear_gradient("L").resize(layer.size))
    flat = Image.new("RGBA", layer.size, "white")
    flat.alpha_composite(layer)
    assert likeness_distance(find_likeness(layer), find_likeness(flat)) <= 10


def test_a_checked_picture_has_its_likeness():
    checked = check_image(saved(SCENES[3], "PNG"))
    assert checked.likeness == find_likeness(SCENES[3])
    assert len(checked.likeness) == 64


@pytest.mark.parametrize("pair", [("", ""), ("", "0" * 64), ("0" * 64, "0" * 63)])
def test_what_is_no_likeness_has_no_distance(pair):
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        likeness_distance(*pair)
