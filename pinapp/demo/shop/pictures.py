"""The goods' pictures: painted as if turned on a wheel, so that no files need to come along."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from functools import cache
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

# Painted twice as large as it is shown, which smooths the outlines.
WIDTH: Final = 2000
HEIGHT: Final = 3000
_SHOWN: Final = (1000, 1500)
_SHADES = 256

Color = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Look:
    """A pot: half its width at heights from its top (0) to its foot (1), and its colours.

    `dip` is how far down the glaze reaches; `top` and `foot` are where it stands in the picture.
    """

    profile: tuple[tuple[float, float], ...]
    glaze: Color
    clay: Color
    dip: float
    wall: tuple[Color, Color]
    table: Color
    top: float
    foot: float = 0.8


_LOOKS = {
    "sage-dip-vase": _Look(
        profile=((0, 0.11), (0.1, 0.085), (0.24, 0.1), (0.58, 0.255), (0.84, 0.22), (1, 0.13)),
        glaze=(146, 170, 142),
        clay=(214, 196, 170),
        dip=0.62,
        wall=((238, 231, 220), (221, 209, 192)),
        table=(196, 168, 136),
        top=0.22,
    ),
    "breakfast-bowl": _Look(
        profile=((0, 0.36), (0.3, 0.335), (0.62, 0.25), (0.86, 0.14), (1, 0.125)),
        glaze=(74, 116, 148),
        clay=(205, 186, 160),
        dip=0.87,
        wall=((226, 232, 234), (203, 213, 218)),
        table=(150, 118, 92),
        top=0.52,
    ),
    "terracotta-carafe": _Look(
        profile=(
            (0, 0.105),
            (0.07, 0.085),
            (0.34, 0.078),
            (0.56, 0.185),
            (0.82, 0.225),
            (1, 0.145),
        ),
        glaze=(190, 104, 70),
        clay=(190, 104, 70),
        dip=1.0,
        wall=((243, 226, 206), (231, 205, 178)),
        table=(120, 128, 108),
        top=0.18,
    ),
}


@cache
def picture_of(slug: str) -> bytes:
    """A good's picture, as JPEG of 1000 by 1500 pixels: the same bytes each time."""
    look = _LOOKS[slug]
    image = _room(look)
    _shadow(image, look)
    _turn(image, look)
    _mouth(image, look)
    target = io.BytesIO()
    small = image.resize(_SHOWN, Image.Resampling.BOX)
    small.save(target, "JPEG", quality=88, progressive=True, optimize=True)
    return target.getvalue()


def _room(look: _Look) -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT))
    edge = round(HEIGHT * 0.7)
    draw = ImageDraw.Draw(image)
    for y in range(HEIGHT):
        if y < edge:
            color = _mixed(look.wall[0], look.wall[1], y / edge)
        else:
            color = _mixed(look.table, _darker(look.table, 0.72), (y - edge) / (HEIGHT - edge))
        draw.line(((0, y), (WIDTH, y)), fill=color)
    return image


def _shadow(image: Image.Image, look: _Look) -> None:
    half = look.profile[-1][1] * WIDTH * 1.5
    y = look.foot * HEIGHT
    veil = Image.new("L", image.size, 0)
    box = (WIDTH / 2 - half, y - 60, WIDTH / 2 + half * 2.1, y + 90)
    ImageDraw.Draw(veil).ellipse(box, fill=120)
    dark = Image.new("RGB", image.size, _darker(look.table, 0.35))
    image.paste(dark, mask=veil.filter(ImageFilter.GaussianBlur(50)))


def _turn(image: Image.Image, look: _Look) -> None:
    """Paint the pot row by row, lit from the left."""
    top, foot = round(look.top * HEIGHT), round(look.foot * HEIGHT)
    glazed, raw = _strip(look.glaze, shine=0.5), _strip(look.clay, shine=0.12)
    foot_half = look.profile[-1][1] * WIDTH
    sole = round(foot_half * 0.16)
    for y in range(top, foot + sole):
        down = (y - top) / (foot - top)
        half = _half_width(look.profile, min(1.0, down)) * WIDTH
        if y >= foot:
            half *= math.sqrt(1 - ((y - foot) / sole) ** 2)
        strip = glazed if down < look.dip else raw
        row = strip.resize((max(2, round(2 * half)), 1))
        image.paste(row, (round(WIDTH / 2 - half), y))


def _mouth(image: Image.Image, look: _Look) -> None:
    half = look.profile[0][1] * WIDTH
    y = look.top * HEIGHT
    height = half * 0.2
    draw = ImageDraw.Draw(image)
    rim = (WIDTH / 2 - half, y - height, WIDTH / 2 + half, y + height)
    draw.ellipse(rim, fill=_lighter(look.glaze, 0.25))
    inner = (rim[0] + 18, rim[1] + 13, rim[2] - 18, rim[3] - 6)
    draw.ellipse(inner, fill=_darker(look.glaze, 0.5))


def _strip(color: Color, *, shine: float) -> Image.Image:
    """One row of a round thing: light from the left, dark to the right, a gleam."""
    strip = Image.new("RGB", (_SHADES, 1))
    for x in range(_SHADES):
        across = 2 * x / (_SHADES - 1) - 1
        light = 0.42 + 0.62 * max(0.0, math.cos(math.asin(across) + 0.75))
        gleam = shine * math.exp(-(((across + 0.45) / 0.13) ** 2)) * 0.5
        strip.putpixel((x, 0), _lighter(_darker(color, light), gleam))
    return strip


def _half_width(profile: tuple[tuple[float, float], ...], down: float) -> float:
    """The profile at a height, as a smooth curve through its points (Catmull and Rom's)."""
    number = next(n for n in range(1, len(profile)) if down <= profile[n][0])
    (start, wide), (end, wider) = profile[number - 1], profile[number]
    before = profile[max(0, number - 2)]
    after = profile[min(len(profile) - 1, number + 1)]
    long = end - start
    slope = (wider - before[1]) / (end - before[0]) * long
    next_slope = (after[1] - wide) / (after[0] - start) * long
    x = (down - start) / long
    return (
        (2 * x**3 - 3 * x**2 + 1) * wide
        + (x**3 - 2 * x**2 + x) * slope
        + (3 * x**2 - 2 * x**3) * wider
        + (x**3 - x**2) * next_slope
    )


def _mixed(one: Color, other: Color, part: float) -> Color:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _darker(color: Color, part: float) -> Color:
    return _mixed((0, 0, 0), color, min(1.0, part))


def _lighter(color: Color, part: float) -> Color:
    return _mixed(color, (255, 255, 255), part)
