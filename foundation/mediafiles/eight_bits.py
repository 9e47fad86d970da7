"""Bring pictures of other depths to eight bits a channel, by scaling: Pillow itself clips."""

from __future__ import annotations

import math
from typing import Final

from PIL import Image, ImageChops

_SIXTEEN: Final = {"I;16": 1, "I;16L": 1, "I;16N": 1, "I;16B": 0}
"""Modes of sixteen bits, and where of two bytes the higher one stands."""


def to_eight_bits(image: Image.Image) -> Image.Image:
    """Greys of sixteen bits, of whole and of broken numbers become L, or LA where one is clear.

    Any other picture is returned as it is.
    """
    if image.mode in _SIXTEEN:
        return _from_sixteen(image)
    if image.mode in ("I", "F"):
        return _from_numbers(image)
    return image


def _from_sixteen(image: Image.Image) -> Image.Image:
    raw, high = image.tobytes(), _SIXTEEN[image.mode]
    grey = Image.frombytes("L", image.size, raw[high::2])
    clear = image.info.get("transparency")
    if not isinstance(clear, int) or not 0 <= clear <= 0xFFFF:
        return grey
    low = Image.frombytes("L", image.size, raw[1 - high :: 2])
    mask = ImageChops.multiply(_is_level(grey, clear >> 8), _is_level(low, clear & 0xFF))
    return Image.merge("LA", (grey, ImageChops.invert(mask)))


def _is_level(channel: Image.Image, level: int) -> Image.Image:
    return channel.point([255 if each == level else 0 for each in range(256)])


def _from_numbers(image: Image.Image) -> Image.Image:
    """By the range that the numbers use: to 1, to 255, to 65,535, or whatever it is."""
    lowest, highest = _range_of(image)
    if image.mode == "F" and lowest >= 0 and highest <= 1:
        scale, offset = 255.0, 0.0
    elif lowest >= 0 and highest <= 255:
        scale, offset = 1.0, 0.0
    elif lowest >= 0 and highest <= 65_535:
        scale, offset = 1 / 257, 0.0
    else:
        scale = 255 / (highest - lowest) if highest > lowest else 0.0
        offset = -lowest * scale
    return image.convert("F").point(lambda level: level * scale + offset).convert("L")


def _range_of(image: Image.Image) -> tuple[float, float]:
    found = image.getextrema()
    numbers = [each for each in found if isinstance(each, int | float) and math.isfinite(each)]
    return (min(numbers), max(numbers)) if len(numbers) == 2 else (0.0, 255.0)
