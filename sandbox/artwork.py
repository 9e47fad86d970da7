"""Demo pictures, painted when first looked at: vessels and leaves on quiet grounds."""

import math
import random
from dataclasses import dataclass
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one picture: ground from top to bottom, table, disc, body, glaze, leaf."""

    top: str
    bottom: str
    table: str
    disc: str
    body: str
    glaze: str
    leaf: str


PALETTES = {
    "dune": Palette("#f3e6d3", "#e7cfb1", "#c9a27c", "#f0b98d", "#e9dcc9", "#b4532a", "#7a8450"),
    "sage": Palette("#e9ede0", "#cfd8c0", "#a3ae8d", "#f2ead8", "#f4eee2", "#6f8463", "#53683f"),
    "dusk": Palette("#e9d3d0", "#c9a3a6", "#8d6470", "#f0c9a8", "#f1e2d8", "#7b3f4c", "#5c5a46"),
    "sea": Palette("#dfeaea", "#b3cdd0", "#7ba0a5", "#f3e3c8", "#f0ece2", "#2f6a73", "#5d7a5a"),
    "night": Palette("#3b4048", "#262a31", "#191c21", "#b4532a", "#d9cbb8", "#20242a", "#8a9a78"),
    "honey": Palette("#fbeecb", "#f0cf86", "#c98f3c", "#fff6de", "#f7ead2", "#a4561d", "#7b7a35"),
    "fog": Palette("#eeeeec", "#d6d7d5", "#b3b3ae", "#fbfaf6", "#f8f5ee", "#8c8f92", "#6e7b66"),
    "moss": Palette("#dfe5d2", "#9fb08a", "#5f7350", "#f1e6c6", "#eae3d0", "#3d5233", "#2f4a2c"),
}

# Half-widths of a vessel from lip to foot, as shares of its height.
_PROFILES: dict[str, tuple[float, ...]] = {
    "vase": (0.17, 0.13, 0.12, 0.19, 0.31, 0.36, 0.33, 0.24, 0.18),
    "bottle": (0.07, 0.06, 0.06, 0.09, 0.22, 0.28, 0.28, 0.25, 0.2),
    "jar": (0.24, 0.22, 0.3, 0.38, 0.41, 0.4, 0.36, 0.29, 0.24),
    "bowl": (0.86, 0.85, 0.82, 0.76, 0.67, 0.55, 0.42, 0.32, 0.3),
    "cup": (0.4, 0.39, 0.39, 0.4, 0.41, 0.41, 0.39, 0.34, 0.27),
}
_HEIGHTS = {"vase": 0.42, "bottle": 0.46, "jar": 0.34, "bowl": 0.2, "cup": 0.22}
_OVERSAMPLING = 2


def paint(art: str, *, width: int, height: int) -> Image.Image:
    """Paint the picture called `art` (`motif/palette/variant`) at the given size in pixels.

    The same name and size give the same picture.
    """
    motif, palette_name, _ = art.split("/")
    palette = PALETTES[palette_name]
    chance = random.Random(art)  # noqa: S311 - the same picture for the same name
    size = (width * _OVERSAMPLING, height * _OVERSAMPLING)
    canvas = _ground(size, palette)
    if motif in _PROFILES:
        _still_life(canvas, motif, palette, chance)
    else:
        _foliage(canvas, motif, palette, chance)
    return canvas.resize((width, height), Image.Resampling.BOX)


def dominant_color(art: str) -> str:
    """The colour a picture is announced with, `#rrggbb`."""
    return PALETTES[art.split("/")[1]].bottom


def _ground(size: tuple[int, int], palette: Palette) -> Image.Image:
    fade = Image.linear_gradient("L").resize(size)
    top, bottom = Image.new("RGB", size, palette.top), Image.new("RGB", size, palette.bottom)
    return Image.composite(bottom, top, fade)


def _still_life(canvas: Image.Image, motif: str, palette: Palette, chance: random.Random) -> None:
    width, height = canvas.size
    horizon = height * chance.uniform(0.68, 0.74)
    draw = ImageDraw.Draw(canvas)
    _disc(draw, canvas.size, palette, chance)
    draw.rectangle((0, horizon, width, height), fill=palette.table)
    tall = height * _HEIGHTS[motif] * chance.uniform(0.92, 1.08)
    foot = horizon + height * chance.uniform(0.07, 0.11)
    center = width * chance.uniform(0.44, 0.56)
    if motif in {"vase", "bottle"} and chance.random() < 0.75:
        _bouquet(canvas, (center, foot - tall * 0.97), tall, palette, chance)
    if motif in {"cup", "bowl"}:
        behind = chance.choice(("bottle", "jar"))
        place = (center - width * 0.2, foot - height * 0.035)
        _vessel(canvas, behind, place, height * _HEIGHTS[behind] * 0.9, palette.glaze, palette.body)
    _vessel(canvas, motif, (center, foot), tall, palette.body, palette.glaze)


def _disc(
    draw: ImageDraw.ImageDraw, size: tuple[int, int], palette: Palette, chance: random.Random
) -> None:
    width, height = size
    radius = width * chance.uniform(0.27, 0.36)
    x, y = width * chance.uniform(0.36, 0.64), height * chance.uniform(0.3, 0.4)
    if chance.random() < 0.5:
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=palette.disc)
        return
    box = (x - radius, y - radius, x + radius, height)
    draw.rounded_rectangle(box, radius=radius, fill=palette.disc)


def _vessel(
    canvas: Image.Image, motif: str, foot: Point, tall: float, body: str, glaze: str
) -> None:
    x, bottom = foot
    outline = _outline(_PROFILES[motif], x, bottom - tall, tall)
    _shadow(canvas, x, bottom, tall * max(_PROFILES[motif]))
    mask = Image.new("L", canvas.size, 0)
    ImageDraw.Draw(mask).polygon(outline, fill=255)
    canvas.paste(body, (0, 0), mask)
    _dip(canvas, mask, bottom - tall, tall, glaze)
    _round_off(canvas, mask, x, tall * max(_PROFILES[motif]))
    lip = tall * _PROFILES[motif][0]
    rim = (x - lip, bottom - tall - lip * 0.16, x + lip, bottom - tall + lip * 0.16)
    ImageDraw.Draw(canvas).ellipse(rim, fill=_darker(glaze, 0.72))


def _outline(profile: tuple[float, ...], x: float, top: float, tall: float) -> list[Point]:
    right = [(x + tall * _smooth(profile, step / 96), top + tall * step / 96) for step in range(97)]
    left = [(2 * x - px, py) for px, py in reversed(right)]
    return right + left


def _smooth(profile: tuple[float, ...], share: float) -> float:
    """The half-width at a share of the height, on a Catmull-Rom curve through the profile."""
    place = share * (len(profile) - 1)
    index = min(int(place), len(profile) - 2)
    t = place - index
    before, start = profile[max(0, index - 1)], profile[index]
    end, after = profile[index + 1], profile[min(len(profile) - 1, index + 2)]
    rise, bend = end - before, 2 * before - 5 * start + 4 * end - after
    return start + 0.5 * t * (rise + t * (bend + t * (3 * (start - end) + after - before)))


def _shadow(canvas: Image.Image, x: float, y: float, radius: float) -> None:
    # Drawn small and enlarged: a wide blur at full size would take long.
    small = Image.new("L", (max(1, canvas.width // 8), max(1, canvas.height // 8)), 0)
    box = (x - radius * 0.7, y - radius * 0.1, x + radius * 1.5, y + radius * 0.14)
    ImageDraw.Draw(small).ellipse([side / 8 for side in box], fill=110)
    soft = small.filter(ImageFilter.GaussianBlur(max(1.0, radius / 90)))
    canvas.paste("#1d1510", (0, 0), soft.resize(canvas.size))


def _dip(canvas: Image.Image, mask: Image.Image, top: float, tall: float, glaze: str) -> None:
    edge: list[Point] = [(0, 0)]
    for step in range(61):
        x = canvas.width * step / 60
        wave = math.sin(x / tall * 9) * 0.018 + math.sin(x / tall * 23) * 0.008
        edge.append((x, top + tall * (0.36 + wave)))
    edge.append((canvas.width, 0))
    dipped = Image.new("L", canvas.size, 0)
    ImageDraw.Draw(dipped).polygon(edge, fill=255)
    canvas.paste(glaze, (0, 0), ImageChops.multiply(mask, dipped))


def _round_off(canvas: Image.Image, mask: Image.Image, x: float, radius: float) -> None:
    strip = Image.new("L", (256, 1))
    strip.putdata([_shade(step / 255 * 2 - 1) for step in range(256)])
    shade = Image.new("L", canvas.size, 0)
    shade.paste(strip.resize((max(1, round(radius * 2)), canvas.height)), (round(x - radius), 0))
    canvas.paste("#1d1510", (0, 0), ImageChops.multiply(mask, shade))


def _shade(across: float) -> int:
    """Darkness from left (-1) to right (1): light falls from the left."""
    right, left = max(0.0, across + 0.25), max(0.0, -across - 0.55)
    return round(80 * right * right + 45 * left * math.sqrt(left))


def _bouquet(
    canvas: Image.Image, root: Point, tall: float, palette: Palette, chance: random.Random
) -> None:
    for _ in range(chance.randint(3, 5)):
        lean = chance.uniform(-0.62, 0.62)
        length = tall * chance.uniform(0.6, 0.95)
        _sprig(canvas, root, lean, length, palette.leaf, chance.uniform(0.1, 0.15))


def _sprig(
    canvas: Image.Image, root: Point, lean: float, length: float, color: str, leaf: float
) -> None:
    draw = ImageDraw.Draw(canvas)
    spine = [_along(root, lean, length, step / 14) for step in range(15)]
    draw.line(spine, fill=_darker(color, 0.8), width=max(2, round(length / 70)), joint="curve")
    for number, (start, end) in enumerate(pairwise(spine)):
        if number < 3:
            continue
        heading = math.atan2(end[1] - start[1], end[0] - start[0])
        reach = length * leaf * (1.25 - number / 14)
        for side in (-1, 1):
            tone = color if side > 0 else _darker(color, 0.86)
            draw.polygon(_leaf(end, heading + side * 0.85, reach), fill=tone)


def _along(root: Point, lean: float, length: float, share: float) -> Point:
    bend = lean * share * (0.6 + 0.6 * share)
    return root[0] + math.sin(bend) * length * share, root[1] - math.cos(bend) * length * share


def _leaf(base: Point, heading: float, reach: float) -> list[Point]:
    sides: list[Point] = []
    for step in range(13):
        share = step / 12
        sides.append((share * reach, math.sin(share * math.pi) ** 0.8 * reach * 0.24))
    outline = sides + [(x, -y) for x, y in reversed(sides)]
    cos, sin = math.cos(heading), math.sin(heading)
    return [(base[0] + x * cos - y * sin, base[1] + x * sin + y * cos) for x, y in outline]


def _foliage(canvas: Image.Image, motif: str, palette: Palette, chance: random.Random) -> None:
    width, height = canvas.size
    _disc(ImageDraw.Draw(canvas), canvas.size, palette, chance)
    count = {"fern": 7, "branch": 4}.get(motif, 3)
    for number in range(count):
        root = (width * (0.5 + chance.uniform(-0.16, 0.16)), height * 1.04)
        lean = (number / max(1, count - 1) - 0.5) * 1.5 + chance.uniform(-0.1, 0.1)
        tone = _darker(palette.leaf, chance.uniform(0.75, 1.2))
        _sprig(canvas, root, lean, height * chance.uniform(0.62, 0.92), tone, 0.15)


def _darker(color: str, share: float) -> str:
    parts = (min(255, round(int(color[at : at + 2], 16) * share)) for at in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in parts)
